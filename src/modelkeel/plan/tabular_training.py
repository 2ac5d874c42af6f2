"""Instances for trees and linear models: memory decides."""

from __future__ import annotations

import math

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan.decision import Decision
from modelkeel.tables.instance import Instance, offered

MEMORY_FACTOR = 4
CPU_GENERATIONS = (("m7i", "r7i"), ("m6i", "r6i"), ("m5", "r5"))
LARGEST_GIB = 512
MAX_NODES = 16


def plan(answers: Answers, gib: float) -> tuple[Instance, int, tuple[Decision, ...]]:
    """Return type and number of instances whose memory holds the table four times over.

    Raises:
        ModelkeelError: the Region offers none of the families.
    """
    need = MEMORY_FACTOR * gib
    rows = general_purpose(answers, "training", vcpus=8)
    if not rows:
        raise not_offered(answers, "training", need)
    fitting = [row for row in rows if need <= row.memory_gib <= LARGEST_GIB]
    if fitting:
        chosen, count = fitting[0], 1
    else:
        chosen = max((row for row in rows if row.memory_gib <= LARGEST_GIB), key=lambda row: row.memory_gib)
        count = min(MAX_NODES, math.ceil(need / chosen.memory_gib))
    capped = count * chosen.memory_gib < need
    return (
        chosen,
        count,
        (
            Decision(
                key="training_instance_type",
                value=chosen.ml_name,
                reason="The cheapest type of the newest generation that holds the table four times over; trees gain"
                " little from GPUs below a billion cells.",
                from_=("model_family", "data_volume", "training_data_gib", "regions"),
                formula=f"{MEMORY_FACTOR} * {gib:g} = {need:g} GiB; {chosen.ml_name} has {chosen.memory_gib:g}",
                source="XGBoost documentation, External memory and parameters; tables/instances.json",
                alternatives=tuple(
                    f"{row.ml_name}: {row.memory_gib:g} GiB, {row.usd_per_hour:.3f} USD/h" for row in fitting[1:4]
                ),
            ),
            Decision(
                key="training_instance_count",
                value=count,
                reason=(
                    "One instance holds the table."
                    if count == 1
                    else "The table is spread over several instances."
                    if not capped
                    else f"{MAX_NODES} instances are the most we plan: sample the table, or prepare it with Spark."
                ),
                from_=("data_volume", "training_data_gib"),
                formula=f"ceil({need:g} / {chosen.memory_gib:g}) = {math.ceil(need / chosen.memory_gib)}",
                source="XGBoost documentation, Distributed training",
                alternatives=("Sample the majority class: trees lose little, one instance is enough.",)
                if count > 1
                else (),
            ),
        ),
    )


def processing(answers: Answers, gib: float) -> tuple[Instance, Decision]:
    """Return the instance of contract check and evaluation, whose memory holds the data half as large again.

    Raises:
        ModelkeelError: the Region offers none of the families.
    """
    memory = min(1.5 * gib, 256)
    row = next((row for row in general_purpose(answers, "processing", vcpus=2) if row.memory_gib >= memory), None)
    if row is None:
        raise not_offered(answers, "processing", memory)
    return row, Decision(
        key="processing_instance_type",
        value=row.ml_name,
        reason="The cheapest type whose memory holds the data half as large again, for contract and evaluation.",
        from_=("data_volume", "training_data_gib", "regions"),
        formula=f"memory >= min(1.5 * {gib:g}, 256) = {memory:g} GiB",
        source="tables/instances.json",
    )


def general_purpose(answers: Answers, use: str, *, vcpus: int) -> list[Instance]:
    """Return the newest general-purpose and memory types on offer, cheapest first."""
    on_offer = offered(use, answers.region)
    for families in CPU_GENERATIONS:
        rows = [
            row for row in on_offer if row.family in families and row.vcpus >= vcpus and row.usd_per_hour is not None
        ]
        if rows:
            return rows
    return []


def not_offered(answers: Answers, use: str, memory_gib: float) -> Exception:
    """Return the error of a Region that has no instance large enough."""
    return usage_error(
        f"no {use} instance with {memory_gib:g} GiB is on offer in {answers.region}",
        got=f"regions: {answers.region}",
        allowed="a Region with m7i, m6i or m5",
        fix="choose another Region, or a smaller training_data_gib",
    )
