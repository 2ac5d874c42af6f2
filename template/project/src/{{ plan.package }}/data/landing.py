"""Landing: a batch enters only through the contract, and what it is made of can be named ever after."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from . import contract, lineage

DATA, QUARANTINE = "data", "quarantine"


def land(home: Path, name: str, events: pd.DataFrame, labels: pd.DataFrame, *, made_by: str) -> lineage.Version:
    """Check a batch against the contract, put bad rows in quarantine, and record the rest as a dataset version.

    Raises:
        DataRefusedError: the batch as a whole breaks the contract; nothing of it was stored.
    """
    checked = contract.check(events)
    if not checked.quarantined.empty:
        told = f"{made_by}; rows that broke the contract"
        lineage.record(home / QUARANTINE, name, {"events": checked.quarantined}, made_by=told)
    return lineage.record(home / DATA, name, {"events": checked.valid, "labels": labels}, made_by=made_by)
