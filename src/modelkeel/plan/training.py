"""What a model is trained on: instance, count, disk, platform, purchase, schedule."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM, TABULAR
from modelkeel.plan import gpu_training, tabular_training
from modelkeel.plan.decision import Decision
from modelkeel.plan.memory import checkpoint_gib, state_gib
from modelkeel.plan.platform import platform, purchase
from modelkeel.plan.size import training_gib

MAX_VOLUME_GIB = 16_384
KEPT_CHECKPOINTS = 3
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
    purchase: str
    platform: str
    processing_instance_type: str
    processing_volume_gib: int
    schedule_expression: str | None
    decisions: tuple[Decision, ...]


def plan(answers: Answers) -> Training:
    """Return how models are trained.

    Raises:
        ModelkeelError: the Region offers no instance that is large enough.
    """
    gib = training_gib(answers)
    row, count, sizing = gpu_training.plan(answers) if uses_gpu(answers) else tabular_training.plan(answers, gib)
    helper, processing = tabular_training.processing(answers, gib)
    volume = _volume(answers, gib, count)
    where = platform(answers, row, count)
    bought = purchase(answers, row, count, where.value)
    schedule = SCHEDULES.get(answers.retrain_cadence)
    return Training(
        instance_type=row.ml_name,
        instance_count=count,
        volume_gib=volume.value,
        max_runtime_seconds=answers.max_train_hours * 3600,
        use_spot=bought.value == "spot",
        purchase=bought.value,
        platform=where.value,
        processing_instance_type=helper.ml_name,
        processing_volume_gib=min(MAX_VOLUME_GIB, max(30, math.ceil(2 * gib) + 10)),
        schedule_expression=schedule,
        decisions=(
            where,
            *sizing,
            volume,
            _input(answers, gib, count),
            processing,
            bought,
            Decision(
                key="retraining_schedule",
                value=schedule,
                reason=(
                    f"A challenger is trained {answers.retrain_cadence}; only one that passes the gates is registered."
                    if schedule
                    else "Training starts by hand, or when a person accepts a proposal after drift."
                ),
                from_=("retrain_cadence",),
                source="EventBridge Scheduler User Guide, Schedule types",
            ),
        ),
    )


def uses_gpu(answers: Answers) -> bool:
    """Tell whether training wants GPUs: neural models do, unless small ones are told not to."""
    if answers.model_family in TABULAR:
        return answers.train_gpu == "single"
    return answers.train_gpu != "none"


def _volume(answers: Answers, gib: float, count: int) -> Decision:
    language = answers.model_family in LLM
    kept = KEPT_CHECKPOINTS * checkpoint_gib(answers.model_params_b) / count if language else 0.0
    if answers.model_family in {"llm_lora", "llm_qlora"}:
        kept = state_gib(answers.model_family, answers.model_params_b)
    needed = max(30, math.ceil(2 * gib / count + kept) + 10)
    return Decision(
        key="training_volume_gib",
        value=min(MAX_VOLUME_GIB, needed),
        reason="Room on each instance for its share of the data, a working copy"
        + (" and checkpoints." if language else " and the model."),
        from_=("data_volume", "training_data_gib", "model_params_b"),
        formula=f"max(30, ceil(2 * {gib:g} / {count} + {kept:.0f}) + 10) = {needed}, at most {MAX_VOLUME_GIB}",
        source="SageMaker API Reference, ResourceConfig.VolumeSizeInGB: 1 to 16,384",
    )


def _input(answers: Answers, gib: float, count: int) -> Decision:
    if count > 1 and gib > 1024:
        value, reason = (
            "fsx_lustre",
            "Machines read the data again in each epoch: a shared file system feeds them.",
        )
    elif gib < 50:
        value, reason = "file", "The data is copied to the disk before training starts: simple, and small enough."
    else:
        value, reason = "fast_file", "Training reads from S3 while it runs instead of waiting for a copy."
    return Decision(
        key="training_input_mode",
        value=value,
        reason=reason,
        from_=("data_volume", "training_data_gib"),
        formula=f"{gib:g} GiB on {count} instance{'s' * (count > 1)}; file below 50 GiB, fast file to 1,024 GiB",
        source="SageMaker AI Developer Guide, Access training data",
    )
