"""The job that judges the model by labels that come late: how late, how often, on what."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan import drift
from modelkeel.plan.decision import Decision
from modelkeel.plan.drift import DriftJob
from modelkeel.plan.serving import Serving
from modelkeel.plan.tabular_training import general_purpose
from modelkeel.tables.archetype import archetypes

STALE_DAYS = 7
LEAST_AGREEMENT = 0.9
WINDOWS = 3
BREACHING = 2
DAILY = "cron(15 8 * * ? *)"
EVERY_25_HOURS = "rate(25 hours)"
MAX_RUNTIME_SECONDS = 3_600
LEAST_MEMORY_GIB = 16
LARGEST_MEMORY_GIB = 256
EVENT_BYTES = 400
GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class QualityJob:
    """Decided judging of one mode; `label_lag_days` 0: its answers get no labels, so there is no job.

    `memory_gib` holds the events of a window; `maximum_gap` is None where no groups are told apart.
    """

    label_lag_days: int
    stale_days: int
    window: str
    schedule_expression: str
    instance_type: str
    memory_gib: int
    volume_gib: int
    maximum_gap: float | None


def plan(answers: Answers, serving: Serving, *, window: str, job: DriftJob, fair: bool) -> QualityJob:
    """Return the job for a mode whose drift is watched by `job` in windows of `window`; `fair` tells groups apart."""
    lag = archetypes()[answers.archetype].label_lag_days
    memory = _memory(answers, serving, window)
    return QualityJob(
        label_lag_days=lag,
        stale_days=min(STALE_DAYS, max(1, lag)),
        window=window,
        schedule_expression=EVERY_25_HOURS if window == "hour" else DAILY,
        instance_type=_instance(answers, memory, job) if serving.mode == "realtime" else job.instance_type,
        memory_gib=memory,
        volume_gib=job.volume_gib,
        maximum_gap=answers.max_gap if fair else None,
    )


def settings(answers: Answers, made: QualityJob, prefix: str) -> dict[str, Any]:
    """Return the settings of the job whose keys begin with `prefix`; its limits are those of the registration gates."""
    archetype = archetypes()[answers.archetype]
    found: dict[str, Any] = {
        "schedule_expression": made.schedule_expression,
        "schedule_timezone": answers.timezone,
        "window": made.window,
        "instance_type": made.instance_type,
        "volume_gib": made.volume_gib,
        "max_runtime_seconds": MAX_RUNTIME_SECONDS,
        "windows": WINDOWS,
        "windows_breaching": BREACHING,
        "label_lag_days": made.label_lag_days,
        "stale_days": made.stale_days,
        "metric": archetype.quality_metric,
        "minimum": archetype.quality_minimum,
        "least_agreement": LEAST_AGREEMENT,
    }
    if made.maximum_gap is not None:
        found["maximum_gap"] = made.maximum_gap
    return {f"{prefix}_{key}": value for key, value in found.items()}


def decision(answers: Answers, made: QualityJob) -> Decision:
    """Return the decision on the job, told by its schedule and its lag."""
    return _judged(answers, made) if made.label_lag_days else _unlabelled()


def _memory(answers: Answers, serving: Serving, window: str) -> int:
    seconds = drift.HOUR_SECONDS if window == "hour" else drift.DAY_SECONDS
    rows = answers.peak_rps * seconds * serving.capture_percent / 100 if serving.mode == "realtime" else 0
    return min(LARGEST_MEMORY_GIB, max(LEAST_MEMORY_GIB, math.ceil(2 * rows * EVENT_BYTES / GIB)))


def _instance(answers: Answers, memory_gib: int, job: DriftJob) -> str:
    """Return the cheapest type whose memory holds the events of a window, which are joined there."""
    fitting = (row for row in general_purpose(answers, "processing", vcpus=2) if row.memory_gib >= memory_gib)
    chosen = next(fitting, None)
    return chosen.ml_name if chosen else job.instance_type


def _judged(answers: Answers, made: QualityJob) -> Decision:
    archetype = archetypes()[answers.archetype]
    lag, stale, window, gap = made.label_lag_days, made.stale_days, made.window, made.maximum_gap
    often = (
        "One hour of each day is judged, and each time another one, since the job starts every 25 hours."
        if window == "hour"
        else "Each day's answers are judged once."
    )
    groups = "" if gap is None else f" on a gap between groups above {gap:g},"
    return Decision(
        key="quality_job",
        value={
            "label_lag_days": lag,
            "stale_days": stale,
            "schedule": made.schedule_expression,
            "instance_type": made.instance_type,
        },
        reason=(
            f"Labels are due {lag} days after an answer: judged earlier, every model would look better than it is."
            f" {often} The job joins captured answers with their labels by the id of the event. It alarms on"
            f" {archetype.quality_metric} below {archetype.quality_minimum:g},{groups} and on reasons that agree with"
            f" the approved model's by less than {LEAST_AGREEMENT:g}, each in {BREACHING} of {WINDOWS} days; on"
            f" {stale} days without a new label, on answers that have none when it is due, and on a job that did not"
            " run. A person decides what follows."
        ),
        from_=("archetype", "protected_attributes", "max_gap", "serving_mode", "peak_rps", "regions"),
        formula=f"window = start - {lag} days - 1 {window}; {made.memory_gib} GiB for the events of a window",
        source=(
            "The generated data/dataset.py: LABEL_WAIT_DAYS; SageMaker Developer Guide: Model Monitor and Clarify"
            " closed to new customers on 2026-07-30"
        ),
        alternatives=("Judge by the labels that came early: of fraud, these are all positives.",),
    )


def _unlabelled() -> Decision:
    return Decision(
        key="quality_job",
        value="none",
        reason=(
            "A text that was written gets no label later: there is no truth to join. People and the evaluation before"
            " registration judge its quality; drift of what is asked is watched all the same."
        ),
        from_=("archetype",),
        source="Amazon Bedrock User Guide, Evaluate the performance of Amazon Bedrock resources: judged samples",
        alternatives=("A second language model as judge: another model that would have to be approved and watched.",),
    )
