"""Settings of the model's life, read from settings.toml beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from .problem import ProblemError

T = TypeVar("T")
FILE = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True)
class Project:
    """Who owns the model. `seed` makes every run repeatable."""

    name: str
    owner: str
    seed: int


@dataclass(frozen=True)
class Training:
    """Days of history and of the periods it is split into, and how hard to search."""

    history_days: int
    validation_days: int
    holdout_days: int
    warm_up_days: int
    search_trials: int
    threads: int


@dataclass(frozen=True)
class Costs:
    """Euro; see money.py for what each one means."""

    loss_share: float
    saved_share: float
    per_action: float
    per_false_alarm: float


@dataclass(frozen=True)
class Gates:
    """Limits that a model must keep before it may be registered."""

    protected: tuple[str, ...]
    smallest_group: int
    largest_gap: float
    confidence: float
    most_worse_than_champion: float
    least_gain_over_baseline: float
    most_lost_to_noise: float


@dataclass(frozen=True)
class Serving:
    """What is promised of the endpoint (requests a second, milliseconds), and when a person looks at a decision."""

    peak_rps: float
    p99_ms: float
    instances: int
    instance_type: str
    review_band: float
    reasons: int


@dataclass(frozen=True)
class Monitoring:
    """Drift windows: rows in each, the level of false alarms, and how many of the last windows must agree."""

    window_rows: int
    false_alarm_level: float
    windows_needed: int
    windows_seen: int


@dataclass(frozen=True)
class Approval:
    """How many people, none of them the author, must approve a version before it may go live."""

    approvers_needed: int


@dataclass(frozen=True)
class Settings:
    """Everything in settings.toml. `privacy` says for each personal column: drop, token or keep."""

    project: Project
    training: Training
    costs: Costs
    gates: Gates
    serving: Serving
    monitoring: Monitoring
    approval: Approval
    privacy: dict[str, str]


def load(path: Path = FILE) -> Settings:
    """Read settings.

    Raises:
        ProblemError: the file is not TOML, or a key is missing or unknown.
    """
    try:
        tables = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ProblemError(f"{path.name} cannot be read", got=str(error), fix="correct the file") from error
    return Settings(
        project=_fill(Project, tables, "project"),
        training=_fill(Training, tables, "training"),
        costs=_fill(Costs, tables, "costs"),
        gates=_fill(Gates, tables, "gates"),
        serving=_fill(Serving, tables, "serving"),
        monitoring=_fill(Monitoring, tables, "monitoring"),
        approval=_fill(Approval, tables, "approval"),
        privacy=dict(tables.get("privacy", {})),
    )


@cache
def current() -> Settings:
    """The settings of this release, read once."""
    return load()


def _fill(kind: type[T], tables: dict[str, Any], name: str) -> T:
    table = tables.get(name, {})
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if set(table) != known:
        odd = sorted(set(table) ^ known)
        raise ProblemError(f"[{name}] in settings.toml is not right", got=f"missing or unknown: {', '.join(odd)}")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})
