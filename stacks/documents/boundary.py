"""Permission boundaries: the most that any role of an environment can be granted, by whoever grants it."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names, shared_registry
from stacks.documents.capture_roles import logging_permissions, network_permissions
from stacks.documents.sagemaker_guard import JOBS, SageMakerLimits, guard
from stacks.documents.statement import Document, allow, deny, document
from stacks.settings import Platform

# Services that a workload touches, and that CI deploys; the roles' own policies say what exactly.
WORKLOAD_SERVICES = (
    "athena",
    "backup",
    "batch",
    "cloudwatch",
    "dynamodb",
    "ecr",
    "ecs",
    "events",
    "firehose",
    "glue",
    "iot",
    "kafka",
    "kafka-cluster",
    "kinesis",
    "lambda",
    "logs",
    "s3",
    "sagemaker",
    "sagemaker-mlflow",
    "scheduler",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "ssmmessages",
    "states",
    "xray",
)
DEPLOYED_SERVICES = (
    *WORKLOAD_SERVICES,
    "apigateway",
    "application-autoscaling",
    "backup-storage",
    "budgets",
    "ce",
    "chatbot",
    "cloudformation",
    "dms",
    "ec2",
    "eks",
    "elasticloadbalancing",
    "fsx",
    "greengrass",
    "iam",
    "kms",
    "lakeformation",
    "macie2",
    "network-firewall",
    "pipes",
    "route53resolver",
    "sts",
    "tag",
    "wafv2",
)

# Services whose requests carry no region, or always the same one.
GLOBAL_SERVICES = ("budgets:*", "ce:*", "chatbot:*", "iam:*", "organizations:*", "sts:*")

NETWORK_INTERFACES = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
KEY_USE = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    # A signing key names in its policy who signs.
    "kms:GetPublicKey",
    "kms:Sign",
)


def workload_boundary(platform: Platform, allowed_regions: Sequence[str], limits: SageMakerLimits) -> Document:
    """Return the boundary of every role that runs a workload: no identities, no audit, no unguarded jobs."""
    roles = role_pattern(platform)
    return document(
        [
            allow("Services", [f"{service}:*" for service in WORKLOAD_SERVICES], "*"),
            allow("Network", NETWORK_INTERFACES, "*"),
            allow("Keys", KEY_USE, _keys(platform)),
            allow("PassRoles", ["iam:PassRole"], roles),
            allow("Account", ["iam:GetRole", "sts:GetCallerIdentity"], "*"),
            allow("Budget", ["application-autoscaling:DeregisterScalableTarget", "budgets:ViewBudget"], "*"),
            only_regions(allowed_regions),
            deny("KeepAudit", AUDIT_TAMPERING, "*"),
            *guard(limits),
        ]
    )


def ci_boundary(
    platform: Platform, allowed_regions: Sequence[str], limits: SageMakerLimits, *, cluster: bool = False
) -> Document:
    """Return the boundary of the CI roles: they may deploy, never widen what they or others may do.

    The limits on SageMaker hold for them too: models and endpoint configurations are made by CI. With a
    `cluster` there is a second boundary for new roles, that of what runs its machines.
    """
    # People's roles too: whoever could change the trust of the manager's could approve models.
    own = [names.role_arn(platform, "ci-*"), names.person_arn(platform, "*")]
    policies = [
        *role_boundaries(platform, cluster=cluster),
        names.policy_arn(platform, "ci-*"),
        names.people_policy_arn(platform, "*"),
    ]
    return document(
        [
            allow("Services", [f"{service}:*" for service in DEPLOYED_SERVICES], "*"),
            deny("KeepOwnRoles", ROLE_CHANGES, own),
            deny("KeepOwnPolicies", POLICY_CHANGES, policies),
            *deployment_limits(platform, allowed_regions, limits, cluster=cluster),
        ]
    )


def deployment_limits(
    platform: Platform, allowed_regions: Sequence[str], limits: SageMakerLimits, *, cluster: bool = False
) -> list[Document]:
    """Return what binds whoever deploys, CI or a person in an emergency."""
    create = ("iam:CreateRole", "iam:PutRolePermissionsBoundary")
    boundaries = role_boundaries(platform, cluster=cluster)
    boundary = {"iam:PermissionsBoundary": boundaries if cluster else boundaries[0]}
    return [
        only_regions(allowed_regions),
        deny("KeepAudit", AUDIT_TAMPERING, "*"),
        deny("RolesWithBoundaryOnly", create, "*", StringNotEquals=boundary),
        deny("KeepBoundaries", ["iam:DeleteRolePermissionsBoundary"], "*"),
        deny("NoUsers", USER_CHANGES, "*"),
        deny("NoPurchases", PURCHASES, "*"),
        # Whoever deploys defines what jobs are made of and starts none: the pipeline's role does.
        deny("NoJobs", (*JOBS, "sagemaker:CreateTransformJob"), "*"),
        *(row for row in guard(limits) if not set(row["Action"]) <= {*JOBS, "sagemaker:CreateTransformJob"}),
    ]


def delivery_boundary(
    platform: Platform, *, watches: bool = False, apis: bool = False, captures: bool = False
) -> Document:
    """Return the boundary of roles with which AWS services deliver logs: they write events, nothing else.

    In an account that `watches` over its organization, AWS Config finds the other accounts too; for its `apis`, API
    Gateway demands to make log groups and to read them. Where it `captures` changes of databases, DMS makes its
    own addresses and log groups.
    """
    events = ("logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents")
    groups = names.service_arn(platform, "logs", "log-group:*")
    deliver = allow("DeliverLogs", WRITE_API_LOGS if apis else events, groups)
    capture = [*logging_permissions(platform)["Statement"], *network_permissions(platform)["Statement"]]
    found = [allow("FindAccounts", FIND_ACCOUNTS, "*")] if watches else []
    return document([deliver, *found, *(capture if captures else [])])


def role_boundaries(platform: Platform, *, cluster: bool) -> list[str]:
    """Return the boundaries under which roles of the environment may be made."""
    return [names.boundary_arn(platform), *([names.cluster_boundary_arn(platform)] if cluster else [])]


def _keys(platform: Platform) -> list[str]:
    homes = [platform, *filter(None, [shared_registry.tooling(platform)])]
    return [names.service_arn(home, "kms", "key/*") for home in homes]


def role_pattern(platform: Platform) -> str:
    """Return the ARN pattern of all roles of the environment."""
    return f"arn:{platform.partition}:iam::{platform.account_id}:role{names.role_path(platform)}*"


# AWSConfigRoleForOrganizations, AWS Managed Policy Reference, read 2026-11-25.
FIND_ACCOUNTS = (
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListAWSServiceAccessForOrganization",
    "organizations:ListDelegatedAdministrators",
)
# AmazonAPIGatewayPushToCloudWatchLogs, AWS Managed Policy Reference, read 2026-11-25.
WRITE_API_LOGS = (
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:PutLogEvents",
)
AUDIT_TAMPERING = (
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteRecoveryPoint",
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "config:DeleteConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "guardduty:UpdateDetector",
    "s3:BypassGovernanceRetention",
    "s3:PutAccountPublicAccessBlock",
    "securityhub:DisableSecurityHub",
)
ROLE_CHANGES = (
    "iam:AttachRolePolicy",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
)
POLICY_CHANGES = (
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:SetDefaultPolicyVersion",
)
USER_CHANGES = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateUser",
    "iam:PutGroupPolicy",
    "iam:PutUserPolicy",
    "iam:UpdateLoginProfile",
)
PURCHASES = (
    "ec2:CreateCapacityReservation",
    "ec2:PurchaseCapacityBlock",
    "ec2:PurchaseHostReservation",
    "ec2:PurchaseReservedInstancesOffering",
)


def only_regions(regions: Sequence[str]) -> Document:
    """Return the statement that refuses all but global services outside `regions`."""
    return {
        "Sid": "OnlyRegions",
        "Effect": "Deny",
        "NotAction": list(GLOBAL_SERVICES),
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(regions)}},
    }
