"""A new team: its file, written whole or not at all, after everything that would refuse it later has been asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from stacks import teams as files

from .. import storage
from ..problem import NotAllowedError, ProblemError
from .repository import Repository

_HEAD = "# What the platform makes for this team follows from this file (docs/teams.md). `make preview` shows it.\n"


def new_team(
    repository: Repository,
    name: str,
    *,
    owner: str,
    tier: str = "bronze",
    cost_center: str,
    gpus: int = 0,
    budget_usd: int = 0,
) -> Path:
    """Write the file of team `name` and return its path.

    `gpus` are the team's own in production; it borrows beyond them. `budget_usd` is for a month of production, a tenth
    of it for each other environment.

    Raises:
        NotAllowedError: there is such a team already.
        ProblemError: a value is not allowed, or the cluster has not that many GPUs. Nothing was written.
    """
    before = repository.teams
    path = repository.teams_folder / f"{name}.yaml"
    if path.exists() or name in {team.name for team in before}:
        raise NotAllowedError("there is such a team already", got=name, fix=f"edit {path.name}, or choose another name")
    production = repository.environments[-1]
    document = {
        "team": name,
        "tier": tier,
        "owners": [owner],
        "cost_center": cost_center,
        "gpus": {environment: gpus if environment == production else 0 for environment in repository.environments},
        "borrowing": True,
        "budget_usd_per_month": {
            environment: budget_usd if environment == production else budget_usd // 10
            for environment in repository.environments
        },
        "models": [],
    }
    problems = files.wrong(document, name, files.owners(repository.teams_folder))
    if problems:
        raise ProblemError("this cannot be a team", got="; ".join(problems), fix="see docs/teams.md")
    own = {team.name: team.gpus.get(production, 0) for team in before}
    _require_room(own, name, gpus, production, repository.gpus[production])
    storage.write_text(path, _HEAD + yaml.safe_dump(document, sort_keys=False))
    return path


def _require_room(own: Mapping[str, int], name: str, gpus: int, environment: str, whole: int) -> None:
    left = whole - sum(own.values())
    if gpus > left:
        held = ", ".join(f"{team} {count}" for team, count in own.items() if count)
        raise ProblemError(
            f"the cluster has not that many GPUs in {environment}",
            got=f"{gpus} for {name}",
            allowed=f"{max(left, 0)} of {whole} are left ({held or 'nobody holds any'})",
            fix="GPUS=0 borrows what lies idle; or lower another team's gpus, or raise most_nodes of a pool in "
            "config/kubernetes",
        )
