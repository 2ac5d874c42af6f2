"""The drift job: how much a window brings to it, and what holds that."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.plan.serving import Serving
from modelkeel.plan.size import training_gib
from modelkeel.plan.tabular_training import general_purpose, not_offered

HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
KB_A_GIB = 2**20
BASE64 = 4 / 3
ANSWER_KB = 1
ROOM = 1.5
LEAST_VOLUME_GIB = 30
LARGEST_VOLUME_GIB = 16_384
LEAST_MEMORY_GIB = 8
TABLE_MEMORY_FACTOR = 4
LARGEST_MEMORY_GIB = 256
# What an instance of two vCPU (0.78 Gbit/s all the time) reads in a quarter of an hour.
SLOW_NETWORK_GIB = 80
FAST_VCPUS = 16


@dataclass(frozen=True, kw_only=True)
class DriftJob:
    """Decided size of the job; `window_gib` is what the busiest window brings."""

    instance_type: str
    volume_gib: int
    window_gib: float
    decision: Decision


def plan(answers: Answers, serving: Serving, *, window: str) -> DriftJob:
    """Return the size of the job that reads one window of records.

    Raises:
        ModelkeelError: the Region offers no general-purpose processing instance.
    """
    realtime = serving.mode == "realtime"
    gib, brings = _captured(answers, serving, window) if realtime else _scored(answers)
    memory = LEAST_MEMORY_GIB if realtime else min(LARGEST_MEMORY_GIB, max(LEAST_MEMORY_GIB, TABLE_MEMORY_FACTOR * gib))
    vcpus = FAST_VCPUS if gib > SLOW_NETWORK_GIB else 2
    rows = general_purpose(answers, "processing", vcpus=vcpus)
    chosen = next((row for row in rows if row.memory_gib >= memory), None)
    if chosen is None:
        raise not_offered(answers, "processing", memory)
    volume = min(LARGEST_VOLUME_GIB, max(LEAST_VOLUME_GIB, math.ceil(ROOM * gib)))
    return DriftJob(
        instance_type=chosen.ml_name,
        volume_gib=volume,
        window_gib=gib,
        decision=Decision(
            key="drift_job",
            value={"instance_type": chosen.ml_name, "volume_gib": volume},
            reason=(
                "The job copies the busiest window to its disk and compares a sample of 200,000 rows: beyond that a"
                " test finds differences that matter to nobody. All that was captured stays on record."
                if realtime
                else "The job holds the night's table in memory; its disk has room for half as much again."
            ),
            from_=("serving_mode", "peak_rps", "payload_kb", "capture", "data_volume", "training_data_gib", "regions"),
            formula=(
                f"{brings} = {gib:.3g} GiB; disk max({LEAST_VOLUME_GIB}, ceil({ROOM} * {gib:.3g})) = {volume} GiB;"
                f" memory {memory:g} GiB; {vcpus} vCPU (above {SLOW_NETWORK_GIB} GiB a faster network)"
            ),
            source=(
                "SageMaker Developer Guide, Data capture (payloads in Base64); EC2 User Guide, Network bandwidth;"
                " the generated monitoring/drift.py: the index's own chance falls with the number of rows"
            ),
        ),
    )


def _captured(answers: Answers, serving: Serving, window: str) -> tuple[float, str]:
    seconds = HOUR_SECONDS if window == "hour" else DAY_SECONDS
    records = answers.peak_rps * seconds * serving.capture_percent / 100
    kb = BASE64 * (answers.payload_kb + ANSWER_KB)
    said = f"{answers.peak_rps:,}/s * {seconds:,} s * {serving.capture_percent} % * 4/3 * ({answers.payload_kb} + 1) kB"
    return records * kb / KB_A_GIB, said


def _scored(answers: Answers) -> tuple[float, str]:
    gib = training_gib(answers)
    return gib, f"a table of {gib:g} GiB"
