"""Where the models of all environments lie: a bucket in the tooling account, and the bucket of its access logs."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import lifecycle, names, shared_registry
from stacks.components.private_bucket import ObjectLock, PrivateBucket, PrivateBucketArgs
from stacks.documents import tooling
from stacks.documents.bucket import access_log_delivery
from stacks.settings import Platform
from stacks.tooling.settings import ToolingSettings

LOGS = "logs"


@dataclass(frozen=True, kw_only=True)
class SharedModelsArgs:
    """`kms_key_arn` is the key that the environments' jobs may use too."""

    platform: Platform
    settings: ToolingSettings
    kms_key_arn: pulumi.Input[str]


class SharedModels(pulumi.ComponentResource):
    """Models by environment: all read, each writes its own, nobody deletes. Stateful: protected."""

    bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: SharedModelsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:tooling:SharedModels", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform, settings = args.platform, args.settings
        logs_arn = names.bucket_arn(platform, LOGS)
        models_arn = names.bucket_arn(platform, shared_registry.MODELS)
        logs = PrivateBucket(
            LOGS,
            PrivateBucketArgs(
                bucket_name=names.bucket_name(platform, LOGS),
                bucket_arn=logs_arn,
                lifecycle_rules=[
                    lifecycle.housekeeping(settings.noncurrent_days),
                    *lifecycle.expiring("", settings.access_log_retention_days),
                ],
                statements=[access_log_delivery(logs_arn, platform.account_id, [models_arn])],
            ),
            child,
        )
        models = PrivateBucket(
            shared_registry.MODELS,
            PrivateBucketArgs(
                bucket_name=names.bucket_name(platform, shared_registry.MODELS),
                bucket_arn=models_arn,
                kms_key_arn=args.kms_key_arn,
                access_log_bucket=logs.bucket_name,
                object_lock=_lock(settings),
                lifecycle_rules=[lifecycle.housekeeping(settings.noncurrent_days)],
                statements=tooling.bucket_statements(platform, settings.environments),
            ),
            child,
        )
        self.bucket_name = models.bucket_name
        self.register_outputs({"bucket_name": self.bucket_name})


def _lock(settings: ToolingSettings) -> ObjectLock | None:
    if settings.object_lock_mode == "off":
        return None
    return ObjectLock(mode=settings.object_lock_mode, days=settings.object_lock_days)
