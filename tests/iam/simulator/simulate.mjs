// Reads {policies: {id: document}, simulations: [...]} from standard input, writes one result a simulation.
// Policies are named by id, so that a thousand requests share the text of a few documents.
import { readFileSync } from 'node:fs'
import {
  createValidatedPolicy,
  validateIdentityPolicy,
  validateResourceControlPolicy,
  validateResourcePolicy,
  validateServiceControlPolicy
} from '@cloud-copilot/iam-policy'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const FULL_ACCESS = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
const given = JSON.parse(readFileSync(0, 'utf8'))

// Each document is checked once for each kind of policy that it stands for, not once a request.
const checked = new Map()
function policy(id, validate) {
  const key = `${validate.name} ${id}`
  if (!checked.has(key)) checked.set(key, createValidatedPolicy(given.policies[id], validate))
  return checked.get(key)
}
const named = (ids, validate) => ids.map((id) => ({ name: id, policy: policy(id, validate) }))

async function decide(row) {
  const control = row.serviceControl && named(row.serviceControl, validateServiceControlPolicy)
  const policies = [{ name: 'FullAWSAccess', policy: FULL_ACCESS }, ...(control ?? [])]
  const levels = control ? [{ orgIdentifier: 'root', policies }] : []
  const answer = await runSimulation(
    {
      request: {
        principal: row.principal,
        action: row.action,
        resource: { resource: row.resource, accountId: row.account },
        contextVariables: row.context
      },
      identityPolicies: named(row.identity, validateIdentityPolicy),
      serviceControlPolicies: levels,
      resourceControlPolicies: [{ orgIdentifier: 'root', policies: named(row.resourceControl, validateResourceControlPolicy) }],
      ...(row.boundary ? { permissionBoundaryPolicies: named([row.boundary], validateIdentityPolicy) } : {}),
      ...(row.resourcePolicy ? { resourcePolicy: policy(row.resourcePolicy, validateResourcePolicy) } : {})
    },
    {}
  )
  if (answer.resultType === 'error') return { error: JSON.stringify(answer.errors) }
  const detail = answer.resultType === 'single' ? answer.result : answer.results[0]
  return { result: answer.overallResult, ignored: detail?.ignoredContextKeys ?? [] }
}

const results = []
for (const row of given.simulations) results.push(await decide(row))
process.stdout.write(JSON.stringify(results))
