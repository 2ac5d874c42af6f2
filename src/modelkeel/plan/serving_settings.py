"""The configuration of the serving program: what the modes share, then the keys of each."""

from __future__ import annotations

import math
from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan import exposure, hours, language_server_settings
from modelkeel.plan.async_fleet import AsyncFleet
from modelkeel.plan.model_copies import ModelCopies
from modelkeel.plan.serverless_size import ServerlessSize
from modelkeel.plan.serving import Serving
from modelkeel.plan.topics import Topics

SMALLEST_STEP_PERCENT = 10
LARGEST_STEP_PERCENT = 50
WAIT_SECONDS = 600
ERROR_PERCENT = 1.0
CLIENT_ERROR_PERCENT = 5.0
LANGUAGE_LATENCY_SHARE = 2 / 3


def serving(
    answers: Answers, topics: Topics, environment: str, *, package: str = "", image_tag: str = ""
) -> dict[str, Any]:
    """Return the settings of the serving program: those of the modes that are chosen."""
    modes = topics.modes.of(environment)
    settings: dict[str, Any] = {
        "modes": list(modes.names),
        "network_isolation": topics.regime.has("network_isolation"),
        "log_retention_days": topics.regime.log_group_days,
    }
    if environment == "dev" and answers.dev_hours == "workdays" and (modes.realtime or modes.many):
        settings |= {
            "stop_schedule_expression": hours.STOP,
            "start_schedule_expression": hours.START,
            "hours_timezone": answers.timezone,
        }
    latency = latency_p99_ms(answers, topics)
    parts: dict[str, dict[str, Any]] = {}
    if modes.realtime is not None:
        days = {"shadow_days": answers.shadow_days} if answers.rollout == "shadow_then_canary" else {}
        parts["realtime"] = {**_realtime(modes.realtime, environment), **days}
    if modes.many is not None:
        parts["multi_model"] = {**_realtime(modes.many, environment), "image_tag": image_tag}
    if modes.copies is not None:
        parts["inference_components"] = _copies(modes.copies, environment, latency, modes.record_percent)
    if modes.asynchronous is not None:
        parts["async"] = _async(modes.asynchronous, topics, environment, latency)
    if modes.serverless is not None:
        parts["serverless"] = _serverless(modes.serverless, latency, modes.record_percent)
    if modes.scoring is not None:
        parts["batch"] = _batch(answers, modes.scoring)
    if modes.servers is not None:
        parts["eks"] = language_server_settings.serving(
            answers, topics, environment, package=package, image_tag=image_tag
        )
    settings |= exposure.serving(answers, topics, environment, latency_p99_ms=latency, error_percent=ERROR_PERCENT)
    return {**settings, **{f"{mode}_{key}": value for mode, part in parts.items() for key, value in part.items()}}


def latency_p99_ms(answers: Answers, topics: Topics) -> int:
    """Return the milliseconds of the model's own time above which an endpoint is slow."""
    return topics.serving.latency_p99_ms or max(1, math.floor(answers.p99_ms * LANGUAGE_LATENCY_SHARE))


def rollout_of(rollout: str, count: int) -> dict[str, Any]:
    """Return how a fleet of `count` is updated: in steps of one instance or a tenth, or, if it is one, at once.

    A step is a share of the fleet from 10 to 50 percent, and one instance at least.
    """
    step = max(SMALLEST_STEP_PERCENT, min(LARGEST_STEP_PERCENT, math.ceil(100 / count)))
    return {
        "rollout": rollout if count > 1 else "all_at_once",
        "rollout_step_percent": step,
        "rollout_wait_seconds": WAIT_SECONDS,
    }


def _realtime(sizes: Serving, environment: str) -> dict[str, Any]:
    count = sizes.min_capacity[environment]
    return {
        "instance_type": sizes.instance_type,
        "instance_count": count,
        "min_capacity": count,
        "max_capacity": sizes.max_capacity[environment],
        "target_invocations_per_instance_per_minute": sizes.target_invocations_per_minute,
        "scale_in_cooldown_seconds": sizes.scale_in_cooldown_seconds,
        "scale_out_cooldown_seconds": sizes.scale_out_cooldown_seconds,
        "capture_percent": sizes.capture_percent,
        **rollout_of(sizes.rollout, count),
        "latency_p99_ms": sizes.latency_p99_ms,
        "error_percent": ERROR_PERCENT,
    }


def _copies(sizes: ModelCopies, environment: str, latency: int, percent: int) -> dict[str, Any]:
    return {
        "instance_type": sizes.instance_type,
        "min_copies": sizes.min_copies[environment],
        "max_copies": sizes.max_copies[environment],
        "min_instances": sizes.min_instances[environment],
        "max_instances": sizes.max_instances[environment],
        "accelerators": sizes.accelerators,
        "cpu_cores": sizes.cpu_cores,
        "memory_mb": sizes.memory_mb,
        "concurrent_requests_per_copy": sizes.concurrent_requests,
        **({"record_percent": percent} if percent else {}),
        "rollout_wait_seconds": WAIT_SECONDS,
        "latency_p99_ms": latency,
        "error_percent": ERROR_PERCENT,
    }


def _async(sizes: AsyncFleet, topics: Topics, environment: str, latency: int) -> dict[str, Any]:
    count = sizes.start[environment]
    return {
        "instance_type": sizes.instance_type,
        "instance_count": count,
        "min_capacity": sizes.min_capacity[environment],
        "max_capacity": sizes.max_capacity[environment],
        "backlog_per_instance": sizes.backlog_per_instance,
        "scale_in_cooldown_seconds": 900 if sizes.gpu else 600,
        "scale_out_cooldown_seconds": 300,
        "capture_percent": topics.serving.capture_percent or 100,
        **rollout_of(topics.serving.rollout if topics.serving.rollout != "all_at_once" else "canary", count),
        "latency_p99_ms": latency,
        "error_percent": ERROR_PERCENT,
    }


def _serverless(sizes: ServerlessSize, latency: int, percent: int) -> dict[str, Any]:
    return {
        "memory_mb": sizes.memory_mb,
        "max_concurrency": sizes.max_concurrency,
        **({"record_percent": percent} if percent else {}),
        "latency_p99_ms": latency,
    }


def _batch(answers: Answers, sizes: Serving) -> dict[str, Any]:
    return {
        "instance_type": sizes.instance_type,
        "instance_count": sizes.batch_count,
        "schedule_expression": "cron(0 4 * * ? *)",
        "schedule_timezone": answers.timezone,
        "max_payload_mib": 6,
        "content_type": "text/csv",
    }
