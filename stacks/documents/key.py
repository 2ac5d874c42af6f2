"""Key policies: the account administers, its principals use a key through named services only."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents.statement import Document, Statement, document
from stacks.settings import Platform

ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
USE = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)

# Services through which the principals of the account may use the key of a data class.
SERVICES = {
    "data": ("s3", "sagemaker", "ec2", "kinesis", "kafka", "dms", "firehose", "fsx", "glue", "dynamodb"),
    "features": ("s3", "sagemaker", "dynamodb", "glue"),
    "models": ("s3", "sagemaker", "ec2", "ecr"),
    "capture": ("s3", "sagemaker", "ec2"),
    "logs": ("s3", "sns", "sqs", "states", "scheduler"),
    "evidence": ("s3", "dynamodb", "sqs", "states", "scheduler"),
    # AWS Backup keeps copies of buckets and tables under the key of their vault.
    "backup": ("backup", "dynamodb", "s3"),
}

# Services that publish to encrypted topics and queues in their own name.
PUBLISHERS = ("budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com", "sns.amazonaws.com")


def key_policy(platform: Platform, data_classes: Sequence[str], linked_services: Sequence[str] = ()) -> Document:
    """Return the policy of the key that encrypts `data_classes`.

    The account's root stands for its IAM policies: without one of those nobody may do anything, and
    nobody may decrypt outside the services of the classes. `linked_services` are those whose own roles start
    machines on encrypted volumes, or read encrypted objects: `autoscaling`.
    """
    services = sorted({service for name in data_classes for service in SERVICES[name]})
    statements: list[Statement] = [administration(platform), *use_through(platform, services)]
    if {"logs", "evidence"} & set(data_classes):
        statements += workflows(platform)
    if "logs" in data_classes:
        statements += [log_groups(platform), publishers(platform)]
    if linked_services and {"data", "features", "models"} & set(data_classes):
        statements += linked_roles(platform, linked_services)
    return document(statements)


def administration(platform: Platform) -> Document:
    """Return the statement that lets IAM policies of the account administer the key, not use it."""
    return _statement("AdministerThroughIam", names.account_root_arn(platform), ADMINISTRATION)


def use_through(platform: Platform, services: Sequence[str]) -> list[Document]:
    """Return the statements that let principals of the account use the key through `services`."""
    root = names.account_root_arn(platform)
    domain = dns_suffix(platform.partition)
    caller = {
        "kms:CallerAccount": platform.account_id,
        "kms:ViaService": [f"{service}.{platform.region}.{domain}" for service in services],
    }
    grants = _statement("GrantToServices", root, ("kms:CreateGrant",))
    return [
        {**_statement("UseThroughServices", root, USE), "Condition": {"StringEquals": caller}},
        {**grants, "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}, "StringEquals": caller}},
    ]


def log_groups(platform: Platform) -> Document:
    """Return the statement that lets CloudWatch Logs encrypt the log groups of the account.

    Source: "Encrypt log data in CloudWatch Logs using AWS KMS", read 2026-11-23.
    """
    context = {"kms:EncryptionContext:aws:logs:arn": names.service_arn(platform, "logs", "log-group:*")}
    actions = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom")
    return {
        "Sid": "LogGroups",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{platform.region}.{dns_suffix(platform.partition)}"},
        "Action": [*actions, "kms:ReEncryptTo", "kms:GenerateDataKeyWithoutPlaintext"],
        "Resource": "*",
        "Condition": {"ArnLike": context},
    }


def workflows(platform: Platform) -> list[Document]:
    """Return the statements for state machines and schedules, which use a key as their own role.

    They call KMS without a `kms:ViaService`, so the encryption context has to say for what.
    Sources: "Data at rest encryption in Step Functions" and "Encryption at rest in EventBridge Scheduler",
    read 2026-11-23.
    """
    root = names.account_root_arn(platform)
    contexts = {
        "StateMachines": ("aws:states:stateMachineArn", names.service_arn(platform, "states", "stateMachine:*")),
        "Schedules": ("aws:scheduler:schedule:arn", names.service_arn(platform, "scheduler", "schedule/*")),
        "WorkflowLogs": ("SourceArn", names.service_arn(platform, "logs", "*")),
    }
    by_role = [
        {
            **_statement(sid, root, ("kms:Decrypt", "kms:GenerateDataKey")),
            "Condition": {
                "StringEquals": {"kms:CallerAccount": platform.account_id},
                "ArnLike": {f"kms:EncryptionContext:{key}": pattern},
            },
        }
        for sid, (key, pattern) in contexts.items()
    ]
    delivery = {
        "Sid": "LogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": platform.account_id},
            "ArnLike": {"aws:SourceArn": names.service_arn(platform, "logs", "*")},
        },
    }
    return [*by_role, delivery]


def publishers(platform: Platform) -> Document:
    """Return the statement that lets alarms, rules and budgets of the account publish to encrypted topics."""
    return {
        "Sid": "Publishers",
        "Effect": "Allow",
        "Principal": {"Service": list(PUBLISHERS)},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": platform.account_id}},
    }


def linked_roles(platform: Platform, services: Sequence[str]) -> list[Document]:
    """Return the statements for roles that AWS services keep in the account, which no IAM policy of ours reaches.

    A role that does not exist yet cannot be a principal of a policy, so it is named by a condition. Sources: "Required
    KMS key policy for use with encrypted volumes" (EC2 Auto Scaling), "Working with server-side encrypted Amazon S3
    buckets" (FSx for Lustre), read 2026-11-25.
    """
    root = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role"
    caller: dict[str, Document] = {
        "StringEquals": {"kms:CallerAccount": platform.account_id},
        "ArnLike": {"aws:PrincipalArn": [f"{root}/{service}.amazonaws.com/*" for service in services]},
    }
    grants = _statement("LinkedRolesGrant", "*", ("kms:CreateGrant",))
    return [
        {**_statement("LinkedRoles", "*", USE), "Condition": caller},
        {**grants, "Condition": {**caller, "Bool": {"kms:GrantIsForAWSResource": "true"}}},
    ]


def audit_key_policy(platform: Platform, trail_arn: str) -> Document:
    """Return the policy of the account's audit key: trail, Config, log group, alarm topic, Glue catalogue.

    Source: "Configure AWS KMS key policies for CloudTrail", read 2026-11-23. `Decrypt` is for bucket keys.
    """
    trail = {"Service": "cloudtrail.amazonaws.com"}
    context = f"arn:{platform.partition}:cloudtrail:*:{platform.account_id}:trail/*"
    return document(
        [
            administration(platform),
            *use_through(platform, ("glue", "s3", "sns")),
            log_groups(platform),
            publishers(platform),
            {
                "Sid": "TrailEncrypts",
                "Effect": "Allow",
                "Principal": trail,
                "Action": "kms:GenerateDataKey",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"aws:SourceArn": trail_arn},
                    "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": context},
                },
            },
            {
                "Sid": "TrailReads",
                "Effect": "Allow",
                "Principal": trail,
                "Action": ["kms:Decrypt", "kms:DescribeKey"],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceArn": trail_arn}},
            },
            {
                "Sid": "ConfigEncrypts",
                "Effect": "Allow",
                "Principal": {"Service": "config.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:SourceAccount": platform.account_id}},
            },
        ]
    )


def dns_suffix(partition: str) -> str:
    """Return the domain of a partition's regional service names."""
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"


def _statement(sid: str, principal_arn: str, actions: Sequence[str]) -> Document:
    # A key policy's resource is the key itself, written "*".
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": principal_arn},
        "Action": list(actions),
        "Resource": "*",
    }
