"""Alarms of each endpoint."""

from __future__ import annotations

from stacks.components.endpoint_alarms import EndpointAlarms, EndpointAlarmsArgs
from stacks.documents.endpoint_signals import Limits
from stacks.monitoring.ground import Ground

_NAMES = {"realtime": "endpoint", "inference_components": "components", "multi_model": "multi-model"}


def watch(ground: Ground) -> None:
    """Create the alarms of the endpoint of each mode that has one."""
    settings = ground.settings
    for mode in ground.endpoint_modes:
        EndpointAlarms(
            _NAMES.get(mode, mode),
            EndpointAlarmsArgs(
                mode=mode,
                name_prefix=ground.source(mode),
                endpoint_name=ground.serving.require(f"{mode}_endpoint_name"),
                variant_name=ground.serving.require(f"{mode}_variant_name"),
                limits=Limits(
                    latency_p99_ms=settings.latency_p99_ms,
                    error_percent=settings.error_percent,
                    client_error_percent=settings.client_error_percent,
                    saturation_percent=settings.saturation_percent,
                    gpu=mode in settings.gpu_modes,
                    backlog_requests=settings.backlog_requests,
                    backlog_minutes=settings.backlog_minutes,
                    cache_hit_percent=settings.cache_hit_percent,
                    loading_wait_ms=settings.loading_wait_ms,
                ),
                alarm_topic_arn=ground.alert_topic_arn,
                urgent_topic_arn=ground.urgent_topic_arn,
            ),
            ground.opts,
        )
