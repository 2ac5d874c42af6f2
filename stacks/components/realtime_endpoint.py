"""A real-time endpoint with capture, gradual updates and automatic rollback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.rollout import deployment_config
from stacks.instance_storage import has_local_storage
from stacks.settings import Platform

VARIANT = "live"


@dataclass(frozen=True, kw_only=True)
class RealtimeEndpointArgs:
    """Capture goes below `capture_uri`; `capture_percent` is 0 to 100.

    `rollout` is `canary`, `linear` or `all_at_once`; `rollout_step_percent` is 10 to 50, the wait is in seconds.
    """

    platform: Platform
    endpoint_name: str
    model_name: pulumi.Input[str]
    instance_type: str
    instance_count: int
    volume_key_arn: pulumi.Input[str]
    capture_uri: pulumi.Input[str]
    capture_key_arn: pulumi.Input[str]
    capture_percent: int
    rollout: str
    rollout_step_percent: int
    rollout_wait_seconds: int
    rollback_alarm_names: Sequence[pulumi.Input[str]]


class RealtimeEndpoint(pulumi.ComponentResource):
    """Configurations cannot be changed: each gets a name of its own and is made before the old one goes.

    SageMaker reports an update that rolled back as a success, so what is live is verified after each
    deployment by comparing `endpoint_config_name`.
    """

    endpoint_name: pulumi.Output[str]
    endpoint_config_name: pulumi.Output[str]

    def __init__(self, name: str, args: RealtimeEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:RealtimeEndpoint", name, None, opts)
        configuration = aws.sagemaker.EndpointConfiguration(
            name,
            name_prefix=f"{names.resource_name(args.platform, '')}",
            # SageMaker refuses a volume key for instances that store on NVMe disks of their own.
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
            data_capture_config={
                "enable_capture": args.capture_percent > 0,
                "initial_sampling_percentage": args.capture_percent,
                "destination_s3_uri": args.capture_uri,
                "kms_key_id": args.capture_key_arn,
                "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
                "capture_content_type_header": {
                    "csv_content_types": ["text/csv"],
                    "json_content_types": ["application/json"],
                },
            },
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
