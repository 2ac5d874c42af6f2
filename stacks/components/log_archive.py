"""The bucket of the organization's trail, its key, and the bucket of its access logs."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import lifecycle, names, organization_trail
from stacks.components.audit_trail import TRAIL_PREFIX
from stacks.components.encryption_key import EncryptionKey, EncryptionKeyArgs
from stacks.components.private_bucket import ObjectLock, PrivateBucket, PrivateBucketArgs
from stacks.documents import organization_trail as documents
from stacks.documents.bucket import access_log_delivery
from stacks.log_archive.settings import LogArchiveSettings
from stacks.settings import Platform

NONCURRENT_DAYS = 30
LOGS = "org-trail-logs"


@dataclass(frozen=True, kw_only=True)
class LogArchiveArgs:
    """The settings say whose trail it is, and how long its files are kept and locked."""

    platform: Platform
    settings: LogArchiveSettings


class LogArchive(pulumi.ComponentResource):
    """Files that one trail writes and nobody empties. Stateful: protected."""

    key_arn: pulumi.Output[str]
    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: LogArchiveArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:log_archive:LogArchive", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform, settings = args.platform, args.settings
        trail_arn = organization_trail.trail_arn(platform, settings.management_account_id)
        purpose = organization_trail.PURPOSE
        key = EncryptionKey(
            purpose,
            EncryptionKeyArgs(
                alias=names.key_alias(platform, purpose),
                description="The organization's trail",
                policy=documents.key_policy(platform, settings.management_account_id, trail_arn),
                deletion_window_days=settings.key_deletion_window_days,
            ),
            child,
        )
        trail_bucket_arn, logs_arn = names.bucket_arn(platform, purpose), names.bucket_arn(platform, LOGS)
        logs = PrivateBucket(
            LOGS,
            PrivateBucketArgs(
                bucket_name=names.bucket_name(platform, LOGS),
                bucket_arn=logs_arn,
                lifecycle_rules=[
                    lifecycle.housekeeping(NONCURRENT_DAYS),
                    *lifecycle.expiring("", settings.retention_days),
                ],
                statements=[access_log_delivery(logs_arn, platform.account_id, [trail_bucket_arn])],
            ),
            child,
        )
        bucket = PrivateBucket(
            purpose,
            PrivateBucketArgs(
                bucket_name=names.bucket_name(platform, purpose),
                bucket_arn=trail_bucket_arn,
                kms_key_arn=key.arn,
                access_log_bucket=logs.bucket_name,
                object_lock=_lock(settings),
                lifecycle_rules=[
                    lifecycle.housekeeping(NONCURRENT_DAYS),
                    *lifecycle.archiving("", settings.hot_days),
                    *lifecycle.expiring("", settings.retention_days),
                ],
                statements=documents.bucket_statements(
                    trail_bucket_arn,
                    settings.management_account_id,
                    settings.organization_id,
                    trail_arn,
                    TRAIL_PREFIX,
                ),
            ),
            child,
        )
        self.key_arn = key.arn
        self.bucket_name = bucket.bucket_name
        self.register_outputs({"key_arn": self.key_arn, "bucket_name": self.bucket_name})


def _lock(settings: LogArchiveSettings) -> ObjectLock | None:
    if settings.object_lock_mode == "off":
        return None
    return ObjectLock(mode=settings.object_lock_mode, days=settings.object_lock_days)
