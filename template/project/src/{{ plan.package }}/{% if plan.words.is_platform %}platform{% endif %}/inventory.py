"""The fleet: every model of every team, whether it is well, and whether people have looked at it in time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .. import storage
from ..registry.local import Registry
from .project import Project
from .repository import Repository

DRIFT = "drift.json"
"""The last drift windows of a project's live version, as the monitor leaves them: a list of summaries."""
_ENOUGH_HEALTH = 100


@dataclass(frozen=True)
class Entry:
    """One model. `health` is 100 less what `faults` take; `days_to_review` below zero: the review is overdue."""

    team: str
    model: str
    owner: str
    tier: str
    risk_class: str
    live_version: int | None
    approved_by: tuple[str, ...]
    card: str
    health: int
    faults: tuple[str, ...]
    last_review: datetime.date | None
    days_to_review: int | None

    @property
    def overdue(self) -> bool:
        """Whether people should have looked at it: never reviewed and live, or too long ago."""
        return self.live_version is not None if self.days_to_review is None else self.days_to_review < 0


def of(repository: Repository, projects: Sequence[Project], today: datetime.date) -> list[Entry]:
    """The models of `projects`, by team and name."""
    return [_entry(repository, project, today) for project in projects]


def _entry(repository: Repository, project: Project, today: datetime.date) -> Entry:
    team = repository.team(project.team)
    tier = repository.tiers[team.tier]
    registry = Registry(project.home, tier["approvers_needed"])
    live = registry.live()
    version = None if live is None else registry.get(live)
    card = None if live is None else registry.folder(live) / "card.md"
    faults = dict(_faults(project, registry, live, needed=tier["approvers_needed"]))
    due = None
    if project.last_review is not None:
        due = project.last_review + datetime.timedelta(days=_review_days(tier["review_days"], project.risk_class))
    return Entry(
        team=team.name,
        model=project.name,
        owner=team.owners[0],
        tier=team.tier,
        risk_class=project.risk_class,
        live_version=live,
        approved_by=() if version is None else tuple(vote.by for vote in version.votes if vote.approve),
        card=str(card) if card is not None and card.is_file() else "",
        health=max(_ENOUGH_HEALTH - sum(faults.values()), 0),
        faults=tuple(faults),
        last_review=project.last_review,
        days_to_review=None if due is None else (due - today).days,
    )


def _review_days(of_tier: int, risk_class: str) -> int:
    """High-risk models are looked at twice as often, whatever the team pays for."""
    return of_tier // 2 if risk_class == "high" else of_tier


def _faults(project: Project, registry: Registry, live: int | None, *, needed: int) -> Iterator[tuple[str, int]]:
    """What is wrong with a model, and how much of its health that takes."""
    if live is None:
        yield "nothing is live", 100
        return
    version = registry.get(live)
    if len(version.votes) < needed:
        yield f"approved by {len(version.votes)}, the tier asks for {needed}", 30
    if not (registry.folder(live) / "card.md").is_file():
        yield "no model card", 30
    if not (project.home / DRIFT).is_file():
        yield "no drift job has run", 20
        return
    last = storage.read_json(project.home / DRIFT)[-3:]
    drifted = sum(bool(window["drifted"]) for window in last)
    if drifted >= 2:
        yield f"inputs drifted in {drifted} of the last {len(last)} windows", 40
