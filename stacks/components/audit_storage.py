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


@dataclass(frozen=True, kw_only=True)
class AuditStorageArgs:
    """`config_bucket` adds the bucket of AWS Config, which takes none with Object Lock.

    Records move to cheaper storage after `hot_days` and go after `retention_days`.
    """

    platform: Platform
    trail_arn: str
    config_bucket: bool
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
        trail_arn = names.bucket_arn(platform, "trail")
        trail = PrivateBucket(
            "trail",
            _audit_bucket(
                args,
                "trail",
                targets=(key.arn, access_logs.bucket_name),
                statements=documents.trail_delivery(trail_arn, platform.account_id, args.trail_arn, TRAIL_PREFIX),
                lock=args.object_lock,
            ),
            child,
        )
        self.config_bucket_name = None
        if args.config_bucket:
            config_arn = names.bucket_arn(platform, "config")
            statements = documents.config_delivery(config_arn, platform.account_id, CONFIG_PREFIX)
            config_args = _audit_bucket(
                args, "config", targets=(key.arn, access_logs.bucket_name), statements=statements
            )
            self.config_bucket_name = PrivateBucket("config", config_args, child).bucket_name
        self.key_arn = key.arn
        self.trail_bucket_name = trail.bucket_name
        self.register_outputs({"key_arn": self.key_arn, "trail_bucket_name": self.trail_bucket_name})


def _access_log_bucket(args: AuditStorageArgs, child: pulumi.ResourceOptions) -> PrivateBucket:
    platform = args.platform
    arn = names.bucket_arn(platform, "access-logs")
    sources = [names.bucket_arn(platform, "trail"), names.bucket_arn(platform, "config")]
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
