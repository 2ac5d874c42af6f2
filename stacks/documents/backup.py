"""What AWS Backup may do to copy buckets and tables, and what nobody may do to the copies."""

from __future__ import annotations

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, allow, deny, document
from stacks.settings import Platform


def backup_permissions(platform: Platform) -> Document:
    """Return the copying of the environment's buckets and tables into its vault; restoring is a person's role.

    Source: AWS managed policies AWSBackupServiceRolePolicyForS3Backup (v4) and AWSBackupServiceRolePolicyForBackup,
    narrowed to the environment's names, read 2026-11-23. Rules of that name announce changed objects to AWS Backup.
    """
    own = names.resource_name(platform, "*")
    bucket = f"{names.bucket_arn_prefix(platform, platform.environment)}*"
    table = names.service_arn(platform, "dynamodb", f"table/{own}")
    rules = names.service_arn(platform, "events", "rule/AwsBackupManagedRule*")
    vault = names.service_arn(platform, "backup", f"backup-vault:{own}")
    points = names.service_arn(platform, "backup", "recovery-point:*")
    keys = names.service_arn(platform, "kms", "key/*")
    domain = dns_suffix(platform.partition)
    via = {"kms:ViaService": [f"{service}.{platform.region}.{domain}" for service in ("dynamodb", "s3")]}
    aliases = {"kms:ResourceAliases": names.key_alias(platform, "*")}
    return document(
        [
            allow("CopyBuckets", _BUCKET, bucket),
            allow("CopyObjects", _OBJECTS, f"{bucket}/*"),
            allow("FindBuckets", ["events:ListRules", "cloudwatch:GetMetricData", "s3:ListAllMyBuckets"], "*"),
            allow("ObjectEvents", _RULES, rules),
            allow("CopyTables", _TABLES, table),
            allow("TableCopies", ["dynamodb:DeleteBackup", "dynamodb:DescribeBackup"], f"{table}/backup/*"),
            allow("FillVault", ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"], vault),
            allow("TagCopies", ["backup:TagResource"], points),
            allow("ReadKeys", _KEYS, keys, ForAnyValue_StringLike=aliases, StringEquals=via),
        ]
    )


def vault_policy() -> Document:
    """Return the policy of a vault: nobody deletes a copy or shortens its life by hand, the plan's lifecycle does.

    Source: "Vault access policies", deny deletion of recovery points, read 2026-11-23.
    """
    kept = {
        **deny("KeepCopies", ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"], "*"),
        "Principal": "*",
    }
    return document([kept])


_BUCKET = (
    *("s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketNotification", "s3:GetBucketTagging"),
    *("s3:GetBucketVersioning", "s3:GetInventoryConfiguration", "s3:ListBucket", "s3:ListBucketVersions"),
    *("s3:PutBucketNotification", "s3:PutInventoryConfiguration"),
)
_OBJECTS = (
    *("s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectTagging", "s3:GetObjectVersion"),
    *("s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"),
)
_RULES = (
    *("events:DeleteRule", "events:DescribeRule", "events:DisableRule", "events:EnableRule"),
    *("events:ListTargetsByRule", "events:PutRule", "events:PutTargets", "events:RemoveTargets"),
)
_TABLES = (
    *("dynamodb:CreateBackup", "dynamodb:DescribeTable", "dynamodb:ListTagsOfResource"),
    "dynamodb:StartAwsBackupJob",
)
_KEYS = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")
