"""An endpoint configuration and its endpoint: capture, gradual updates and automatic rollback, in whatever mode."""

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

AsyncInference = aws.sagemaker.EndpointConfigurationAsyncInferenceConfigArgsDict
ShadowVariant = aws.sagemaker.EndpointConfigurationShadowProductionVariantArgsDict

VARIANT = "live"


@dataclass(frozen=True, kw_only=True)
class GradualEndpointArgs:
    """Capture goes below `capture_uri`; `capture_percent` is 0 to 100.

    `rollout` is `canary`, `linear`, `rolling` or `all_at_once`; `rollout_step_percent` is 10 to 50, the wait is in
    seconds.
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


@dataclass(frozen=True, kw_only=True)
class GradualEndpoint:
    """The names of a live endpoint and of the configuration that it was asked to take."""

    endpoint_name: pulumi.Output[str]
    endpoint_config_name: pulumi.Output[str]


def gradual_endpoint(
    name: str,
    args: GradualEndpointArgs,
    parent: pulumi.Resource,
    *,
    async_inference: AsyncInference | None = None,
    shadows: list[ShadowVariant] | None = None,
) -> GradualEndpoint:
    """Create both below `parent`.

    Configurations cannot be changed: each gets a name of its own, and the old one stays. SageMaker reports an update
    that rolled back as a success, so what is live is verified after each deployment by comparing
    `endpoint_config_name`; `make up` then removes what two updates have left behind.
    """
    configuration = aws.sagemaker.EndpointConfiguration(
        name,
        name_prefix=names.resource_name(args.platform, ""),
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
        shadow_production_variants=shadows,
        async_inference_config=async_inference,
        data_capture_config=capture_config(args.capture_percent, args.capture_uri, args.capture_key_arn),
        opts=pulumi.ResourceOptions(
            parent=parent,
            delete_before_replace=False,
            # An update that SageMaker rolls back counts as a success: what it goes back to must still be there.
            retain_on_delete=True,
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
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return GradualEndpoint(endpoint_name=endpoint.name, endpoint_config_name=configuration.name)
