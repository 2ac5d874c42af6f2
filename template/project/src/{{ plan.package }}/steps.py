"""The steps of the model's life as they run on a laptop, in CI and in SageMaker: each reads and writes one folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pandas as pd

from . import features, storage
from .data import contract, dataset, lineage
from .serving.scorer import Scorer
from .settings import Settings
from .training import model as models
from .training import train as training
from .training.model import Model

DATA, CANDIDATE, SCORES = "data", "candidate", "scores"


def make_data(
    home: Path,
    settings: Settings,
    *,
    days: int,
    name: str = "history",
    circumstances: dataset.Circumstances | None = None,
) -> lineage.Version:
    """Make synthetic history. A team with data of its own lands it in the same two tables instead."""
    made = dataset.generate(settings.project.seed, days=days, circumstances=circumstances)
    return land(home, name, made.events, made.labels, made_by="synthetic generator, no real people")


def land(home: Path, name: str, events: pd.DataFrame, labels: pd.DataFrame, *, made_by: str) -> lineage.Version:
    """Check a batch against the contract, put bad rows in quarantine, and record the rest as a dataset version."""
    checked = contract.check(events)
    if not checked.quarantined.empty:
        lineage.record(
            home / "quarantine",
            name,
            {"events": checked.quarantined},
            made_by=f"{made_by}; rows that broke the contract",
        )
    tables = {"events": checked.valid, "labels": labels}
    return lineage.record(home / DATA, name, tables, made_by=made_by)


def read_examples(home: Path, name: str = "history") -> tuple[lineage.Version, training.Examples]:
    """A recorded dataset, its contract checked again, as rows to learn from."""
    version, tables = lineage.open_version(home / DATA, name)
    return version, training.examples(contract.check(tables["events"]).valid, tables["labels"])


def train(home: Path, settings: Settings, *, name: str = "history", search: bool = False) -> Model:
    """Train a candidate from a recorded dataset; with `search`, look for hyperparameters first."""
    version, data = read_examples(home, name)
    parameters = None
    if search:
        from .training.search import search as look

        parameters = look(data, settings, home / "search.journal")
    made = training.train(
        data, settings, parameters=parameters, lineage=asdict(version), checkpoints=home / "checkpoints"
    )
    models.save(made, home / CANDIDATE)
    return made


def score(home: Path, settings: Settings, scorer: Scorer, events: pd.DataFrame, *, name: str) -> Path:
    """Score a batch of events to a table; the batch must keep the contract, as everywhere."""
    rows = features.build(contract.check(events).valid)
    storage.write_table(home / SCORES / f"{name}.parquet", scorer.table(rows))
    return home / SCORES / f"{name}.parquet"
