"""Real-time serving: log and rollback alarms always, the endpoint once a model is approved."""

from __future__ import annotations

import json

import pulumi

from stacks.components.endpoint_autoscaling import EndpointAutoscaling, EndpointAutoscalingArgs
from stacks.components.endpoint_hours import EndpointHours, EndpointHoursArgs
from stacks.components.gradual_endpoint import VARIANT
from stacks.components.realtime_endpoint import SHADOW_VARIANT, RealtimeEndpoint, Shadow
from stacks.serving import asked
from stacks.serving.ground import Exports, Ground
from stacks.serving.settings import RealtimeSettings
from stacks.settings import load


def deploy(ground: Ground) -> Exports:
    """Create what answers requests; return the exports `realtime_endpoint_name`, `_variant_name`, `_records_uri`.

    Captured requests of an hour lie below `realtime_records_uri`/yyyy/mm/dd/hh, in UTC. While no model is
    approved, the export `planned_endpoint` (JSON) says how large the endpoint will be, so that its cost is known
    before.
    """
    settings = load(RealtimeSettings, "serving", RealtimeSettings.PREFIX)
    endpoint_name = ground.endpoint_name("endpoint")
    ground.log("endpoint", f"/aws/sagemaker/Endpoints/{endpoint_name}")
    alarms = ground.rollback_alarms(
        "rollback",
        endpoint_name,
        VARIANT,
        latency_p99_ms=settings.latency_p99_ms,
        error_percent=settings.error_percent,
    )
    exports: Exports = {
        "realtime_endpoint_name": endpoint_name,
        "realtime_variant_name": VARIANT,
        "realtime_records_uri": pulumi.Output.format("{0}/{1}/{2}", ground.capture_uri, endpoint_name, VARIANT),
    }
    if not ground.settings.model_package_arn:
        return {**exports, "planned_endpoint": _planned(ground, settings)}
    endpoint = RealtimeEndpoint(
        "endpoint",
        ground.fleet(settings, endpoint_name, alarms),
        ground.opts,
        shadow=_shadow(ground, settings, endpoint_name),
    )
    _sized(ground, settings, endpoint)
    config_name = endpoint.endpoint_config_name
    return {
        **exports,
        "realtime_endpoint_config_name": config_name,
        "realtime_asked": _asked(ground, settings, endpoint_name, config_name),
    }


def _asked(
    ground: Ground, settings: RealtimeSettings, endpoint_name: str, endpoint_config_name: pulumi.Output[str]
) -> pulumi.Output[str]:
    has_hours = bool(ground.settings.stop_schedule_expression and ground.settings.start_schedule_expression)
    live = {
        "name": VARIANT,
        "model_name": ground.model_name,
        "model_package_arn": ground.settings.model_package_arn,
        "instance_type": settings.instance_type,
        "weight": 1,
        "min_capacity": None if has_hours else settings.min_capacity,
        "max_capacity": None if has_hours else settings.max_capacity,
    }
    shadow = {
        "name": SHADOW_VARIANT,
        "shadow": True,
        "model_package_arn": settings.shadow_model_package_arn,
        "instance_type": settings.instance_type,
        "weight": settings.shadow_percent / 100,
    }
    return asked.endpoint(
        endpoint_name,
        endpoint_config_name,
        [live, shadow] if settings.shadow_model_package_arn else [live],
        capture_percent=settings.capture_percent,
        network_isolation=ground.settings.network_isolation,
        has_hours=has_hours,
    )


def _planned(ground: Ground, settings: RealtimeSettings) -> str:
    size = {
        "instance_type": settings.instance_type,
        "min_capacity": settings.min_capacity,
        "max_capacity": settings.max_capacity,
        "target_invocations_per_instance_per_minute": settings.target_invocations_per_instance_per_minute,
        "capture_percent": settings.capture_percent,
        "stop_schedule_expression": ground.settings.stop_schedule_expression,
        "start_schedule_expression": ground.settings.start_schedule_expression,
    }
    return json.dumps({key: value for key, value in size.items() if value is not None}, sort_keys=True)


def _shadow(ground: Ground, settings: RealtimeSettings, endpoint_name: str) -> Shadow | None:
    if settings.shadow_model_package_arn is None:
        return None
    # Nobody waits for the candidate's answers, so these alarms tell people and roll nothing back.
    ground.rollback_alarms(
        "shadow",
        endpoint_name,
        SHADOW_VARIANT,
        latency_p99_ms=settings.latency_p99_ms,
        error_percent=settings.error_percent,
        purpose="candidate",
    )
    candidate = ground.model("candidate", settings.shadow_model_package_arn)
    return Shadow(model_name=candidate.model_name, percent=settings.shadow_percent)


def _sized(ground: Ground, settings: RealtimeSettings, endpoint: RealtimeEndpoint) -> None:
    """Scale the endpoint, or stop it for the night: a scalable target does not outlive the endpoint that it scales."""
    if ground.settings.stop_schedule_expression and ground.settings.start_schedule_expression:
        EndpointHours(
            "endpoint-hours",
            EndpointHoursArgs(
                platform=ground.platform,
                endpoint_name=endpoint.endpoint_name,
                endpoint_config_name=endpoint.endpoint_config_name,
                stop_expression=ground.settings.stop_schedule_expression,
                start_expression=ground.settings.start_schedule_expression,
                timezone=ground.settings.hours_timezone,
                volume_key_arn=ground.foundation.require("models_key_arn"),
                kms_key_arn=ground.foundation.require("logs_key_arn"),
                alarm_topic_arn=ground.alert_topic_arn,
            ),
            ground.opts,
        )
        return
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
