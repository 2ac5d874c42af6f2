"""The steps of the model's life as they run on a laptop, in CI and in SageMaker: each reads and writes one folder."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import pandas as pd

from . import features, storage
from .data import contract, dataset, lineage
from .gates import card, gate
from .gates.result import Result
from .monitoring import drift
from .problem import ProblemError
from .registry.local import Registry
from .serving.scorer import Scorer
from .settings import Settings
from .training import model as models
from .training import train as training
from .training.model import Model, Parameters

DATA, CANDIDATE, SCORES = "data", "candidate", "scores"
BASELINE = "baseline.parquet"


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
    version = lineage.version_of(home / DATA, name)
    return version, _examples(home / DATA, name, version.version)


@lru_cache(maxsize=1)
def _examples(folder: Path, name: str, version: str) -> training.Examples:
    """Kept from step to step of one process: training, judging and retraining read the same version."""
    _, tables = lineage.open_version(folder, name)
    return training.examples(contract.check(tables["events"]).valid, tables["labels"])


def train(
    home: Path,
    settings: Settings,
    *,
    name: str = "history",
    search: bool = False,
    parameters: Parameters | None = None,
) -> Model:
    """Train a candidate from a recorded dataset; with `search`, look for hyperparameters first."""
    version, data = read_examples(home, name)
    if search:
        from .training.search import search as look

        parameters = look(data, settings, home / "search.journal")
    made = training.train(
        data, settings, parameters=parameters, lineage=asdict(version), checkpoints=home / "checkpoints"
    )
    models.save(made, home / CANDIDATE)
    drift.save_baseline(drift.baseline_of(made, data, settings), home / CANDIDATE / BASELINE)
    return made


def judge(home: Path, settings: Settings, *, author: str, name: str = "history") -> list[Result]:
    """Run all gates on the candidate against the live champion; write evaluation.json and the model card.

    Raises:
        GateFailedError: a gate failed. The evaluation is written all the same, so that the reasons can be read.
    """
    _, data = read_examples(home, name)
    candidate = models.load(home / CANDIDATE)
    registry = Registry(home, settings.approval.approvers_needed)
    live = registry.live()
    results = gate.run(candidate, data, settings, champion=None if live is None else registry.model(live))
    judged = gate.evaluation(results) | {"model_sha256": storage.sha256(home / CANDIDATE / "model.ubj")}
    storage.write_json(home / CANDIDATE / "evaluation.json", judged)
    storage.write_text(home / CANDIDATE / "card.md", card.write(candidate, results, settings, author=author))
    gate.enforce(results)
    return results


def live_scorer(home: Path, settings: Settings) -> Scorer:
    """The live version, ready to answer.

    Raises:
        ProblemError: nothing was deployed yet.
    """
    registry = Registry(home, settings.approval.approvers_needed)
    live = registry.live()
    if live is None:
        raise ProblemError("no model is live", fix="register a candidate, have it approved, and deploy it")
    return scorer_of(registry.model(live), str(live), settings)


def scorer_of(model: Model, version: str, settings: Settings) -> Scorer:
    """A model with what the settings say about its answers."""
    return Scorer(model, version, settings.serving.review_band, settings.serving.reasons)


def score(home: Path, scorer: Scorer, events: pd.DataFrame, *, name: str) -> Path:
    """Score a batch of events to a table; the batch must keep the contract, as everywhere."""
    rows = features.build(contract.check(events).valid)
    storage.write_table(home / SCORES / f"{name}.parquet", scorer.table(rows))
    return home / SCORES / f"{name}.parquet"
