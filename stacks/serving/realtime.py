"""Real-time serving: log and rollback alarms always, the endpoint once a model is approved."""

from __future__ import annotations

import json

import pulumi

from stacks.components.endpoint_autoscaling import EndpointAutoscaling, EndpointAutoscalingArgs
from stacks.components.log_group import log_group
from stacks.components.realtime_endpoint import VARIANT, RealtimeEndpoint, RealtimeEndpointArgs
from stacks.components.rollback_alarms import RollbackAlarms, RollbackAlarmsArgs
from stacks.serving.ground import Ground
from stacks.serving.settings import ServingSettings


def deploy(ground: Ground) -> dict[str, pulumi.Input[str]]:
    """Create what answers requests; return the exports `endpoint_name`, `variant_name` and `records_uri`.

    Captured requests of an hour lie below `records_uri`/yyyy/mm/dd/hh, in UTC. While no model is approved,
    the export `planned_endpoint` (JSON) says how large the endpoint will be, so that its cost is known before.
    """
    settings = ground.settings
    log_group(
        "endpoint",
        log_group_name=f"/aws/sagemaker/Endpoints/{ground.endpoint_name}",
        kms_key_arn=ground.foundation.require("logs_key_arn"),
        retention_days=settings.log_retention_days,
        opts=ground.opts,
    )
    alarms = RollbackAlarms(
        "rollback",
        RollbackAlarmsArgs(
            endpoint_name=ground.endpoint_name,
            variant_name=VARIANT,
            latency_p99_ms=settings.latency_p99_ms,
            error_percent=settings.error_percent,
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )
    capture_uri = pulumi.Output.format("s3://{0}/capture", ground.data.require("capture_bucket_name"))
    if settings.model_package_arn:
        _endpoint(ground, settings.model_package_arn, capture_uri, alarms)
    else:
        pulumi.export("planned_endpoint", _planned(settings))
    return {
        "endpoint_name": ground.endpoint_name,
        "variant_name": VARIANT,
        "records_uri": pulumi.Output.format("{0}/{1}/{2}", capture_uri, ground.endpoint_name, VARIANT),
    }


def _planned(settings: ServingSettings) -> str:
    size = {
        "instance_type": settings.instance_type,
        "min_capacity": settings.min_capacity,
        "max_capacity": settings.max_capacity,
        "target_invocations_per_instance_per_minute": settings.target_invocations_per_instance_per_minute,
        "capture_percent": settings.capture_percent,
    }
    return json.dumps(size, sort_keys=True)


def _endpoint(ground: Ground, package_arn: str, capture_uri: pulumi.Output[str], alarms: RollbackAlarms) -> None:
    settings = ground.settings
    endpoint = RealtimeEndpoint(
        "endpoint",
        RealtimeEndpointArgs(
            platform=ground.platform,
            endpoint_name=ground.endpoint_name,
            model_name=ground.approved_model(package_arn).model_name,
            instance_type=settings.instance_type,
            instance_count=settings.instance_count,
            volume_key_arn=ground.foundation.require("models_key_arn"),
            capture_uri=capture_uri,
            capture_key_arn=ground.foundation.require("capture_key_arn"),
            capture_percent=settings.capture_percent,
            rollout=settings.rollout,
            rollout_step_percent=settings.rollout_step_percent,
            rollout_wait_seconds=settings.rollout_wait_seconds,
            rollback_alarm_names=alarms.alarm_names,
        ),
        ground.opts,
    )
    EndpointAutoscaling(
        "endpoint-scaling",
        EndpointAutoscalingArgs(
            endpoint_name=endpoint.endpoint_name,
            variant_name=VARIANT,
            min_capacity=settings.min_capacity,
            max_capacity=settings.max_capacity,
            target_invocations_per_minute=settings.target_invocations_per_instance_per_minute,
            scale_in_cooldown_seconds=settings.scale_in_cooldown_seconds,
            scale_out_cooldown_seconds=settings.scale_out_cooldown_seconds,
        ),
        ground.opts,
    )
    pulumi.export("endpoint_config_name", endpoint.endpoint_config_name)
