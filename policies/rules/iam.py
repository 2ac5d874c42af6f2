"""Identities: least privilege, boundaries, named trust, no standing credentials."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import Statement, matches, statements
from ..identity import ROLE, grants, guarding
from ..trust import chains, reach
from ..values import Undetermined, is_set, listed
from ..view import SHARED, Breach, Resource, View

ACCESS_KEY = "aws:iam/accessKey:AccessKey"
PASSWORD_POLICY = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"  # noqa: S105 (a resource type)
MINIMUM_PASSWORD_LENGTH = 14
REMEMBERED_PASSWORDS = 24

# Each lets its holder give itself more: Rhino Security Labs, "AWS IAM Privilege Escalation Methods".
ESCALATIONS = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:CreateRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
)
# A new role may have any name that a pattern allows: only a boundary limits what it can be given.
NEW_ROLES = ("iam:CreateRole", "iam:PutRolePermissionsBoundary")
BOUNDARY = "iam:PermissionsBoundary"
DATA_ACTIONS = (
    "athena:GetQueryResults",
    "dynamodb:BatchGetItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "kinesis:GetRecords",
    "kinesis:PutRecord",
    "lambda:InvokeFunction",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:PutObject",
    "sagemaker:BatchGetRecord",
    "sagemaker:GetRecord",
    "sagemaker:InvokeEndpoint",
    "sagemaker:PutRecord",
    "secretsmanager:GetSecretValue",
    "sqs:ReceiveMessage",
)
DATA_SCOPES = ("aws:ResourceTag", "aws:ResourceAccount", "aws:CalledVia", "s3:DataAccessPointAccount")
SOURCE_KEYS = ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "sts:ExternalId")
# These assume a role for what runs inside the account only and send no source with the request.
# In China EC2 has a name of its own.
WITHOUT_SOURCE = frozenset(
    {
        "apigateway.amazonaws.com",
        "ec2.amazonaws.com",
        "ec2.amazonaws.com.cn",
        "lambda.amazonaws.com",
        "pods.eks.amazonaws.com",
    }
)
WIDE_MANAGED = ("*/AdministratorAccess", "*/PowerUserAccess", "*FullAccess", "*FullAccessV2", "*/IAMFullAccess")


def iam_policy_not_administrator(policy: Resource, view: View) -> Iterator[Breach]:
    """IAM-001."""
    for statement, path in grants(policy, view):
        if statement.is_everything:
            yield Breach("every action on every resource is allowed", path)


def iam_policy_without_escalation(policy: Resource, view: View) -> Iterator[Breach]:
    """IAM-002. Changing identities is safe on named roles, or where new roles must carry a boundary."""
    for statement, path in grants(policy, view):
        if statement.is_everything or statement.conditioned_on(BOUNDARY):
            continue
        found = statement.covered(ESCALATIONS if _on_any_identity(statement) else NEW_ROLES)
        if found and any(guard.conditioned_on(BOUNDARY) and guard.covered(found) for guard in guarding(policy, view)):
            continue
        if found:
            yield Breach(f"its holder can widen its own rights by {', '.join(found[:3])}", path)


def _on_any_identity(statement: Statement) -> bool:
    wide = (":role/*", ":user/*", ":group/*", ":policy/*")
    return statement.on_everything or any(arn.endswith(wide) for arn in statement.resources)


def iam_role_bounded(role: Resource) -> Iterator[Breach]:
    """IAM-003."""
    if role["permissionsBoundary"] is None:
        yield Breach("the role has no permission boundary", "permissionsBoundary")


def iam_pass_role_scoped(policy: Resource, view: View) -> Iterator[Breach]:
    """IAM-004."""
    for statement, path in grants(policy, view):
        if statement.is_everything or not statement.covers("iam:PassRole"):
            continue
        if _on_any_identity(statement):
            yield Breach("any role can be passed", f"{path}.Resource")
        elif not statement.conditioned_on("iam:PassedToService"):
            yield Breach(
                "roles can be passed to any service: iam:PassedToService is not asked for", f"{path}.Condition"
            )


def iam_role_trust_named(role: Resource) -> Iterator[Breach]:
    """IAM-005."""
    for statement in statements(role["assumeRolePolicy"]):
        if not statement.allows:
            continue
        path = f"assumeRolePolicy.{statement.path}"
        if statement.is_public:
            yield Breach("everybody may assume the role", path)
        services = [name for kind, name in statement.principals if kind == "Service" and name not in WITHOUT_SOURCE]
        if services and not statement.conditioned_on(*SOURCE_KEYS):
            yield Breach(f"{services[0]} may assume the role on behalf of any account", path)


def iam_role_chain_contained(role: Resource, view: View) -> Iterator[Breach]:
    """IAM-010. One step is what a trust policy says plainly; what lies behind the next role is what nobody reads."""
    for chain in chains(role, view):
        end, way = chain[-1], " -> ".join(each.name for each in chain)
        if end is role:
            yield Breach(f"roles assume each other in a circle: {way}", "assumeRolePolicy")
        elif SHARED not in {role.environment, end.environment} and role.environment != end.environment:
            yield Breach(f"a role of {role.environment} reaches one of {end.environment}: {way}", "assumeRolePolicy")
        elif len(chain) > 2 and role["permissionsBoundary"] != end["permissionsBoundary"]:
            yield Breach(f"a chain of roles leaves the permission boundary of the first: {way}", "assumeRolePolicy")
    unread = reach(view).unread
    if unread:
        raise Undetermined(unread)


def iam_ci_role_pinned(resource: Resource) -> Iterator[Breach]:
    """IAM-006."""
    if resource.type == ACCESS_KEY:
        yield Breach("a long-lived access key is created")
        return
    for statement in statements(resource["assumeRolePolicy"]):
        if not (statement.allows and statement.covers("sts:AssumeRoleWithWebIdentity")):
            continue
        path = f"assumeRolePolicy.{statement.path}.Condition"
        claims = {key.rsplit(":", 1)[-1]: (operator, values) for operator, key, values in statement.conditions}
        if "aud" not in claims:
            yield Breach("tokens for any audience are accepted: the claim aud is not asked for", path)
        if "sub" not in claims:
            yield Breach("jobs of any repository are accepted: the claim sub is not asked for", path)
        else:
            operator, values = claims["sub"]
            loose = [value for value in values if "*" in value or "?" in value]
            if loose and "Like" in operator:
                yield Breach(f"the subject {loose[0]!r} is a pattern, expected the exact claim", path)


def iam_role_without_full_access(resource: Resource) -> Iterator[Breach]:
    """IAM-007."""
    key = "managedPolicyArns" if resource.type == ROLE else "policyArn"
    for arn in listed(resource[key]):
        if any(matches(pattern, arn) for pattern in WIDE_MANAGED):
            yield Breach(f"{arn} is attached", key)


def iam_policy_data_scoped(policy: Resource, view: View) -> Iterator[Breach]:
    """IAM-008."""
    for statement, path in grants(policy, view):
        if statement.is_everything or not statement.on_everything or statement.conditioned_on(*DATA_SCOPES):
            continue
        if any(key.lower().startswith("aws:resourcetag/") for _, key, _ in statement.conditions):
            continue
        found = statement.covered(DATA_ACTIONS)
        if found:
            yield Breach(f"{', '.join(found[:3])} is allowed on every resource", f"{path}.Resource")


def iam_no_users(resource: Resource) -> Iterator[Breach]:
    """IAM-009. People come through a single sign-on; where passwords exist at all, they are long."""
    if resource.type != PASSWORD_POLICY:
        yield Breach("a user or a policy of one is created: people sign in through IAM Identity Center")
        return
    length = resource["minimumPasswordLength"] or 0
    if length < MINIMUM_PASSWORD_LENGTH:
        yield Breach(f"passwords may have {length} characters, expected 14", "minimumPasswordLength")
    remembered = resource["passwordReusePrevention"] or 0
    if remembered < REMEMBERED_PASSWORDS:
        yield Breach(f"{remembered} old passwords are remembered, expected 24", "passwordReusePrevention")
    for key in ("requireLowercaseCharacters", "requireNumbers", "requireSymbols", "requireUppercaseCharacters"):
        if not is_set(resource[key]):
            yield Breach(f"{key} is not on", key)
