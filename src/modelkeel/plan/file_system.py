"""A file system that feeds several machines: size, throughput, EFA."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM
from modelkeel.plan.decision import Decision
from modelkeel.plan.memory import checkpoint_gib
from modelkeel.tables.instance import Instance
from modelkeel.tables.prices import prices

SMALLEST_GIB, STEP_GIB = 1200, 2400
# The step with EFA by throughput: stacks/documents/lustre.py says the source, and refuses other sizes.
EFA_STEP_GIB = {125: 38_400, 250: 19_200, 500: 9600, 1000: 4800}
ROOM = 1.2
MBPS_PER_GPU = 200
CHECKPOINT_SECONDS = 60
CLIENT_MBPS_WITHOUT_EFA = 12_500
GIB_PER_SERVER = 2400
ADAPTERS = frozenset({"llm_lora", "llm_qlora"})


@dataclass(frozen=True, kw_only=True)
class FileSystem:
    """Decided size; `servers` take an address each, besides two for metadata and management."""

    storage_gib: int
    throughput_mbps_per_tib: int
    efa: bool
    decisions: tuple[Decision, ...]

    @property
    def servers(self) -> int:
        """Object storage servers, one for each 2,400 GiB at most."""
        return math.ceil(self.storage_gib / GIB_PER_SERVER)


def plan(answers: Answers, row: Instance, nodes: int, gib: float) -> FileSystem:
    """Return the cheapest size that holds the data and feeds the machines.

    Sizing: 1.2 times the data; 200 MB/s for each GPU, and a checkpoint within a minute. EFA where one machine needs
    more than the 100 Gbit/s that it reaches without.
    """
    needed = math.ceil(ROOM * gib)
    reading = max(1, row.gpus) * nodes * MBPS_PER_GPU
    full = answers.model_family in LLM and answers.model_family not in ADAPTERS and answers.checkpoints
    writing = math.ceil(checkpoint_gib(answers.model_params_b) * 1074 / CHECKPOINT_SECONDS) if full else 0
    wanted = max(reading, writing)
    efa = row.efa_interfaces > 1 and wanted / nodes > CLIENT_MBPS_WITHOUT_EFA
    sizes = {rate: _size(needed, wanted, rate, efa) for rate in EFA_STEP_GIB}
    choices = sorted((usd(size, rate), size, rate) for rate, size in sizes.items())
    cost, size, rate = choices[0]
    decision = Decision(
        key="file_system",
        value={"storage_gib": size, "throughput_mbps_per_tib": rate, "efa": efa},
        reason=(
            "The cheapest FSx for Lustre that holds the data and feeds the machines;"
            f" it costs about {cost:,.0f} USD a month, in the last environment only."
        ),
        from_=("data_volume", "training_data_gib", "model_params_b", "checkpoints", "train_platform"),
        formula=(
            f"ceil({ROOM} * {gib:g} GiB) = {needed}; {max(1, row.gpus) * nodes} * {MBPS_PER_GPU} MB/s = {reading}"
            + (f", checkpoint in {CHECKPOINT_SECONDS} s: {writing} MB/s" if writing else "")
            + f" -> {size} GiB at {rate} MB/s per TiB = {size * rate // 1024:,} MB/s"
        ),
        source="Amazon FSx for Lustre User Guide, Performance and EFA-enabled file systems; its pricing page",
        alternatives=tuple(
            f"{other} GiB at {speed} MB/s per TiB: {price:,.0f} USD a month" for price, other, speed in choices[1:3]
        ),
    )
    return FileSystem(storage_gib=size, throughput_mbps_per_tib=rate, efa=efa, decisions=(decision,))


def usd(storage_gib: int, throughput_mbps_per_tib: int) -> float:
    """Return the list price of a month in us-east-1."""
    found = prices().find(f"fsx-lustre-{throughput_mbps_per_tib}", "us-east-1")
    return storage_gib * float(found.usd) if found else math.inf


def _size(needed_gib: int, mbps: int, rate: int, efa: bool) -> int:
    least = max(needed_gib, math.ceil(mbps / rate * 1024))
    if not efa and least <= SMALLEST_GIB:
        return SMALLEST_GIB
    step = EFA_STEP_GIB[rate] if efa else STEP_GIB
    return math.ceil(least / step) * step
