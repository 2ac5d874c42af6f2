"""Fleet, catalogue and charges as people read them: lines on a terminal, and pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import table_page
from .catalogue import Status
from .chargeback import Charge
from .inventory import Entry

_FLEET = (
    "team", "model", "owner", "tier", "risk class", "live version", "approved by", "card", "health", "last review",
    "next review", "to do",
)  # fmt: skip
_CHARGES = ("month", "team", "tagged", "own GPUs", "borrowed GPUs", "lent GPUs", "processors", "total")


def fleet_row(entry: Entry) -> list[str]:
    """One model as words."""
    if entry.days_to_review is None:
        due = "OVERDUE: never reviewed" if entry.overdue else "before it goes live"
    else:
        late = -entry.days_to_review
        due = f"OVERDUE by {late} days" if entry.overdue else f"in {entry.days_to_review} days"
    return [
        entry.team,
        entry.model,
        entry.owner,
        entry.tier,
        entry.risk_class,
        "" if entry.live_version is None else str(entry.live_version),
        ", ".join(entry.approved_by),
        "yes" if entry.card else "no",
        str(entry.health),
        "" if entry.last_review is None else entry.last_review.isoformat(),
        due,
        "; ".join(entry.faults),
    ]


def fleet_page(path: Path, entries: Sequence[Entry], day: str) -> None:
    """Write the fleet as a page; what needs somebody's eye is marked."""
    table_page.write(
        path,
        "The fleet of models",
        f"Every model of every team on {day}: whether it is well, and whether people have looked at it in time.",
        _FLEET,
        [fleet_row(entry) for entry in entries],
        marked=[entry.overdue or bool(entry.faults) for entry in entries],
    )


def feature_line(status: Status) -> str:
    """One shared feature as a sentence."""
    feature = status.feature
    age = "never made" if status.age_hours is None else f"{status.age_hours:.0f} h old"
    kind = "certified" if feature.certified else "not certified"
    state = "STALE" if status.stale else "fresh"
    promised = f"{feature.fresh_hours:g} h promised by {feature.owner}"
    return f"{state}: {age}, {promised}; {kind}; {len(status.users)} project(s) use it"


def charge_rows(charges: Sequence[Charge]) -> list[list[str]]:
    """The charges as words, in USD."""
    return [
        [
            charge.month,
            charge.team,
            *(
                f"{value:,.2f}"
                for value in (
                    charge.tagged,
                    charge.own_gpus,
                    charge.borrowed_gpus,
                    -charge.lent_gpus,
                    charge.processors,
                    charge.total,
                )
            ),
        ]
        for charge in charges
    ]


def charges_page(path: Path, charges: Sequence[Charge], basis: str) -> None:
    """Write the charges as a page."""
    told = {
        "used": "A team pays the machine hours that it used, on its own quota and on quota that it borrowed.",
        "owned": "A team pays its quota and what it borrowed; what others borrowed of it is taken off.",
    }[basis]
    table_page.write(path, "Charges by team, USD", told, _CHARGES, charge_rows(charges))
