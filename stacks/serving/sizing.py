"""How many instances an endpoint has by the hour: scaled by its requests, or stopped for the night."""

from __future__ import annotations

import json
from typing import Protocol

import pulumi

from stacks.components.endpoint_autoscaling import EndpointAutoscaling, EndpointAutoscalingArgs
from stacks.components.endpoint_hours import EndpointHours, EndpointHoursArgs
from stacks.components.gradual_endpoint import VARIANT
from stacks.serving.ground import Ground


class Sizes(Protocol):
    """The settings of a fleet that follows its requests."""

    @property
    def instance_type(self) -> str:
        """SageMaker hosting instance."""

    @property
    def capture_percent(self) -> int:
        """Share of requests that are captured."""

    @property
    def min_capacity(self) -> int:
        """Least instances."""

    @property
    def max_capacity(self) -> int:
        """Most instances."""

    @property
    def target_invocations_per_instance_per_minute(self) -> int:
        """Invocations a minute that one instance carries."""

    @property
    def scale_in_cooldown_seconds(self) -> int:
        """Seconds between two removals."""

    @property
    def scale_out_cooldown_seconds(self) -> int:
        """Seconds between two additions."""


def planned(ground: Ground, sizes: Sizes) -> str:
    """Return the export (JSON) that says how large an endpoint will be once a model is approved."""
    size = {
        "instance_type": sizes.instance_type,
        "min_capacity": sizes.min_capacity,
        "max_capacity": sizes.max_capacity,
        "target_invocations_per_instance_per_minute": sizes.target_invocations_per_instance_per_minute,
        "capture_percent": sizes.capture_percent,
        "stop_schedule_expression": ground.settings.stop_schedule_expression,
        "start_schedule_expression": ground.settings.start_schedule_expression,
    }
    return json.dumps({key: value for key, value in size.items() if value is not None}, sort_keys=True)


def has_hours(ground: Ground) -> bool:
    """Tell whether the endpoint is away at night; then nothing scales it."""
    return bool(ground.settings.stop_schedule_expression and ground.settings.start_schedule_expression)


def size(
    ground: Ground,
    name: str,
    sizes: Sizes,
    endpoint_name: pulumi.Output[str],
    endpoint_config_name: pulumi.Output[str],
) -> None:
    """Scale the endpoint, or stop it for the night: a scalable target does not outlive the endpoint that it scales."""
    settings = ground.settings
    if settings.stop_schedule_expression and settings.start_schedule_expression:
        EndpointHours(
            f"{name}-hours",
            EndpointHoursArgs(
                platform=ground.platform,
                endpoint_name=endpoint_name,
                endpoint_config_name=endpoint_config_name,
                stop_expression=settings.stop_schedule_expression,
                start_expression=settings.start_schedule_expression,
                timezone=settings.hours_timezone,
                volume_key_arn=ground.foundation.require("models_key_arn"),
                kms_key_arn=ground.foundation.require("logs_key_arn"),
                alarm_topic_arn=ground.alert_topic_arn,
            ),
            ground.opts,
        )
        return
    EndpointAutoscaling(
        f"{name}-scaling",
        EndpointAutoscalingArgs(
            endpoint_name=endpoint_name,
            variant_name=VARIANT,
            min_capacity=sizes.min_capacity,
            max_capacity=sizes.max_capacity,
            target_invocations_per_minute=sizes.target_invocations_per_instance_per_minute,
            scale_in_cooldown_seconds=sizes.scale_in_cooldown_seconds,
            scale_out_cooldown_seconds=sizes.scale_out_cooldown_seconds,
        ),
        ground.opts,
    )
