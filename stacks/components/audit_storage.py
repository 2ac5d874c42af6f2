"""Where the account's audit records lie: the key, the trail's bucket, Config's bucket, and their access logs."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import lifecycle, names
from stacks.components.audit_trail import TRAIL_PREFIX
from stacks.components.config_recorder import CONFIG_PREFIX
from stacks.components.encryption_key import EncryptionKey, EncryptionKeyArgs
from stacks.components.private_bucket import ObjectLock, PrivateBucket, PrivateBucketArgs
from stacks.documents import bucket as documents
from stacks.documents.key import audit_key_policy
from stacks.documents.statement import Document
from stacks.settings import Platform

NONCURRENT_DAYS = 30
TRAIL = "trail"
CONFIG = "config"


@dataclass(frozen=True, kw_only=True)
class AuditStorageArgs:
    """With `config_records` AWS Config delivers too: to the trail's bucket, or to its own where that is locked.

    Config refuses a bucket with Object Lock (AWS::Config::DeliveryChannel, read 2026-11-23). Records move to
    cheaper storage after `hot_days` and go after `retention_days`.
    """

    platform: Platform
    trail_arn: str
    config_records: bool
    hot_days: int
    retention_days: int
    access_log_retention_days: int
    object_lock: ObjectLock | None
    key_deletion_window_days: int


class AuditStorage(pulumi.ComponentResource):
    """Buckets that services write and nobody empties. Stateful: protected."""

    key_arn: pulumi.Output[str]
    trail_bucket_name: pulumi.Output[str]
    config_bucket_name: pulumi.Output[str] | None

    def __init__(self, name: str, args: AuditStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:AuditStorage", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        key = EncryptionKey(
            "audit",
            EncryptionKeyArgs(
                alias=names.key_alias(platform, "audit"),
                description="Audit records of the account",
                policy=audit_key_policy(platform, args.trail_arn),
                deletion_window_days=args.key_deletion_window_days,
            ),
            child,
        )
        access_logs = _access_log_bucket(args, child)
        targets = (key.arn, access_logs.bucket_name)
        shared = args.config_records and args.object_lock is None
        statements = _trail_statements(args) + (_config_statements(args, TRAIL) if shared else [])
        trail_args = _audit_bucket(args, TRAIL, targets=targets, statements=statements, lock=args.object_lock)
        trail = PrivateBucket(TRAIL, trail_args, child)
        self.config_bucket_name = trail.bucket_name if shared else None
        if args.config_records and not shared:
            config_args = _audit_bucket(args, CONFIG, targets=targets, statements=_config_statements(args, CONFIG))
            self.config_bucket_name = PrivateBucket(CONFIG, config_args, child).bucket_name
        self.key_arn = key.arn
        self.trail_bucket_name = trail.bucket_name
        self.register_outputs({"key_arn": self.key_arn, "trail_bucket_name": self.trail_bucket_name})


def _trail_statements(args: AuditStorageArgs) -> list[Document]:
    arn = names.bucket_arn(args.platform, TRAIL)
    return documents.trail_delivery(arn, args.platform.account_id, args.trail_arn, TRAIL_PREFIX)


def _config_statements(args: AuditStorageArgs, purpose: str) -> list[Document]:
    arn = names.bucket_arn(args.platform, purpose)
    return documents.config_delivery(arn, args.platform.account_id, CONFIG_PREFIX)


def _access_log_bucket(args: AuditStorageArgs, child: pulumi.ResourceOptions) -> PrivateBucket:
    platform = args.platform
    arn = names.bucket_arn(platform, "access-logs")
    sources = [names.bucket_arn(platform, purpose) for purpose in (TRAIL, CONFIG)]
    return PrivateBucket(
        "access-logs",
        PrivateBucketArgs(
            bucket_name=names.bucket_name(platform, "access-logs"),
            bucket_arn=arn,
            lifecycle_rules=[
                lifecycle.housekeeping(NONCURRENT_DAYS),
                *lifecycle.expiring("", args.access_log_retention_days),
            ],
            statements=[documents.access_log_delivery(arn, platform.account_id, sources)],
        ),
        child,
    )


def _audit_bucket(
    args: AuditStorageArgs,
    purpose: str,
    *,
    targets: tuple[pulumi.Output[str], pulumi.Output[str]],
    statements: list[Document],
    lock: ObjectLock | None = None,
) -> PrivateBucketArgs:
    kms_key_arn, access_log_bucket = targets
    return PrivateBucketArgs(
        bucket_name=names.bucket_name(args.platform, purpose),
        bucket_arn=names.bucket_arn(args.platform, purpose),
        kms_key_arn=kms_key_arn,
        access_log_bucket=access_log_bucket,
        object_lock=lock,
        lifecycle_rules=[
            lifecycle.housekeeping(NONCURRENT_DAYS),
            *lifecycle.archiving("", args.hot_days),
            *lifecycle.expiring("", args.retention_days),
        ],
        statements=statements,
    )
