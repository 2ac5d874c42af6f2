"""Copies of a model on shared instances: what each copy has for itself, and how many there are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM
from modelkeel.plan import language_serving
from modelkeel.plan.capacity import SAFETY_FACTOR, answer_seconds
from modelkeel.plan.decision import Decision
from modelkeel.plan.serving import Serving
from modelkeel.tables.instance import Instance, instances

COPY_SHARE = 0.8
"""Share of an instance's memory that copies have; the rest is the agent's and the operating system's."""
SMALL_COPIES = 2
MB_A_GIB = 1024
SOURCE = (
    "SageMaker Developer Guide, Scale an endpoint to zero instances; API Reference,"
    " InferenceComponentComputeResourceRequirements"
)


@dataclass(frozen=True, kw_only=True)
class ModelCopies:
    """Decided sizes; counts are by environment, memory in MB, `gpu` says whether the instances have any."""

    instance_type: str
    gpu: bool
    accelerators: int
    cpu_cores: float
    memory_mb: int
    concurrent_requests: int
    min_copies: Mapping[str, int]
    max_copies: Mapping[str, int]
    min_instances: Mapping[str, int]
    max_instances: Mapping[str, int]
    decisions: tuple[Decision, ...]


def plan(answers: Answers, serving: Serving) -> ModelCopies:
    """Return the copies that the instances of `serving` hold; the fleet is as large as that of one endpoint."""
    row = instances()[serving.instance_type.removeprefix("ml.")]
    devices, each, at_once = _share(answers, row)
    cores, memory = _part(row, each)
    idle = {name: name == "dev" and answers.scale_to_zero for name in answers.environments}
    low: dict[str, int] = {name: 0 if idle[name] else serving.min_capacity[name] for name in answers.environments}
    high: dict[str, int] = dict(serving.max_capacity)
    production = answers.environments[-1]
    return ModelCopies(
        instance_type=serving.instance_type,
        gpu=row.gpus > 0,
        accelerators=devices,
        cpu_cores=float(cores),
        memory_mb=memory,
        concurrent_requests=at_once,
        min_copies={name: count * each for name, count in low.items()},
        max_copies={name: count * each for name, count in high.items()},
        min_instances=low,
        max_instances=high,
        decisions=(
            Decision(
                key="model_copies",
                value={
                    "per_instance": each,
                    "accelerators": devices,
                    "cpu_cores": cores,
                    "memory_mb": memory,
                    "requests_at_once": at_once,
                },
                reason="Each copy has its own part of an instance; copies are added by the requests that it answers at"
                " once"
                + (
                    ", and go to none in dev: the first request after a pause fails until one is up."
                    if any(idle.values())
                    else "."
                ),
                from_=("model_family", "model_params_b", "context_tokens", "scale_to_zero", "environments"),
                formula=f"{each} x {devices} accelerator{'s' * (devices != 1)} of {row.ml_name};"
                f" floor({row.memory_gib:g} GiB * {COPY_SHARE} / {each}) MB; {low[production] * each} to"
                f" {high[production] * each} copies in {production}",
                source=SOURCE,
            ),
        ),
    )


def on(answers: Answers, sizes: ModelCopies, row: Instance) -> ModelCopies:
    """Return the copies as instances of another type hold them; there are as many instances as before."""
    devices, each, at_once = _share(answers, row)
    cores, memory = _part(row, each)
    return replace(
        sizes,
        instance_type=row.ml_name,
        gpu=row.gpus > 0,
        accelerators=devices,
        cpu_cores=float(cores),
        memory_mb=memory,
        concurrent_requests=at_once,
        min_copies={name: count * each for name, count in sizes.min_instances.items()},
        max_copies={name: count * each for name, count in sizes.max_instances.items()},
    )


def _part(row: Instance, each: int) -> tuple[int, int]:
    """Return CPU cores and MB of memory that one of `each` copies on the instance has."""
    return max(1, (row.vcpus - 1) // each), math.floor(row.memory_gib * MB_A_GIB * COPY_SHARE / each)


def _share(answers: Answers, row: Instance) -> tuple[int, int, int]:
    """Return accelerators of a copy, copies an instance, and requests that a copy shall answer at once."""
    if answers.model_family in LLM:
        replica = language_serving.replica_of(
            row, answers.model_params_b, answers.context_tokens, answer_seconds(answers)
        )
        if replica is not None:
            at_once = max(1, math.floor(replica.sequences * SAFETY_FACTOR))
            return replica.tensor_parallel, replica.replicas, at_once
    if row.gpus:
        return 1, row.gpus, SMALL_COPIES
    return 0, SMALL_COPIES, SMALL_COPIES
