"""The identities and the policies of a recorded graph, ready to decide on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from modelkeel.graph import Graph, Json, Resource, Stack
from modelkeel.iam.statement import Policy, policy

ROLE, MANAGED = "aws:iam/role:Role", "aws:iam/policy:Policy"
ATTACHMENT, INLINE = "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/rolePolicy:RolePolicy"
ORGANIZATION_POLICY = "aws:organizations/policy:Policy"
ORGANIZATION_ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"
SERVICE_CONTROL, RESOURCE_CONTROL = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
PERSON, CI = "modelkeel:identity:PersonRole", "modelkeel:identity:CiRole"


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role of the graph with all that is granted to it; `boundary_arn` may name a policy that is not in view."""

    name: str
    program: str
    environment: str
    arn: str
    account: str
    region: str
    kind: str
    trust: Policy
    identity: tuple[Policy, ...]
    boundary: Policy | None
    boundary_arn: str


@dataclass(frozen=True, kw_only=True)
class ResourcePolicy:
    """A policy that a resource carries; it holds for `arn` and for what is below it."""

    arn: str
    policy: Policy

    def covers(self, arn: str) -> bool:
        """Return whether the policy is that of `arn`."""
        return arn == self.arn or arn.startswith((f"{self.arn}/", f"{self.arn}:"))


@dataclass(frozen=True, kw_only=True)
class OrganizationPolicy:
    """A policy of the organization, and whether the graph attaches it to anything."""

    kind: str
    attached: bool
    policy: Policy


@dataclass(frozen=True, kw_only=True)
class Estate:
    """Everything in the graph that IAM decides by."""

    roles: Mapping[str, Role]
    resource_policies: tuple[ResourcePolicy, ...] = ()
    organization: tuple[OrganizationPolicy, ...] = ()
    arns: frozenset[str] = field(default_factory=frozenset)

    def resource_policy(self, arn: str) -> Policy | None:
        """Return the policy of the resource, the trust policy of a role; None where the graph has none."""
        for role in self.roles.values():
            if role.arn == arn:
                return role.trust
        return next((each.policy for each in self.resource_policies if each.covers(arn)), None)

    def control(self, kind: str, *, rolled_out: bool) -> list[Policy]:
        """Return the organization's policies of `kind` that are attached, or all where `rolled_out`."""
        return [each.policy for each in self.organization if each.kind == kind and (each.attached or rolled_out)]


def estate(*graphs: Graph) -> Estate:
    """Return what the graphs hold, that of an environment and that of the organization for example.

    Raises:
        ValueError: a policy document is none.
    """
    resources = [(stack, resource) for graph in graphs for stack, resource in graph.resources()]
    managed = {
        str(resource.outputs.get("arn")): policy(str(resource.inputs["name"]), resource.inputs["policy"])
        for _, resource in resources
        if resource.type == MANAGED and isinstance(resource.inputs.get("policy"), str)
    }
    parents = {resource.urn: resource for _, resource in resources}
    return Estate(
        roles=_unique(_roles(resources, managed, parents)),
        resource_policies=tuple(_resource_policies(resources)),
        organization=tuple(_organization(resources)),
        arns=frozenset(str(resource.outputs["arn"]) for _, resource in resources if "arn" in resource.outputs),
    )


def _roles(
    resources: list[tuple[Stack, Resource]], managed: Mapping[str, Policy], parents: Mapping[str, Resource]
) -> Iterator[Role]:
    held: dict[tuple[str, str], list[Policy]] = {}
    for stack, resource in resources:
        key = (stack.account, str(resource.inputs.get("role")))
        if resource.type == ATTACHMENT:
            arn = str(resource.inputs.get("policyArn"))
            if arn in managed:
                held.setdefault(key, []).append(managed[arn])
        if resource.type == INLINE:
            held.setdefault(key, []).append(policy(resource.name, resource.inputs["policy"]))
    for stack, resource in resources:
        if resource.type != ROLE:
            continue
        name, arn = str(resource.inputs.get("name") or resource.outputs.get("name")), str(resource.outputs.get("arn"))
        boundary_arn = str(resource.inputs.get("permissionsBoundary") or "")
        yield Role(
            name=resource.name,
            program=stack.program,
            environment=stack.stack,
            arn=arn,
            account=stack.account,
            region=stack.region,
            kind=_kind(resource, parents),
            trust=policy(f"trust of {name}", resource.inputs["assumeRolePolicy"]),
            identity=tuple(held.get((stack.account, name), ())),
            boundary=managed.get(boundary_arn),
            boundary_arn=boundary_arn,
        )


def _kind(role: Resource, parents: Mapping[str, Resource]) -> str:
    parent = parents.get(role.parent or "")
    kind = parent.type if parent else ""
    return {PERSON: "person", CI: "ci"}.get(kind, "service")


def _unique(roles: Iterator[Role]) -> dict[str, Role]:
    """Return the roles by logical name; where two share it, all by program and name."""
    found = list(roles)
    names = [role.name for role in found]
    keyed: dict[str, Role] = {}
    for role in found:
        name = role.name if names.count(role.name) == 1 else f"{role.program}/{role.name}"
        keyed[name if name not in keyed else f"{role.environment}/{name}"] = role
    return keyed


# Resource type -> its property with the document, and where the ARN of what it guards is.
_DOCUMENTS = {
    "aws:kms/key:Key": ("policy", "arn"),
    "aws:kms/keyPolicy:KeyPolicy": ("policy", "keyId"),
    "aws:s3/bucketPolicy:BucketPolicy": ("policy", "bucket"),
    "aws:sns/topicPolicy:TopicPolicy": ("policy", "arn"),
    "aws:sqs/queue:Queue": ("policy", "arn"),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": ("policy", "repository"),
    "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": ("resourcePolicy", "modelPackageGroupName"),
}


def _resource_policies(resources: list[tuple[Stack, Resource]]) -> Iterator[ResourcePolicy]:
    for stack, resource in resources:
        if resource.type not in _DOCUMENTS:
            continue
        key, place = _DOCUMENTS[resource.type]
        document = resource.inputs.get(key)
        if not isinstance(document, str):
            continue
        read = policy(f"policy of {resource.name}", document)
        for arn in _guarded(stack, resource, place):
            yield ResourcePolicy(arn=arn, policy=read)


def _guarded(stack: Stack, resource: Resource, place: str) -> list[str]:
    value: Json = resource.inputs.get(place) or resource.outputs.get(place)
    text, where = str(value), f"{stack.region}:{stack.account}"
    partition = _partition(stack)
    if text.startswith("arn:"):
        return [text]
    if place == "bucket":
        return [f"arn:{partition}:s3:::{text}"]
    if place == "repository":
        return [f"arn:{partition}:ecr:{where}:repository/{text}"]
    if place == "modelPackageGroupName":
        kinds = ("model-package-group", "model-package")
        return [f"arn:{partition}:sagemaker:{where}:{kind}/{text}" for kind in kinds]
    return [f"arn:{partition}:kms:{where}:key/{text}"]


def _partition(stack: Stack) -> str:
    prefixes = {"us-gov-": "aws-us-gov", "cn-": "aws-cn"}
    return next((name for prefix, name in prefixes.items() if stack.region.startswith(prefix)), "aws")


def _organization(resources: list[tuple[Stack, Resource]]) -> Iterator[OrganizationPolicy]:
    attached = {
        str(resource.inputs.get("policyId")) for _, resource in resources if resource.type == ORGANIZATION_ATTACHMENT
    }
    for _, resource in resources:
        if resource.type == ORGANIZATION_POLICY and resource.inputs.get("type") in {SERVICE_CONTROL, RESOURCE_CONTROL}:
            yield OrganizationPolicy(
                kind=str(resource.inputs["type"]),
                attached=resource.id in attached or str(resource.outputs.get("id")) in attached,
                policy=policy(resource.name, resource.inputs["content"]),
            )
