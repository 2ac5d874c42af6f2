"""Command line of the platform: `python -m <package>.platform <step>`. Exit 1: something to look at; 2: refused."""

from __future__ import annotations

import argparse
import datetime
import sys
from decimal import Decimal
from pathlib import Path

from stacks import teams as files

from .. import storage
from ..problem import ProblemError
from . import catalogue, chargeback, green, inventory, reports
from . import project as projects
from .new_project import new_project
from .new_team import new_team
from .repository import Repository
from .standing import standing

_MONTH_HOURS = 730


def main(arguments: list[str] | None = None) -> int:
    """Run one step and return the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen, Repository(chosen.root)))
    except ProblemError as problem:
        print(problem, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(), help="the repository (this folder)")
    steps = parser.add_subparsers(required=True, metavar="STEP")

    team = steps.add_parser("new-team", help="write teams/NAME.yaml")
    team.add_argument("name")
    team.add_argument("--owner", required=True, help="an address of teams/owners.txt")
    team.add_argument("--tier", default="bronze", help=f"{', '.join(files.TIERS)} (bronze)")
    team.add_argument("--cost-center", required=True)
    team.add_argument("--gpus", type=int, default=0, help="GPUs that are the team's own in production (0: it borrows)")
    team.add_argument("--budget-usd", type=int, default=0, help="for a month of production (0: none)")
    team.set_defaults(run=_new_team)

    project = steps.add_parser("new-project", help="write projects/TEAM/NAME from the golden path")
    for name in ("team", "name"):
        project.add_argument(name)
    project.add_argument("--example", default="fare-disputes", help="whose columns it begins with (fare-disputes)")
    project.set_defaults(run=_new_project)

    check = steps.add_parser("check-project", help="take a project to a model that waits for approval")
    for name in ("team", "name"):
        check.add_argument(name)
    check.add_argument("--author", default="ci", help="who trained it (ci)")
    check.set_defaults(run=_check_project)

    for name, run, told in (
        ("check-teams", _check_teams, "whether teams, projects and features fit together; exit 1 where they do not"),
        ("catalogue", _catalogue, "the shared features; exit 1 where one is stale"),
        ("fleet", _fleet, "every model, its health and its last review; exit 1 where a review is overdue"),
        ("chargeback", _chargeback, "what each team pays, by month"),
    ):
        step = steps.add_parser(name, help=told)
        step.set_defaults(run=run)
        if name != "check-teams":
            step.add_argument("--into", type=Path, default=Path(".platform"), help="folder of the reports (.platform)")
        if name == "catalogue":
            step.add_argument("--store", type=Path, default=Path(".platform/features"), help="where features are made")
        if name == "chargeback":
            step.add_argument("usage", type=Path, help=f"CSV: {', '.join(chargeback.USAGE)}")
            step.add_argument("tagged", type=Path, help=f"CSV: {', '.join(chargeback.TAGGED)}")
    return parser


def _new_team(chosen: argparse.Namespace, repository: Repository) -> int:
    path = new_team(
        repository,
        chosen.name,
        owner=chosen.owner,
        tier=chosen.tier,
        cost_center=chosen.cost_center,
        gpus=chosen.gpus,
        budget_usd=chosen.budget_usd,
    )
    goes_on = f"`make new-project TEAM={chosen.name} NAME=...` goes on"
    print(f"{path} is written; `make offline` shows what it brings, {goes_on}")
    return 0


def _new_project(chosen: argparse.Namespace, repository: Repository) -> int:
    made = new_project(repository, chosen.team, chosen.name, example=chosen.example)
    print(f"{made.folder} is written; `make check-project TEAM={made.team} NAME={made.name}` trains and judges it")
    return 0


def _check_project(chosen: argparse.Namespace, repository: Repository) -> int:
    made = projects.read(repository.project_folder(chosen.team, chosen.name))
    print(f"... {made.team}/{made.name}: data, training, gates", file=sys.stderr, flush=True)
    print(green.check(made, author=chosen.author), end="")
    return 0


def _check_teams(chosen: argparse.Namespace, repository: Repository) -> int:
    problems = standing(repository)
    for problem in problems:
        print(problem)
    counted = f"{len(repository.teams)} teams, {len(projects.read_all(repository.root))} projects"
    print(f"{counted}: {len(problems)} problem(s)" if problems else f"{counted}: all fits together")
    return int(bool(problems))


def _catalogue(chosen: argparse.Namespace, repository: Repository) -> int:
    now = datetime.datetime.now(datetime.UTC)
    made = projects.read_all(repository.root)
    found = catalogue.status(catalogue.read(repository), made, chosen.store, now)
    for status in found:
        print(f"{status.feature.name}: {reports.feature_line(status)}")
    catalogue.emit(chosen.into / "metrics.jsonl", "platform", found)
    return int(any(status.stale for status in found))


def _fleet(chosen: argparse.Namespace, repository: Repository) -> int:
    today = datetime.datetime.now(datetime.UTC).date()
    entries = inventory.of(repository, projects.read_all(repository.root), today)
    for entry in entries:
        print(" | ".join(text for text in reports.fleet_row(entry) if text))
    path = chosen.into / "fleet.html"
    reports.fleet_page(path, entries, today.isoformat())
    print(f"{len(entries)} models, {sum(entry.overdue for entry in entries)} reviews overdue: {path}")
    return int(any(entry.overdue for entry in entries))


def _chargeback(chosen: argparse.Namespace, repository: Repository) -> int:
    teams = repository.teams
    names = [team.name for team in teams]
    owned = {team.name: Decimal(team.gpus.get(repository.environments[-1], 0) * _MONTH_HOURS) for team in teams}
    prices = repository.prices
    found = chargeback.charges(
        chargeback.read_usage(chosen.usage, names), chargeback.read_tagged(chosen.tagged, names), prices, owned
    )
    storage.write_text(chosen.into / "chargeback.csv", chargeback.as_csv(found))
    reports.charges_page(chosen.into / "chargeback.html", found, prices["basis"])
    for row in reports.charge_rows(found):
        print(" | ".join(row))
    print(f"{chosen.into / 'chargeback.csv'} and .html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
