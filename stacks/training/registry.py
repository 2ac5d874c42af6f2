"""Where images, models and their registry are: in the environment's own account, or in the tooling account."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import names, shared_registry
from stacks.components.image_repository import ImageRepository, ImageRepositoryArgs
from stacks.components.model_registry import ModelRegistry, ModelRegistryArgs
from stacks.settings import Platform
from stacks.training.settings import TrainingSettings
from stacks.upstream import Upstream

PULLERS = ("training", "processing", "endpoint", "monitor")


@dataclass(frozen=True, kw_only=True)
class Registry:
    """`registered_as` is what a version names its group by: its name, or its ARN in another account.

    Models are written below `output_uri`, encrypted with `output_key_arn`.
    """

    repository_url: pulumi.Input[str]
    group_arn: pulumi.Input[str]
    registered_as: pulumi.Input[str]
    output_uri: pulumi.Output[str]
    output_key_arn: pulumi.Input[str]


def deploy(
    platform: Platform,
    settings: TrainingSettings,
    upstream: dict[str, Upstream],
    alarm_topic_arn: str,
    opts: pulumi.ResourceOptions,
) -> Registry:
    """Create repository and registry group, or name those of the tooling account."""
    shared = shared_registry.tooling(platform)
    if shared is not None:
        group = shared_registry.group_arn(shared, settings.model_package_group)
        bucket = names.bucket_name(shared, shared_registry.MODELS)
        return Registry(
            repository_url=shared_registry.repository_url(shared),
            group_arn=group,
            registered_as=group,
            output_uri=pulumi.Output.from_input(f"s3://{bucket}/{shared_registry.models_folder(platform)}"),
            output_key_arn=shared_registry.models_key_arn(shared, opts),
        )
    key_arn = upstream["foundation"].require("models_key_arn")
    images = ImageRepository(
        "images",
        ImageRepositoryArgs(
            platform=platform,
            kms_key_arn=key_arn,
            puller_role_arns=[upstream["identity"].require(f"{role}_role_arn") for role in PULLERS],
            untagged_image_days=settings.untagged_image_days,
            alarm_topic_arn=alarm_topic_arn,
        ),
        opts,
    )
    registry = ModelRegistry(
        "models",
        ModelRegistryArgs(platform=platform, group=settings.model_package_group, alarm_topic_arn=alarm_topic_arn),
        opts,
    )
    return Registry(
        repository_url=images.repository_url,
        group_arn=registry.group_arn,
        registered_as=registry.group_name,
        output_uri=pulumi.Output.format("s3://{0}/models", upstream["data"].require("models_bucket_name")),
        output_key_arn=key_arn,
    )
