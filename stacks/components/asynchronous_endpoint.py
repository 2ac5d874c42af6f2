"""An asynchronous endpoint: requests and answers in S3, notices to topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.capture import capture_config
from stacks.documents.rollout import deployment_config
from stacks.instance_storage import has_local_storage
from stacks.settings import Platform

VARIANT = "live"


@dataclass(frozen=True, kw_only=True)
class AsynchronousEndpointArgs:
    """Answers go below `answers_uri`, failures below `failures_uri`, both encrypted with `capture_key_arn`.

    `concurrent_invocations` is how many requests one container is sent at once, 1 to 1,000. `rollout` is as for
    a real-time endpoint.
    """

    platform: Platform
    endpoint_name: str
    model_name: pulumi.Input[str]
    instance_type: str
    instance_count: int
    volume_key_arn: pulumi.Input[str]
    answers_uri: pulumi.Input[str]
    failures_uri: pulumi.Input[str]
    answered_topic_arn: pulumi.Input[str]
    failed_topic_arn: pulumi.Input[str]
    concurrent_invocations: int
    capture_uri: pulumi.Input[str]
    capture_key_arn: pulumi.Input[str]
    capture_percent: int
    rollout: str
    rollout_step_percent: int
    rollout_wait_seconds: int
    rollback_alarm_names: Sequence[pulumi.Input[str]]


class AsynchronousEndpoint(pulumi.ComponentResource):
    """Takes requests up to 1 GB that run up to an hour, and answers no other kind of call.

    Source: SageMaker Developer Guide, "Asynchronous inference", read 2026-11-25.
    """

    endpoint_name: pulumi.Output[str]
    endpoint_config_name: pulumi.Output[str]

    def __init__(self, name: str, args: AsynchronousEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:AsynchronousEndpoint", name, None, opts)
        configuration = aws.sagemaker.EndpointConfiguration(
            name,
            name_prefix=names.resource_name(args.platform, ""),
            kms_key_arn=None if has_local_storage(args.instance_type) else args.volume_key_arn,
            production_variants=[
                {
                    "variant_name": VARIANT,
                    "model_name": args.model_name,
                    "instance_type": args.instance_type,
                    "initial_instance_count": args.instance_count,
                    "initial_variant_weight": 1,
                }
            ],
            async_inference_config={
                "client_config": {"max_concurrent_invocations_per_instance": args.concurrent_invocations},
                "output_config": {
                    "s3_output_path": args.answers_uri,
                    "s3_failure_path": args.failures_uri,
                    "kms_key_id": args.capture_key_arn,
                    "notification_config": {
                        "success_topic": args.answered_topic_arn,
                        "error_topic": args.failed_topic_arn,
                    },
                },
            },
            data_capture_config=capture_config(args.capture_percent, args.capture_uri, args.capture_key_arn),
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=False,
                # Autoscaling owns the count once the endpoint is live.
                ignore_changes=["productionVariants[0].initialInstanceCount"],
            ),
        )
        endpoint = aws.sagemaker.Endpoint(
            name,
            name=args.endpoint_name,
            endpoint_config_name=configuration.name,
            deployment_config=deployment_config(
                args.rollout, args.rollout_step_percent, args.rollout_wait_seconds, args.rollback_alarm_names
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.endpoint_name = endpoint.name
        self.endpoint_config_name = configuration.name
        self.register_outputs({"endpoint_name": self.endpoint_name, "endpoint_config_name": self.endpoint_config_name})
