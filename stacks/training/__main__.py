"""Image repository, experiment tracking, model registry and the training pipeline."""

import pulumi

from stacks import alerts, provider, settings
from stacks.components.experiment_tracking import ExperimentTracking, ExperimentTrackingArgs
from stacks.components.schedule import Schedule, ScheduleArgs
from stacks.components.training_pipeline import TrainingPipeline, TrainingPipelineArgs
from stacks.settings import Platform
from stacks.training import clusters, registry
from stacks.training.ground import Ground
from stacks.training.settings import TrainingSettings
from stacks.upstream import Upstream

platform = settings.load(Platform, "platform")
training = settings.load(TrainingSettings, "training")
opts = provider.options(platform, "training")

identity = Upstream(platform, "identity")
foundation = Upstream(platform, "foundation")
data = Upstream(platform, "data")
alert_topic = alerts.topic_arn(platform)

shelf = registry.deploy(
    platform, training, {"identity": identity, "foundation": foundation, "data": data}, alert_topic, opts
)
image_uri = pulumi.Output.format("{0}:{1}", shelf.repository_url, training.image_tag)
tracking = (
    ExperimentTracking(
        "tracking",
        ExperimentTrackingArgs(
            platform=platform,
            bucket_name=data.require("models_bucket_name"),
            bucket_arn=data.require("models_bucket_arn"),
            kms_key_arn=foundation.require("models_key_arn"),
        ),
        opts,
    )
    if training.tracking == "mlflow_app"
    else None
)
machines = clusters.deploy(
    Ground(
        platform=platform,
        settings=training,
        identity=identity,
        foundation=foundation,
        data=data,
        image_uri=image_uri,
        output_key_arn=shelf.output_key_arn,
        alert_topic_arn=alert_topic,
        opts=opts,
    )
)
pipeline = TrainingPipeline(
    "training",
    TrainingPipelineArgs(
        platform=platform,
        limits=training.limits(),
        image_uri=image_uri,
        pipeline_role_arn=identity.require("pipeline_role_arn"),
        training_role_arn=identity.require("training_role_arn"),
        processing_role_arn=identity.require("processing_role_arn"),
        subnet_ids=foundation.require("private_subnet_ids"),
        security_group_id=foundation.require("job_security_group_id"),
        kms_key_arn=foundation.require("models_key_arn"),
        features_bucket=data.require("features_bucket_name"),
        output_uri=shelf.output_uri,
        output_key_arn=shelf.output_key_arn,
        model_package_group=shelf.registered_as,
        tracking_arn=tracking.arn if tracking else None,
        alarm_topic_arn=alert_topic,
        file_system_id=machines.file_system_id,
        file_system_mount_name=machines.file_system_mount_name,
        request_queue_url=machines.request_queue_url,
    ),
    opts,
)
if training.schedule_expression:
    Schedule(
        "training-start",
        ScheduleArgs(
            platform=platform,
            component="training-start",
            description="Starts the training pipeline",
            expression=training.schedule_expression,
            timezone=training.schedule_timezone,
            target_arn=pipeline.arn,
            role_arn=identity.require("scheduler_role_arn"),
            kms_key_arn=foundation.require("logs_key_arn"),
            alarm_topic_arn=alert_topic,
        ),
        opts,
    )

pulumi.export("repository_url", shelf.repository_url)
pulumi.export("output_key_arn", shelf.output_key_arn)
pulumi.export("model_package_group_name", shelf.registered_as)
pulumi.export("model_package_group_arn", shelf.group_arn)
pulumi.export("pipeline_name", pipeline.pipeline_name)
pulumi.export("pipeline_arn", pipeline.arn)
if tracking:
    pulumi.export("tracking_arn", tracking.arn)
