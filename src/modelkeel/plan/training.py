"""What a model is trained on: instance, count, disk, purchase, schedule."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan.compliance import Regime
from modelkeel.plan.decision import Decision
from modelkeel.plan.size import training_gib
from modelkeel.tables.instance import Instance, offered

MEMORY_FACTOR = 4
CPU_GENERATIONS = (("m7i", "r7i"), ("m6i", "r6i"), ("m5", "r5"))
MAX_NODES = 16
SCHEDULES = {
    "hourly": "cron(5 * * * ? *)",
    "daily": "cron(0 2 * * ? *)",
    "weekly": "cron(0 2 ? * SUN *)",
    "monthly": "cron(0 2 1 * ? *)",
}


@dataclass(frozen=True, kw_only=True)
class Training:
    """Decided sizes of training and processing."""

    instance_type: str
    instance_count: int
    volume_gib: int
    max_runtime_seconds: int
    use_spot: bool
    processing_instance_type: str
    processing_volume_gib: int
    schedule_expression: str | None
    decisions: tuple[Decision, ...]


def plan(answers: Answers, regime: Regime) -> Training:
    """Return how models are trained.

    Raises:
        ModelkeelError: the Region offers no instance that is large enough.
    """
    gib = training_gib(answers)
    chosen, count, sizing = _tabular(answers, gib)
    processing = _least(answers, "processing", memory_gib=min(1.5 * gib, 256), vcpus=2)
    volume = max(30, math.ceil(2 * gib / count) + 10)
    spot, purchase = _purchase(answers)
    schedule = SCHEDULES.get(answers.retrain_cadence)
    return Training(
        instance_type=chosen.ml_name,
        instance_count=count,
        volume_gib=min(16_384, volume),
        max_runtime_seconds=answers.max_train_hours * 3600,
        use_spot=spot,
        processing_instance_type=processing.ml_name,
        processing_volume_gib=min(16_384, max(30, math.ceil(2 * gib) + 10)),
        schedule_expression=schedule,
        decisions=(
            *sizing,
            Decision(
                key="training_volume_gib",
                value=min(16_384, volume),
                reason="Room for the data, its working copy and the model.",
                from_=("data_volume", "training_data_gib"),
                formula=f"max(30, ceil(2 * {gib:g} / {count}) + 10) = {volume}",
                source="SageMaker API Reference, ResourceConfig.VolumeSizeInGB: 1 to 16,384",
            ),
            Decision(
                key="processing_instance_type",
                value=processing.ml_name,
                reason="The cheapest type whose memory holds the data half as large again, for contract and evaluation.",
                from_=("training_data_gib", "regions"),
                formula=f"memory >= min(1.5 * {gib:g}, 256) = {min(1.5 * gib, 256):g} GiB",
                source="tables/instances.json",
            ),
            purchase,
            Decision(
                key="retraining_schedule",
                value=schedule,
                reason=(
                    f"A challenger is trained {answers.retrain_cadence}; it is registered only when it passes the gates."
                    if schedule
                    else "Training starts by hand, or when a person accepts a proposal after drift."
                ),
                from_=("retrain_cadence",),
                source="EventBridge Scheduler User Guide, Schedule types",
            ),
        ),
    )


def _tabular(answers: Answers, gib: float) -> tuple[Instance, int, tuple[Decision, ...]]:
    need = MEMORY_FACTOR * gib
    rows = _rows(answers, "training", vcpus=8)
    largest = max(rows, key=lambda row: row.memory_gib)
    fitting = [row for row in rows if row.memory_gib >= need and row.memory_gib <= 512]
    if fitting:
        chosen, count = fitting[0], 1
    else:
        chosen = max((row for row in rows if row.memory_gib <= 512), key=lambda row: row.memory_gib, default=largest)
        count = min(MAX_NODES, math.ceil(need / chosen.memory_gib))
    return (
        chosen,
        count,
        (
            Decision(
                key="training_instance_type",
                value=chosen.ml_name,
                reason="The cheapest type of the newest generation whose memory holds the table four times over; trees gain little from GPUs"
                " below a billion cells.",
                from_=("model_family", "data_volume", "training_data_gib", "regions"),
                formula=f"memory >= {MEMORY_FACTOR} * {gib:g} GiB = {need:g} GiB; {chosen.ml_name} has {chosen.memory_gib:g}",
                source="XGBoost memory use of a dense table (raw, binned, gradients, working copy); tables/instances.json",
                alternatives=tuple(
                    f"{row.ml_name}: {row.memory_gib:g} GiB, {row.usd_per_hour:.3f} USD/h" for row in fitting[1:4]
                ),
            ),
            Decision(
                key="training_instance_count",
                value=count,
                reason="One instance holds the table." if count == 1 else "The table is spread over several instances.",
                from_=("data_volume", "training_data_gib"),
                formula=f"ceil({need:g} / {chosen.memory_gib:g}) = {count}" if count > 1 else "1",
                source="XGBoost documentation, Distributed training",
                alternatives=("Sample the majority class: trees lose little and one instance is enough.",)
                if count > 1
                else (),
            ),
        ),
    )


def _rows(answers: Answers, use: str, *, vcpus: int) -> list[Instance]:
    """Return the newest general-purpose and memory types on offer, cheapest first."""
    on_offer = offered(use, answers.region)
    for families in CPU_GENERATIONS:
        rows = [
            row for row in on_offer if row.family in families and row.vcpus >= vcpus and row.usd_per_hour is not None
        ]
        if rows:
            return rows
    return []


def _least(answers: Answers, use: str, *, memory_gib: float, vcpus: int) -> Instance:
    for row in _rows(answers, use, vcpus=vcpus):
        if row.memory_gib >= memory_gib:
            return row
    raise usage_error(
        f"no {use} instance with {memory_gib:g} GiB is on offer in {answers.region}",
        got=f"regions: {answers.region}",
        fix="choose another Region, or a smaller training_data_gib",
    )


def _purchase(answers: Answers) -> tuple[bool, Decision]:
    pressed = answers.retrain_cadence in {"hourly", "daily"}
    value = answers.purchase
    if value == "auto":
        value = "spot" if answers.checkpoints and not pressed else "on_demand"
    reasons = {
        "spot": "Runs are resumed from checkpoints and may wait, so spare capacity is good enough.",
        "on_demand": f"A run that waits for spare capacity would miss its {answers.retrain_cadence} slot."
        if pressed
        else "As answered.",
    }
    return value == "spot", Decision(
        key="purchase",
        value=value,
        reason=reasons.get(value, "As answered; it is bought outside these stacks."),
        from_=("purchase", "checkpoints", "retrain_cadence"),
        source="SageMaker Developer Guide, Managed spot training",
        alternatives=("spot: up to 70 % cheaper, interrupted at two minutes' notice",) if value != "spot" else (),
    )
