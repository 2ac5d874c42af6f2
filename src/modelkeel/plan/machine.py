"""The machine of an endpoint: which type, how many of them, and what others would cost."""

from __future__ import annotations

import math

from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM
from modelkeel.plan.capacity import Carrier, instances_needed, least_instances
from modelkeel.plan.decision import Decision
from modelkeel.tables.limit import limit

SURGE = 1.5
AT_ONCE = 0.2
"""Share of many models that are assumed to be asked for at once; the alarm on models found loaded tells."""


def chosen(answers: Answers, choices: list[Carrier], zones: int, kind: str) -> Carrier:
    """Return the machine of the fleet.

    A language model takes the machine whose fleet is cheapest; another the smallest that carries the peak alone, or
    the largest. Where many models are loaded when they are asked for, it holds a fifth of them at once.
    """
    if kind == "multi_model":
        roomy = [row for row in choices if row.models >= math.ceil(answers.served_models * AT_ONCE)]
        choices = roomy or [max(choices, key=lambda row: row.models)]
    if answers.model_family not in LLM:
        alone = (row for row in choices if instances_needed(answers.peak_rps, row.requests_per_second) == 1)
        return next(alone, choices[-1])

    def fleet(row: Carrier) -> tuple[bool, float]:
        least = least_instances(needed(answers, row, kind), zones, answers.availability)
        return math.ceil(least * SURGE) > limit("endpoint", "max_instances"), least * (row.row.usd_per_hour or 0.0)

    fits = [row for row in choices if not fleet(row)[0]]
    return min(fits, key=fleet) if fits else max(choices, key=lambda row: row.requests_per_second)


def needed(answers: Answers, row: Carrier, kind: str) -> int:
    """Return instances that carry the peak, and hold each model once where models have copies of their own."""
    return max(instances_needed(answers.peak_rps, row.requests_per_second), _holding(answers, row, kind))


def _holding(answers: Answers, row: Carrier, kind: str) -> int:
    """Return instances that hold one copy of each model, where every model has copies of its own."""
    return math.ceil(answers.served_models / row.models) if kind == "inference_components" else 1


def decision(answers: Answers, taken: Carrier, choices: list[Carrier], zones: int, kind: str) -> Decision:
    """Return the type as a decision, with its fleet's price and those of three others."""
    language = answers.model_family in LLM

    def fleet(row: Carrier) -> tuple[int, float]:
        least = least_instances(needed(answers, row, kind), zones, answers.availability)
        return least, least * (row.row.usd_per_hour or 0.0)

    others = sorted((row for row in choices if row != taken), key=lambda row: fleet(row)[1])
    reason = (
        "The machines whose fleet carries the peak at the lowest price, each with room for four requests at once."
        if language
        else f"The smallest {taken.row.family} that carries the peak alone; beyond that more instances are added,"
        " because a larger one makes the loss of one hurt more."
    )
    if kind == "multi_model":
        reason = (
            f"The smallest {taken.row.family} that carries the peak alone and holds a fifth of the models at once:"
            f" {taken.models} fit, each of a GiB or 2 bytes a parameter, in half of its memory."
        )
    return Decision(
        key="serving_instance_type",
        value=taken.row.ml_name,
        reason=reason,
        from_=(
            "model_family",
            "model_params_b",
            "context_tokens",
            "peak_rps",
            "served_models",
            "p99_ms",
            "serving_mode",
            "availability",
            "regions",
        ),
        formula=f"{taken.formula}; {fleet(taken)[0]} * {taken.row.usd_per_hour:.3f} = {fleet(taken)[1]:.2f} USD/h",
        source=f"{taken.source}; tables/instances.json",
        alternatives=tuple(
            f"{fleet(row)[0]} x {row.row.ml_name}: {fleet(row)[1]:.2f} USD/h,"
            f" {row.requests_per_second:.4g} requests/s each assumed"
            for row in others[:3]
        ),
    )
