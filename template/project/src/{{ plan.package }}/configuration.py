"""What every model's settings have, and how settings.toml is read into the classes that settings.py declares."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from .problem import ProblemError

T = TypeVar("T")
FILE = Path(__file__).with_name("settings.toml")
PROJECT = "ML_PROJECT"
"""Where a repository holds several projects: the folder of the one that this process works for."""


@dataclass(frozen=True)
class Project:
    """Who owns the model. `seed` makes every run repeatable."""

    name: str
    owner: str
    seed: int


@dataclass(frozen=True)
class Monitoring:
    """Drift windows: rows in each, the level of false alarms, and how many of the last windows must agree.

    `tolerated_psi` is a move that nobody would act on; only what goes beyond it by more than chance is drift.
    """

    window_rows: int
    false_alarm_level: float
    tolerated_psi: float
    windows_needed: int
    windows_seen: int


@dataclass(frozen=True)
class Approval:
    """How many people, none of them the author, must approve a version before it may go live."""

    approvers_needed: int


def files() -> tuple[Path, ...]:
    """The settings in force: settings.toml beside this file, then that of the project that `ML_PROJECT` names."""
    project = os.environ.get(PROJECT)
    return (FILE, Path(project) / FILE.name) if project else (FILE,)


def read(kind: type[T], *paths: Path) -> T:
    """Read the settings class `kind`: a table for each of its dataclasses, plain tables as they are.

    A table of a later file takes the place of the same table in an earlier one; without `paths`, those of `files`.

    Raises:
        ProblemError: a file is not TOML, or a key is missing or unknown.
    """
    tables: dict[str, Any] = {}
    for path in paths or files():
        try:
            tables |= tomllib.loads(path.read_text())
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ProblemError(f"{path.name} cannot be read", got=str(error), fix="correct the file") from error
    hints = get_type_hints(kind)
    return kind(
        **{
            name: _fill(hint, tables, name) if is_dataclass(hint) else dict(tables.get(name, {}))
            for name, hint in hints.items()
        }
    )


def _fill(kind: Any, tables: dict[str, Any], name: str) -> Any:
    table = tables.get(name, {})
    known = {field.name for field in fields(kind)}
    if set(table) != known:
        odd = sorted(set(table) ^ known)
        raise ProblemError(f"[{name}] in settings.toml is not right", got=f"missing or unknown: {', '.join(odd)}")
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in table.items()})
