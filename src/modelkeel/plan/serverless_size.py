"""The size of a serverless endpoint: memory of a container, requests at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan.capacity import HEADROOM, MEMORY_SHARE
from modelkeel.plan.decision import Decision
from modelkeel.tables.throughput import throughputs

MEMORY_STEP_MB = 1024
LEAST_MEMORY_MB = 2048
LARGEST_MEMORY_MB = 6144
LEAST_CONCURRENCY = 5
LARGEST_CONCURRENCY = 200
BYTES_A_PARAMETER = 2
SOURCE = "SageMaker API Reference, ProductionVariantServerlessConfig"


@dataclass(frozen=True, kw_only=True)
class ServerlessSize:
    """Decided size; memory in MB in steps of 1,024."""

    memory_mb: int
    max_concurrency: int
    decisions: tuple[Decision, ...]


def plan(answers: Answers) -> ServerlessSize:
    """Return memory and concurrency.

    Raises:
        ModelkeelError: the model needs a GPU or more memory, or more requests come at once, than serverless has.
    """
    if not throughputs()[answers.model_family].requests_per_second_per_vcpu:
        raise usage_error(
            "a serverless endpoint has no GPU",
            got=f"serving_mode includes serverless, model_family={answers.model_family}",
            allowed="a model family that is served on processors",
            fix="serving_mode: [async] scales to zero with a GPU; or [realtime]",
        )
    needed = answers.model_params_b * BYTES_A_PARAMETER / MEMORY_SHARE * 1024
    memory = max(LEAST_MEMORY_MB, math.ceil(needed / MEMORY_STEP_MB) * MEMORY_STEP_MB)
    if memory > LARGEST_MEMORY_MB:
        raise usage_error(
            "the model is too large for a serverless endpoint",
            got=f"model_params_b={answers.model_params_b:g}: {memory:,} MB",
            allowed=f"up to {LARGEST_MEMORY_MB:,} MB",
            fix="serving_mode: [async] or [realtime], or a smaller model",
        )
    at_once = max(LEAST_CONCURRENCY, math.ceil(answers.peak_rps * answers.p99_ms / 1000 / HEADROOM))
    if at_once > LARGEST_CONCURRENCY:
        raise usage_error(
            "more requests come at once than a serverless endpoint answers",
            got=f"peak_rps={answers.peak_rps}, p99_ms={answers.p99_ms}: {at_once:,} at once",
            allowed=f"up to {LARGEST_CONCURRENCY} at once: peak_rps * p99_ms / 1000 / {HEADROOM}",
            fix="serving_mode: [realtime], or a smaller peak_rps",
        )
    return ServerlessSize(
        memory_mb=memory,
        max_concurrency=at_once,
        decisions=(
            Decision(
                key="serverless_size",
                value={"memory_mb": memory, "max_concurrency": at_once},
                reason="A container has room for the model twice; as many requests are answered at once as arrive while"
                " one is being answered.",
                from_=("serving_mode", "model_params_b", "peak_rps", "p99_ms"),
                formula=f"memory max({LEAST_MEMORY_MB}, {answers.model_params_b:g} B * {BYTES_A_PARAMETER} GB /"
                f" {MEMORY_SHARE}); at once ceil({answers.peak_rps}/s * {answers.p99_ms / 1000:g} s / {HEADROOM})"
                f" = {at_once}",
                source=SOURCE,
            ),
        ),
    )
