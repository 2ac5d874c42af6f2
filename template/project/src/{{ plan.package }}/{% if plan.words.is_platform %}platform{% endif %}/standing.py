"""Whether what the repository says of teams, projects and features fits together."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from stacks import teams as files
from stacks.teams import Team

from . import catalogue
from . import project as projects
from .project import Project
from .repository import Repository


def standing(repository: Repository) -> list[str]:
    """Return what does not fit, in words; nothing where all does.

    Raises:
        ProblemError: a file cannot be read at all.
    """
    teams = {team.name: team for team in repository.teams}
    made = projects.read_all(repository.root)
    known = {feature.name for feature in catalogue.read(repository)}
    gpus = repository.gpus
    return [
        *(said for name in repository.environments if (said := files.over_promised(teams.values(), name, gpus[name]))),
        *(problem for project in made for problem in _of_project(repository, project, teams.get(project.team), known)),
        *_without_folder(list(teams.values()), made),
    ]


def _of_project(repository: Repository, project: Project, team: Team | None, known: set[str]) -> Iterator[str]:
    name = f"projects/{project.team}/{project.name}"
    if team is None:
        yield f"{name}: there is no team {project.team}"
        return
    if project.name not in team.models:
        yield f"{name}: teams/{team.name}.yaml does not name it in models"
    asked = repository.tiers[team.tier]["approvers_needed"]
    settled = tomllib.loads((project.folder / projects.SETTINGS).read_text())
    needed = settled.get("approval", {}).get("approvers_needed", asked)
    if needed < asked:
        yield f"{name}: {needed} approval(s) needed, tier {team.tier} asks for {asked}"
    for feature in project.shared_features:
        if feature not in known:
            yield f"{name}: the shared feature {feature} is not in the catalogue"


def _without_folder(teams: list[Team], made: list[Project]) -> Iterator[str]:
    there = {(project.team, project.name) for project in made}
    for team in teams:
        for model in team.models:
            if (team.name, model) not in there:
                yield f"teams/{team.name}.yaml: there is no projects/{team.name}/{model}"
