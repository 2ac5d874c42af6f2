"""How an endpoint moves to a new configuration, and what turns it back."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi_aws.sagemaker import (
        EndpointDeploymentConfigArgsDict,
        EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationArgsDict,
    )

TERMINATION_WAIT_SECONDS = 600
"""Seconds for which the old fleet stays after the last shift: rolling back within them is immediate."""

START_ALLOWANCE_SECONDS = 7200
"""Seconds granted for the start of the new fleet; large images and models take most of an hour."""

LONGEST_UPDATE_SECONDS = 28_800
"""SageMaker's own limit (API Reference, BlueGreenUpdatePolicy, read 2026-11-23)."""


def deployment_config(
    rollout: str, step_percent: int, wait_seconds: int, alarm_names: Sequence[object]
) -> EndpointDeploymentConfigArgsDict:
    """Return an update that rolls back when one of `alarm_names` fires.

    `rollout` is `canary` (a first step, then the rest), `linear` (steps of equal size), `all_at_once`, each with a
    second fleet beside the first, or `rolling`: batch by batch, which needs no second fleet.
    """
    if rollout == "rolling":
        return _rolling(step_percent, wait_seconds, alarm_names)
    return {
        "blue_green_update_policy": {
            "traffic_routing_configuration": _routing(rollout, step_percent, wait_seconds),
            "termination_wait_in_seconds": TERMINATION_WAIT_SECONDS,
            "maximum_execution_timeout_in_seconds": _timeout(rollout, step_percent, wait_seconds),
        },
        "auto_rollback_configuration": {"alarms": [{"alarm_name": name} for name in alarm_names]},  # type: ignore[typeddict-item]
    }


def _rolling(step_percent: int, wait_seconds: int, alarm_names: Sequence[object]) -> EndpointDeploymentConfigArgsDict:
    return {
        "rolling_update_policy": {
            "maximum_batch_size": {"type": "CAPACITY_PERCENT", "value": step_percent},
            "wait_interval_in_seconds": wait_seconds,
            "maximum_execution_timeout_in_seconds": _timeout("rolling", step_percent, wait_seconds),
            # The whole old fleet at once: going back must not take as long as going forward.
            "rollback_maximum_batch_size": {"type": "CAPACITY_PERCENT", "value": 100},
        },
        "auto_rollback_configuration": {"alarms": [{"alarm_name": name} for name in alarm_names]},  # type: ignore[typeddict-item]
    }


def _routing(
    rollout: str, step_percent: int, wait_seconds: int
) -> EndpointDeploymentConfigBlueGreenUpdatePolicyTrafficRoutingConfigurationArgsDict:
    if rollout == "canary":
        return {
            "type": "CANARY",
            "wait_interval_in_seconds": wait_seconds,
            "canary_size": {"type": "CAPACITY_PERCENT", "value": step_percent},
        }
    if rollout == "linear":
        return {
            "type": "LINEAR",
            "wait_interval_in_seconds": wait_seconds,
            "linear_step_size": {"type": "CAPACITY_PERCENT", "value": step_percent},
        }
    return {"type": "ALL_AT_ONCE", "wait_interval_in_seconds": wait_seconds}


def _timeout(rollout: str, step_percent: int, wait_seconds: int) -> int:
    steps = ceil(100 / step_percent) if rollout in {"linear", "rolling"} else 1
    waiting = steps * wait_seconds + TERMINATION_WAIT_SECONDS
    return min(LONGEST_UPDATE_SECONDS, waiting + START_ALLOWANCE_SECONDS)
