"""Projects of teams: a folder each, with what is said of it (project.yaml) and what it settled (settings.toml)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ..problem import ProblemError

FILE, SETTINGS = "project.yaml", "settings.toml"
RISK_CLASSES = ("minimal", "limited", "high")
"""Risk classes that may run: what the EU AI Act prohibits has no class here."""
_KEYS = {"project", "team", "golden_path", "risk_class", "last_review", "shared_features"}


@dataclass(frozen=True)
class Project:
    """One project. `last_review` is when people last looked at model, data and use together; None: never."""

    name: str
    team: str
    golden_path: str
    risk_class: str
    last_review: datetime.date | None
    shared_features: tuple[str, ...]
    folder: Path

    @property
    def home(self) -> Path:
        """Where its data, models and logs lie on this machine."""
        return self.folder / ".ml"


def read(folder: Path) -> Project:
    """Read the project in `folder`.

    Raises:
        ProblemError: its file is missing or not what it must be; what is wrong is named.
    """
    path = folder / FILE
    try:
        document = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise ProblemError(
            f"{path} cannot be read", got=" ".join(str(error).split()), fix="make new-project"
        ) from error
    problems = _problems(document, folder)
    if problems:
        raise ProblemError(f"{path} is not right", got="; ".join(problems), fix="correct the file")
    return Project(
        name=document["project"],
        team=document["team"],
        golden_path=document["golden_path"],
        risk_class=document["risk_class"],
        last_review=document["last_review"],
        shared_features=tuple(document["shared_features"]),
        folder=folder,
    )


def read_all(root: Path) -> list[Project]:
    """All projects of the repository at `root`, by team and name."""
    return [read(path.parent) for path in sorted((root / "projects").glob(f"*/*/{FILE}"))]


def _problems(document: Any, folder: Path) -> list[str]:
    if not isinstance(document, dict) or set(document) != _KEYS:
        odd = sorted(set(document) ^ _KEYS) if isinstance(document, dict) else [str(document)]
        return [f"missing or unknown: {', '.join(odd)}"]
    found = []
    if (document["team"], document["project"]) != (folder.parent.name, folder.name):
        found.append(f"team and project are {document['team']}/{document['project']}, the folder is another's")
    if document["risk_class"] not in RISK_CLASSES:
        found.append(f"risk_class is {document['risk_class']!r}, allowed: {', '.join(RISK_CLASSES)}")
    if not isinstance(document["last_review"], datetime.date | None):
        found.append(f"last_review is {document['last_review']!r}, allowed: a date, or null")
    return found
