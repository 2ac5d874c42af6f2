"""The most that people can be granted in an environment, and break-glass beside them."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents.boundary import (
    AUDIT_TAMPERING,
    DEPLOYED_SERVICES,
    POLICY_CHANGES,
    PURCHASES,
    ROLE_CHANGES,
    deployment_limits,
    only_regions,
    role_pattern,
)
from stacks.documents.sagemaker_guard import APPROVING, UNGUARDED, SageMakerLimits, guard
from stacks.documents.statement import Document, allow, deny, document
from stacks.settings import Platform

SERVICES = (
    *("athena", "budgets", "ce", "cloudwatch", "dynamodb", "ec2", "glue", "kinesis", "kms", "logs", "s3", "sagemaker"),
    *("sagemaker-mlflow", "scheduler", "servicequotas", "ssm", "states"),
)
IDENTITY_READS = (
    *("iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetRole", "iam:ListAttachedRolePolicies"),
    "iam:ListPolicyVersions",
)
# What an emergency may need and CI may not do: to stop what CI's own roles do, and to see again.
REPAIRS = (
    "cloudtrail:StartLogging",
    "config:StartConfigurationRecorder",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
    "kms:CancelKeyDeletion",
    "kms:EnableKey",
    "kms:PutKeyPolicy",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketPolicy",
)
MANAGER, BREAK_GLASS = "mlops-manager", "break-glass"
_TRAINING_PLAN = "sagemaker:CreateTrainingPlan"
_OBJECTS = ("s3:DeleteObject", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")


def person_boundary(platform: Platform, allowed_regions: Sequence[str], limits: SageMakerLimits) -> Document:
    """Return the boundary of everybody's role: no identities, no audit, no other project's data.

    Approval and purchases are the manager's alone, named by the exact ARN of that role.
    """
    others = {"ArnNotEquals": {"aws:PrincipalArn": names.person_arn(platform, MANAGER)}}
    approved = {"sagemaker:ModelApprovalStatus": "Approved"}
    unguarded = [action for action in UNGUARDED if action != _TRAINING_PLAN]
    kept = [row for row in guard(limits) if row["Sid"] not in {"NoApproval", "NoUnguardedApis"}]
    return document(
        [
            allow("Services", [f"{service}:*" for service in SERVICES], "*"),
            allow("Identities", IDENTITY_READS, "*"),
            allow("PassRoles", ["iam:PassRole"], role_pattern(platform)),
            only_regions(allowed_regions),
            deny("KeepAudit", AUDIT_TAMPERING, "*"),
            _own_data_only(platform),
            deny("ApprovalByManager", APPROVING, "*", StringEquals=approved, **others),
            deny("PurchasesByManager", (*PURCHASES, _TRAINING_PLAN), "*", **others),
            deny("NoUnguardedApis", unguarded, "*"),
            *kept,
        ]
    )


def break_glass_boundary(
    platform: Platform, allowed_regions: Sequence[str], limits: SageMakerLimits, window: Sequence[str]
) -> Document:
    """Return the boundary of the break-glass role: nothing outside `window`, and never its own limits."""
    opens, closes = window
    kept = [
        names.person_arn(platform, "*"),
        names.people_policy_arn(platform, "*"),
        names.policy_arn(platform, "*boundary"),
    ]
    return document(
        [
            allow("Services", [f"{service}:*" for service in DEPLOYED_SERVICES], "*"),
            allow("Repairs", REPAIRS[:2], "*"),
            deny("NotBefore", ["*"], "*", DateLessThan={"aws:CurrentTime": opens}),
            deny("NotAfter", ["*"], "*", DateGreaterThanEquals={"aws:CurrentTime": closes}),
            deny("KeepAuditLogs", ("s3:DeleteObject", "s3:DeleteObjectVersion"), _audit_objects(platform)),
            deny("KeepPeople", (*ROLE_CHANGES, *POLICY_CHANGES), kept),
            *deployment_limits(platform, allowed_regions, limits),
        ]
    )


def repairs(platform: Platform) -> Document:
    """Return what break-glass may do beyond what CI deploys: on this environment's own roles, keys and buckets."""
    account = f"arn:{platform.partition}:iam::{platform.account_id}"
    buckets = f"{names.bucket_arn_prefix(platform, platform.environment)}*"
    tagged = {"aws:ResourceTag/project": platform.project, "aws:ResourceTag/env": platform.environment}
    return document(
        [
            allow("Roles", REPAIRS[2:5], f"{account}:role{names.role_path(platform)}*"),
            allow("Keys", REPAIRS[5:8], names.service_arn(platform, "kms", "key/*"), StringEquals=tagged),
            allow("Buckets", REPAIRS[8:], buckets),
            allow("Trail", REPAIRS[:1], names.service_arn(platform, "cloudtrail", "trail/*")),
            allow("Recorder", REPAIRS[1:2], names.service_arn(platform, "config", "configuration-recorder/*")),
        ]
    )


def _audit_objects(platform: Platform) -> list[str]:
    own = f"{names.bucket_arn_prefix(platform, platform.environment, 'logs-')}*/*"
    return [own, f"{names.bucket_arn_prefix(platform, 'shared')}*/*"]


def _own_data_only(platform: Platform) -> Document:
    """Return the statement that keeps people to their own project's buckets, whatever another's policy allows."""
    return {
        "Sid": "OwnDataOnly",
        "Effect": "Deny",
        "Action": list(_OBJECTS),
        "NotResource": f"{names.bucket_arn_prefix(platform, platform.environment)}*",
    }
