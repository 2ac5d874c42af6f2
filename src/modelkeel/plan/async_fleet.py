"""The fleet of an asynchronous endpoint: from nothing up to what the busiest minute asks for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.plan.capacity import SAFETY_FACTOR, Carrier, carriers, instances_needed
from modelkeel.plan.decision import Decision

SURGE = 1.5
PATIENT_MS = 600_000
LEAST_INSTANCES = 2
SOURCE = "SageMaker Developer Guide, Autoscale an asynchronous endpoint"


@dataclass(frozen=True, kw_only=True)
class AsyncFleet:
    """Decided sizes; capacities are by environment, `gpu` says whether the instances have any."""

    instance_type: str
    gpu: bool
    min_capacity: Mapping[str, int]
    max_capacity: Mapping[str, int]
    start: Mapping[str, int]
    backlog_per_instance: int
    decisions: tuple[Decision, ...]


def plan(answers: Answers) -> AsyncFleet:
    """Return the fleet that answers from a queue.

    Raises:
        ModelkeelError: the Region offers no hosting instance that holds the model.
    """
    choices = carriers(answers, "hosting")
    chosen = next(
        (row for row in choices if instances_needed(answers.peak_rps, row.requests_per_second) == 1), choices[-1]
    )
    needed = instances_needed(answers.peak_rps, chosen.requests_per_second)
    production = answers.environments[-1]
    patient = answers.p99_ms >= PATIENT_MS
    low: dict[str, int] = {}
    for name in answers.environments:
        idle = patient if name == production else answers.scale_to_zero or patient
        low[name] = 0 if idle else (LEAST_INSTANCES if name == production else 1)
    high: dict[str, int] = {
        name: max(LEAST_INSTANCES, math.ceil(needed * SURGE)) if name == production else LEAST_INSTANCES
        for name in answers.environments
    }
    start: dict[str, int] = {name: LEAST_INSTANCES if name == production else 1 for name in answers.environments}
    waiting = backlog(answers, chosen)
    return AsyncFleet(
        instance_type=chosen.row.ml_name,
        gpu=chosen.row.gpus > 0,
        min_capacity=low,
        max_capacity=high,
        start=start,
        backlog_per_instance=waiting,
        decisions=(
            Decision(
                key="async_fleet",
                value={
                    "instance_type": chosen.row.ml_name,
                    "min": low[production],
                    "max": high[production],
                    "backlog_per_instance": waiting,
                },
                reason="Requests wait in a queue, so no instance runs while there are none; the first one starts a few"
                " minutes after a request has come."
                if patient
                else f"An instance takes minutes to start, which {answers.p99_ms:,} ms do not allow: some always run.",
                from_=("serving_mode", "peak_rps", "p99_ms", "scale_to_zero", "environments"),
                formula=f"max = max({LEAST_INSTANCES}, ceil({needed} * {SURGE})) = {high[production]};"
                f" backlog = floor({chosen.requests_per_second:.4g}/s * {answers.p99_ms / 1000:g} s * {SAFETY_FACTOR})"
                f" = {waiting}; zero from {PATIENT_MS:,} ms on",
                source=SOURCE,
            ),
        ),
    )


def backlog(answers: Answers, carrier: Carrier) -> int:
    """Return requests that may wait for an instance: half of what it answers within the promised time."""
    return max(1, math.floor(carrier.requests_per_second * answers.p99_ms / 1000 * SAFETY_FACTOR))
