"""The bucket of what must be shown later: verdicts, evaluations, reports, releases."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import lifecycle, names
from stacks.components.private_bucket import ObjectLock, PrivateBucket, PrivateBucketArgs
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class EvidenceStoreArgs:
    """`lock_mode` is `governance` or `compliance`; nothing can be deleted or overwritten for `lock_days`."""

    platform: Platform
    kms_key_arn: pulumi.Input[str]
    access_log_bucket: pulumi.Input[str]
    lock_mode: str
    lock_days: int


class EvidenceStore(pulumi.ComponentResource):
    """A locked bucket. It holds references and digests, no personal data: a lock forbids erasure too."""

    arn: pulumi.Output[str]
    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: EvidenceStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:EvidenceStore", name, None, opts)
        bucket = PrivateBucket(
            name,
            PrivateBucketArgs(
                bucket_name=names.bucket_name(args.platform, name),
                bucket_arn=names.bucket_arn(args.platform, name),
                kms_key_arn=args.kms_key_arn,
                access_log_bucket=args.access_log_bucket,
                object_lock=ObjectLock(mode=args.lock_mode, days=args.lock_days),
                lifecycle_rules=[lifecycle.housekeeping(args.lock_days)],
                events=True,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.arn = bucket.arn
        self.bucket_name = bucket.bucket_name
        self.register_outputs({"arn": self.arn, "bucket_name": self.bucket_name})
