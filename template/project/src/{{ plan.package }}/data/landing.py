"""Landing: a batch enters only through the contract, without what identifies a person, and under a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from . import contract, dataset, lineage, privacy

DATA, QUARANTINE = "data", "quarantine"


def land(
    home: Path,
    name: str,
    events: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    made_by: str,
    treatment: Mapping[str, str],
) -> lineage.Version:
    """Check a batch against the contract, put bad rows in quarantine, and record the rest as a dataset version.

    `treatment` says what happens to each personal column ([privacy] in settings.toml); rows in quarantine are treated
    likewise.

    Raises:
        DataRefusedError: the batch as a whole breaks the contract, or a personal column has no treatment; nothing of
            it was stored.
    """
    privacy.require(dataset.PERSONAL, treatment)
    checked = contract.check(events)
    key = privacy.key()
    if not checked.quarantined.empty:
        refused = privacy.protect(checked.quarantined, treatment, key)
        told = f"{made_by}; rows that broke the contract"
        lineage.record(home / QUARANTINE, name, {"events": refused}, made_by=told)
    safe = privacy.protect(checked.valid, treatment, key)
    return lineage.record(home / DATA, name, {"events": safe, "labels": labels}, made_by=made_by)
