"""The tooling program: models, images, registry and the entry of CI, in an account of their own."""

import pulumi

from stacks import names, provider, shared_registry
from stacks.components.alert_topic import AlertTopic, AlertTopicArgs
from stacks.components.encryption_key import EncryptionKey, EncryptionKeyArgs
from stacks.components.image_repository import ImageRepository, ImageRepositoryArgs
from stacks.components.model_registry import ModelRegistry, ModelRegistryArgs
from stacks.components.permission_boundary import PermissionBoundary
from stacks.components.shared_models import SharedModels, SharedModelsArgs
from stacks.documents import key, tooling
from stacks.settings import Platform, load
from stacks.tooling import entries
from stacks.tooling.settings import ToolingSettings

platform = load(Platform, "platform")
settings = load(ToolingSettings, "tooling")
opts = provider.options(platform, "tooling")

models_key = EncryptionKey(
    shared_registry.MODELS,
    EncryptionKeyArgs(
        alias=names.key_alias(platform, shared_registry.MODELS),
        description=f"{platform.project}: models and images of all environments",
        policy=tooling.key_policy(platform, settings.environments),
        deletion_window_days=settings.key_deletion_window_days,
    ),
    opts,
)
alerts_key = EncryptionKey(
    "alerts",
    EncryptionKeyArgs(
        alias=names.key_alias(platform, "alerts"),
        description=f"{platform.project}: notices of the tooling account",
        policy=key.key_policy(platform, ["logs"]),
        deletion_window_days=settings.key_deletion_window_days,
    ),
    opts,
)
topic = AlertTopic(
    "alerts", AlertTopicArgs(platform=platform, kms_key_arn=alerts_key.arn, email=platform.owner_email), opts
)
models_args = SharedModelsArgs(platform=platform, settings=settings, kms_key_arn=models_key.arn)
models = SharedModels("shared", models_args, opts)
images = ImageRepository(
    shared_registry.IMAGES,
    ImageRepositoryArgs(
        platform=platform,
        kms_key_arn=models_key.arn,
        policy=tooling.repository_policy(platform, settings.environments, settings.pushers),
        untagged_image_days=settings.untagged_image_days,
        alarm_topic_arn=topic.arn,
    ),
    opts,
)
registry = ModelRegistry(
    "models",
    ModelRegistryArgs(
        platform=platform,
        group=settings.model_package_group,
        alarm_topic_arn=topic.arn,
        policy=tooling.shared_registry_policy(
            platform, settings.environments, settings.model_package_group, settings.approver_role_arns
        ),
    ),
    opts,
)
entry_roles = {}
if settings.ci_issuer_url:
    boundary = PermissionBoundary("entry-boundary", entries.boundary(platform, settings), opts)
    entry_roles = entries.deploy(platform, settings, boundary.arn, opts)

pulumi.export("repository_url", images.repository_url)
pulumi.export("model_package_group_arn", registry.group_arn)
pulumi.export("models_bucket_name", models.bucket_name)
pulumi.export("models_key_arn", models_key.arn)
pulumi.export("entry_role_arns", entry_roles)
