"""How two plans differ: answers, decisions with both reasons, settings of stacks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modelkeel.answers import Answers, flat
from modelkeel.plan.decision import Decision
from modelkeel.plan.model import Plan

SCHEMA_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing with its value before and after; none where it does not exist there."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs between a plan (`old`) and another (`new`).

    `decisions` hold whole decisions whose values differ, in the order of the new plan, then those that only the old
    one has. `settings` are configuration values of stacks, keyed `program/stack: namespace:key`, sorted.
    """

    answers: tuple[Difference, ...]
    decisions: tuple[Difference, ...]
    settings: tuple[Difference, ...]


def compare(old_answers: Answers, old: Plan, new_answers: Answers, new: Plan) -> Comparison:
    """Return how the new answers and their plan differ from the old ones; pure, in a stable order."""
    return Comparison(
        answers=_differences(flat(old_answers), flat(new_answers)),
        decisions=_decisions(old, new),
        settings=tuple(sorted(_differences(_settings(old), _settings(new)), key=lambda row: row.key)),
    )


def to_document(comparison: Comparison, cost: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the comparison as the JSON document of schema version 1; `cost` is null where nobody priced both."""
    return {
        "schema_version": SCHEMA_VERSION,
        "answers": [_row(row) for row in comparison.answers],
        "decisions": [
            {"key": row.key, "old": _document(row.old), "new": _document(row.new)} for row in comparison.decisions
        ],
        "settings": [_row(row) for row in comparison.settings],
        "cost": None if cost is None else dict(cost),
    }


def dumps(comparison: Comparison, cost: Mapping[str, Any] | None = None) -> str:
    """Return the document as text: two spaces, one newline at the end."""
    return json.dumps(to_document(comparison, cost), indent=2, ensure_ascii=False) + "\n"


def _decisions(old: Plan, new: Plan) -> tuple[Difference, ...]:
    before = {decision.key: decision for decision in old.decisions}
    after = {decision.key: decision for decision in new.decisions}
    return tuple(
        Difference(key=key, old=before.get(key), new=after.get(key))
        for key in [*after, *(key for key in before if key not in after)]
        if key not in before or key not in after or before[key].value != after[key].value
    )


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    keys = [*new, *(key for key in old if key not in new)]
    return tuple(
        Difference(key=key, old=old.get(key), new=new.get(key)) for key in keys if old.get(key) != new.get(key)
    )


def _settings(plan: Plan) -> dict[str, Any]:
    return {
        f"{stack.program}/{stack.stack}: {key}": value for stack in plan.stacks for key, value in stack.config.items()
    }


def _row(row: Difference) -> dict[str, Any]:
    return {"key": row.key, "old": row.old, "new": row.new}


def _document(decision: Decision | None) -> dict[str, Any] | None:
    return None if decision is None else decision.document()
