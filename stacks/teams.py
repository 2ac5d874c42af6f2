"""The teams of a platform, one file each: what every program makes for a team follows from its file.

This module needs nothing of Pulumi: `make new-team` checks with it what `pulumi preview` would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

TIERS = ("gold", "silver", "bronze")
OWNERS = "owners.txt"
MAX_NAME_LENGTH = 20
"""The longest name of AWS with a team in it is a role, `<project>-<environment>-<team>-training`: 64 characters."""
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RESERVED = frozenset(
    {
        *("default", "karpenter", "kube-node-lease", "kube-public", "kube-system", "pipeline", "shared"),
        "training-requests",
    }
)
"""Namespaces of the cluster and of the pipeline, and the prefix of what all teams read."""

_REQUIRED: dict[str, type] = {
    "team": str,
    "tier": str,
    "owners": list,
    "cost_center": str,
    "gpus": dict,
    "borrowing": bool,
    "budget_usd_per_month": dict,
    "models": list,
}


class TeamsError(ValueError):
    """The team files cannot be what they say; every problem is named."""


@dataclass(frozen=True, kw_only=True)
class Team:
    """One file: `gpus` and `budget_usd_per_month` by environment; what is not named there is zero."""

    name: str
    tier: str
    owners: tuple[str, ...]
    cost_center: str
    gpus: Mapping[str, int]
    borrowing: bool
    budget_usd_per_month: Mapping[str, int]
    models: tuple[str, ...]


def read(folder: Path) -> list[Team]:
    """Return the teams whose files lie in `folder`, by name.

    Raises:
        TeamsError: there is none, or files are not what they must be; all problems are named.
    """
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise TeamsError(f"there is no team in {folder}: `make new-team NAME=... OWNER=...` writes the file of one")
    known = owners(folder)
    problems: list[str] = []
    teams: list[Team] = []
    for path in paths:
        try:
            document = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            problems.append(f"{path.name} is not YAML: {' '.join(str(error).split())}")
            continue
        found = [f"{path.name}: {problem}" for problem in wrong(document, path.stem, known)]
        problems += found
        if not found:
            teams.append(_team(document))
    if problems:
        raise TeamsError("the teams cannot be read:\n  " + "\n  ".join(problems))
    return teams


def owners(folder: Path) -> tuple[str, ...]:
    """Return the addresses that may own a team: the lines of owners.txt."""
    path = folder / OWNERS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def wrong(document: Any, stem: str, known_owners: Iterable[str]) -> list[str]:
    """Return what is wrong with the content of a team's file, whose name without `.yaml` is `stem`."""
    if not isinstance(document, dict):
        return [f"must hold keys and values, got {document!r}"]
    shape = [
        f"{key} is missing" if key not in document else f"{key} must be a {kind.__name__}, got {document[key]!r}"
        for key, kind in _REQUIRED.items()
        if not isinstance(document.get(key), kind)
    ]
    shape += [f"{key} is unknown, allowed: {', '.join(_REQUIRED)}" for key in document if key not in _REQUIRED]
    return shape or list(_values(document, stem, tuple(known_owners)))


def bad_name(name: str, what: str = "team") -> str | None:
    """Return why `name` cannot be the name of a team or a project; None if it can."""
    if not NAME.fullmatch(name) or len(name) > MAX_NAME_LENGTH:
        allowed = f"small letters, digits and single hyphens, a letter first, {MAX_NAME_LENGTH} characters at most"
        return f"{what} {name!r} has {len(name)} characters, allowed: {allowed}"
    return f"{what} {name!r} is a name of the platform itself" if name in RESERVED else None


def over_promised(teams: Iterable[Team], environment: str, gpus: int) -> str | None:
    """Return how the teams are promised more GPUs in `environment` than the cluster's `gpus`; None if they are not."""
    own = {team.name: team.gpus.get(environment, 0) for team in teams}
    if sum(own.values()) <= gpus:
        return None
    named = ", ".join(f"{name} {count}" for name, count in own.items() if count)
    return (
        f"the teams are promised {sum(own.values())} GPUs in {environment} ({named}), the cluster has {gpus} there "
        "at its largest"
    )


def _values(document: dict[str, Any], stem: str, known: tuple[str, ...]) -> Iterator[str]:
    name = document["team"]
    if name != stem:
        yield f"team is {name!r}, the file is named {stem}.yaml: both must be the same"
    if said := bad_name(name):
        yield said
    if document["tier"] not in TIERS:
        yield f"tier is {document['tier']!r}, allowed: {', '.join(TIERS)}"
    if not document["owners"]:
        yield "owners is empty: somebody must answer for the team"
    for owner in document["owners"]:
        if owner not in known:
            yield f"owner {owner!r} is unknown, allowed: {', '.join(known) or 'none yet'}; add a line to {OWNERS}"
    for key in ("gpus", "budget_usd_per_month"):
        for environment, count in document[key].items():
            if isinstance(count, bool) or not isinstance(count, int) or count < 0:
                yield f"{key}.{environment} must be a whole number, 0 or more, got {count!r}"
    for model in document["models"]:
        if said := bad_name(str(model), "model"):
            yield said
    if len(set(document["models"])) != len(document["models"]):
        yield "models names one twice"


def _team(document: Mapping[str, Any]) -> Team:
    return Team(
        name=document["team"],
        tier=document["tier"],
        owners=tuple(document["owners"]),
        cost_center=document["cost_center"],
        gpus=dict(document["gpus"]),
        borrowing=document["borrowing"],
        budget_usd_per_month=dict(document["budget_usd_per_month"]),
        models=tuple(document["models"]),
    )
