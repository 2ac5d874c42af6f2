"""The SageMaker pipeline that trains and registers, and what is said when it fails."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.notification import Notification, NotificationArgs
from stacks.documents.training_facts import TrainingFacts, TrainingLimits
from stacks.documents.training_pipeline import definition
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class TrainingPipelineArgs:
    """Roles, network, key and places of the jobs; their sizes, limits and gates are in `limits`.

    Data is read below `features/training` of `features_bucket`, results are written below `output_uri`, encrypted with
    `output_key_arn`. The file system feeds the jobs, the queue asks a cluster for training, where there are some.
    """

    platform: Platform
    limits: TrainingLimits
    image_uri: pulumi.Input[str]
    pipeline_role_arn: pulumi.Input[str]
    training_role_arn: pulumi.Input[str]
    processing_role_arn: pulumi.Input[str]
    subnet_ids: pulumi.Input[list[str]]
    security_group_id: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    features_bucket: pulumi.Input[str]
    output_uri: pulumi.Input[str]
    output_key_arn: pulumi.Input[str]
    model_package_group: pulumi.Input[str]
    tracking_arn: pulumi.Input[str | None]
    alarm_topic_arn: pulumi.Input[str]
    file_system_id: pulumi.Input[str | None] = None
    file_system_mount_name: pulumi.Input[str | None] = None
    request_queue_url: pulumi.Input[str | None] = None


class TrainingPipeline(pulumi.ComponentResource):
    """A pipeline whose steps carry network, keys, limits and isolation: the guardrails accept no other."""

    arn: pulumi.Output[str]
    pipeline_name: pulumi.Output[str]

    def __init__(self, name: str, args: TrainingPipelineArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:training:TrainingPipeline", name, None, opts)
        full_name = names.resource_name(args.platform, name)
        pipeline = aws.sagemaker.Pipeline(
            name,
            pipeline_name=full_name,
            pipeline_display_name=full_name,
            pipeline_description="Contract check, training, evaluation, gate, registration for approval",
            role_arn=args.pipeline_role_arn,
            pipeline_definition=_facts(args).apply(lambda facts: json.dumps(definition(facts))),
            parallelism_configuration={"max_parallel_execution_steps": 2},
            opts=pulumi.ResourceOptions(parent=self),
        )
        Notification(
            f"{name}-failed",
            NotificationArgs(
                platform=args.platform,
                component=f"{name}-failed",
                description="A run of the training pipeline failed",
                pattern={
                    "source": ["aws.sagemaker"],
                    "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
                    "detail": {
                        "pipelineArn": [names.service_arn(args.platform, "sagemaker", f"pipeline/{full_name}")],
                        "currentPipelineExecutionStatus": ["Failed"],
                    },
                },
                message="Training run <run> failed.",
                fields={"run": "$.detail.pipelineExecutionArn"},
                topic_arn=args.alarm_topic_arn,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.arn = pipeline.arn
        self.pipeline_name = pipeline.pipeline_name
        self.register_outputs({"arn": self.arn, "pipeline_name": self.pipeline_name})


def _facts(args: TrainingPipelineArgs) -> pulumi.Output[TrainingFacts]:
    resolved = pulumi.Output.all(
        image_uri=args.image_uri,
        training_role_arn=args.training_role_arn,
        processing_role_arn=args.processing_role_arn,
        subnet_ids=args.subnet_ids,
        security_group_id=args.security_group_id,
        kms_key_arn=args.kms_key_arn,
        output_key_arn=args.output_key_arn,
        input_uri=pulumi.Output.format("s3://{0}/features/training", args.features_bucket),
        output_uri=args.output_uri,
        model_package_group=args.model_package_group,
        tracking_arn=args.tracking_arn,
        file_system_id=args.file_system_id,
        file_system_mount_name=args.file_system_mount_name,
        request_queue_url=args.request_queue_url,
    )

    def merge(given: dict[str, Any]) -> TrainingFacts:
        return TrainingFacts(**asdict(args.limits), **given)

    return resolved.apply(merge)
