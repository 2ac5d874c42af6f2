"""The features that all teams share: who owns each, how fresh it must be, who uses it, and which is stale.

catalogue/features.toml says what there is; when each was made last is read from what its owner wrote.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import storage
from ..monitoring import metrics
from ..problem import ProblemError
from .project import Project
from .repository import Repository

FILE = "features.toml"
UPDATED = "updated.json"
ALARM = metrics.Alarm("FeatureAge", 1.0)
"""Fires when a feature is older than its owner promised: its age over the promise is above 1, or nobody knows it."""
_KEYS = {"owner", "entity", "told", "fresh_hours", "certified"}


@dataclass(frozen=True)
class Feature:
    """A shared feature. `fresh_hours` is what its owner promises; `certified`: the platform has reviewed it."""

    name: str
    owner: str
    entity: str
    told: str
    fresh_hours: float
    certified: bool


@dataclass(frozen=True)
class Status:
    """A feature now: `age_hours` is None where it was never made. `users` are the projects that use it."""

    feature: Feature
    age_hours: float | None
    users: tuple[str, ...]

    @property
    def stale(self) -> bool:
        """Whether its owner's promise is broken."""
        return ALARM.fires([None if self.age_hours is None else self.age_hours / self.feature.fresh_hours])


def read(repository: Repository) -> list[Feature]:
    """The catalogue, by name.

    Raises:
        ProblemError: a feature lacks a key, or its owner is no team.
    """
    path = repository.root / "catalogue" / FILE
    try:
        rows: dict[str, dict[str, Any]] = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ProblemError(f"catalogue/{FILE} cannot be read", got=str(error), fix="correct the file") from error
    teams = {team.name for team in repository.teams}
    problems = [problem for name, row in rows.items() for problem in _wrong(name, row, teams)]
    if problems:
        raise ProblemError(f"catalogue/{FILE} is not right", got="; ".join(problems), allowed=", ".join(sorted(teams)))
    return [Feature(name, **row) for name, row in sorted(rows.items())]


def _wrong(name: str, row: dict[str, Any], teams: set[str]) -> list[str]:
    if set(row) != _KEYS:
        return [f"{name}: missing or unknown: {', '.join(sorted(set(row) ^ _KEYS))}"]
    return [] if row["owner"] in teams else [f"{name}: owner {row['owner']!r} is no team"]


def mark(store: Path, feature: str, at: datetime.datetime) -> None:
    """Note below `store` that a feature was made at `at`, as its owner's job does after writing it."""
    path = store / UPDATED
    with storage.locked(store):
        known = storage.read_json(path) if path.is_file() else {}
        storage.write_json(path, known | {feature: at.isoformat()})


def status(
    features: Sequence[Feature], projects: Sequence[Project], store: Path, now: datetime.datetime
) -> list[Status]:
    """How each feature stands at `now`.

    Raises:
        ProblemError: a project uses a feature that is not in the catalogue.
    """
    known = {feature.name for feature in features}
    unknown = [f"{p.team}/{p.name}: {name}" for p in projects for name in p.shared_features if name not in known]
    if unknown:
        raise ProblemError("projects use features that nobody owns", got=", ".join(unknown), allowed=", ".join(known))
    path = store / UPDATED
    updated = storage.read_json(path) if path.is_file() else {}
    return [
        Status(
            feature,
            _hours(now, updated[feature.name]) if feature.name in updated else None,
            tuple(f"{p.team}/{p.name}" for p in projects if feature.name in p.shared_features),
        )
        for feature in features
    ]


def emit(path: Path, project: str, found: Sequence[Status]) -> None:
    """Write the age of each feature, over what was promised, where the log agent reads: the alarm looks at it."""
    for one in found:
        if one.age_hours is not None:
            figures = {"FeatureAge": (one.age_hours / one.feature.fresh_hours, "None")}
            metrics.emit(path, project, figures, {"Feature": one.feature.name, "Team": one.feature.owner})


def _hours(now: datetime.datetime, then: str) -> float:
    return (now - datetime.datetime.fromisoformat(then)).total_seconds() / 3600
