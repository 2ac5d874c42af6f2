"""The buckets of an environment: one for each purpose, or for the purposes that share one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.s3 import BucketLifecycleConfigurationRuleArgsDict as LifecycleRule

from stacks import lifecycle, names, placement
from stacks.components.private_bucket import ObjectLock, PrivateBucket, PrivateBucketArgs
from stacks.data.settings import DataSettings
from stacks.documents import released_models
from stacks.documents.balancer import log_delivery
from stacks.documents.bucket import access_log_delivery
from stacks.settings import Platform

LOGS = "logs"


@dataclass(frozen=True, kw_only=True)
class LakeArgs:
    """`key_arns` has the key of each data class."""

    platform: Platform
    settings: DataSettings
    key_arns: Mapping[str, pulumi.Input[str]]


class Lake(pulumi.ComponentResource):
    """Where data lies, from raw to captured; the logs bucket receives the access logs of the others.

    Raw data that others own is looked up: it gets no policy, no lifecycle and no log of ours.
    """

    bucket_names: dict[str, pulumi.Output[str]]
    bucket_arns: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: LakeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:Lake", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        buckets = {LOGS: PrivateBucket(LOGS, _logs_args(args), child)}
        for purpose in args.settings.buckets:
            if purpose != LOGS:
                bucket_args = _data_args(args, purpose, buckets[LOGS].bucket_name)
                buckets[purpose] = PrivateBucket(purpose, bucket_args, child)
        holders = {purpose: placement.bucket_of(purpose, args.settings.buckets) for purpose in placement.PURPOSES}
        self.bucket_names = {purpose: buckets[holder].bucket_name for purpose, holder in holders.items()}
        self.bucket_arns = {purpose: buckets[holder].arn for purpose, holder in holders.items()}
        if args.settings.existing_raw_bucket:
            found = aws.s3.get_bucket_output(
                bucket=args.settings.existing_raw_bucket, opts=pulumi.InvokeOutputOptions(parent=self)
            )
            self.bucket_names["raw"], self.bucket_arns["raw"] = found.id, found.arn
        self.register_outputs({"bucket_names": self.bucket_names})


def lifecycle_rules(settings: DataSettings, purpose: str) -> list[LifecycleRule]:
    """Return the rules of the bucket of `purpose`: those of every purpose that it holds, by prefix.

    Raw data is archived where that is asked, captured data goes after its retention, all else is tiered.
    """
    rules = [lifecycle.housekeeping(settings.noncurrent_days)]
    held = placement.purposes_in(purpose, settings.buckets)
    for part in held:
        prefix = f"{part}/" if len(held) > 1 else ""
        if part == "raw" and settings.archive_after_days:
            rules += lifecycle.archiving(prefix, settings.archive_after_days)
        elif part == "capture":
            rules += lifecycle.expiring(prefix, settings.capture_retention_days)
        else:
            rules += lifecycle.tiering(prefix, settings.intelligent_tiering_after_days)
    return rules


def _data_args(args: LakeArgs, purpose: str, log_bucket: pulumi.Input[str]) -> PrivateBucketArgs:
    settings = args.settings
    held = placement.purposes_in(purpose, settings.buckets)
    locked = purpose in settings.object_lock_buckets
    arn = names.bucket_arn(args.platform, purpose)
    guarded = settings.releases_models and purpose == "models"
    return PrivateBucketArgs(
        bucket_name=names.bucket_name(args.platform, purpose),
        bucket_arn=arn,
        kms_key_arn=args.key_arns[placement.KEY_CLASS_OF_PURPOSE[purpose]],
        accepted_key_arns=[args.key_arns[placement.KEY_CLASS_OF_PURPOSE[part]] for part in held],
        access_log_bucket=log_bucket,
        object_lock=ObjectLock(mode=settings.object_lock_mode, days=settings.object_lock_days) if locked else None,
        lifecycle_rules=lifecycle_rules(settings, purpose),
        statements=[released_models.guard(args.platform, arn)] if guarded else [],
        events="capture" in held,
    )


def _logs_args(args: LakeArgs) -> PrivateBucketArgs:
    platform, settings = args.platform, args.settings
    arn = names.bucket_arn(platform, LOGS)
    sources = [names.bucket_arn(platform, purpose) for purpose in settings.buckets if purpose != LOGS]
    # The evidence bucket of the governance program logs here too.
    sources.append(names.bucket_arn(platform, "evidence"))
    return PrivateBucketArgs(
        bucket_name=names.bucket_name(platform, LOGS),
        bucket_arn=arn,
        lifecycle_rules=[
            lifecycle.housekeeping(settings.noncurrent_days),
            *lifecycle.tiering("", settings.intelligent_tiering_after_days),
            *lifecycle.expiring("", settings.access_log_retention_days),
        ],
        statements=[
            access_log_delivery(arn, platform.account_id, sources),
            *([log_delivery(platform, arn)] if settings.balancer_logs else []),
        ],
    )
