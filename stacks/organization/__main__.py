"""The organization program: guardrails above the accounts, attached only to the targets that are named.

Deploy it with the organization's management account or a delegated administrator of its policies. Nothing is
attached at first: run the exported `audit_queries`, then name a test unit in `organization:target_ids`, then the rest.
"""

import pulumi

from stacks import names, provider
from stacks.components.organization_policy import OrganizationPolicy, OrganizationPolicyArgs
from stacks.components.organization_trail import OrganizationTrail, OrganizationTrailArgs
from stacks.documents.audit_query import audit_queries
from stacks.organization.guardrails import AI_SERVICES_OPT_OUT, guardrails
from stacks.organization.settings import OrganizationSettings
from stacks.settings import Platform, load

platform = load(Platform, "platform")
settings = load(OrganizationSettings, "organization")
opts = provider.options(platform, "organization")

rails = guardrails(platform, settings)
policies = {
    name: OrganizationPolicy(
        name,
        OrganizationPolicyArgs(
            policy_name=names.resource_name(platform, name),
            description=rail.description,
            kind=rail.kind,
            content=rail.content,
            target_ids=settings.target_ids,
        ),
        opts,
    )
    for name, rail in rails.items()
}

if settings.log_account_id:
    watch = OrganizationTrailArgs(platform=platform, log_account_id=settings.log_account_id)
    pulumi.export("trail_arn", OrganizationTrail("trail", watch, opts).arn)

pulumi.export("policy_ids", {name: policy.policy_id for name, policy in policies.items()})
pulumi.export(
    "audit_queries",
    audit_queries({name: rail.content for name, rail in rails.items() if rail.kind != AI_SERVICES_OPT_OUT}),
)
