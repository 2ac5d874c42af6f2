"""How the plans of two sets of answers differ: answers, decisions, settings of stacks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from modelkeel.answers import Answers, flat
from modelkeel.plan.decision import Decision
from modelkeel.plan.model import Plan

SCHEMA_VERSION = 1

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Difference(Generic[Value]):
    """Two values of one key; none where one side does not have it."""

    key: str
    old: Value
    new: Value


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs; `settings` are keyed `program/stack: namespace:key`."""

    answers: tuple[Difference[Any], ...]
    decisions: tuple[Difference[Decision | None], ...]
    settings: tuple[Difference[Any], ...]


def compare(old_answers: Answers, old: Plan, new_answers: Answers, new: Plan) -> Comparison:
    """Return the answers, decisions and settings that differ, in the order of the new plan, dropped ones last.

    A decision differs when its value does: another reason for the same value changes nothing that is built.
    """
    before = {decision.key: decision for decision in old.decisions}
    after = {decision.key: decision for decision in new.decisions}
    decisions = tuple(
        Difference(key=key, old=before.get(key), new=after.get(key))
        for key in _keys(after, before)
        if _value(before.get(key)) != _value(after.get(key)) or (key in before) != (key in after)
    )
    return Comparison(
        answers=_differences(flat(old_answers), flat(new_answers)),
        decisions=decisions,
        settings=_differences(_settings(old), _settings(new)),
    )


def to_document(comparison: Comparison, cost: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the comparison as JSON values; `cost` holds the bills of both, `old` and `new`."""
    return {
        "schema_version": SCHEMA_VERSION,
        "answers": [_document(row) for row in comparison.answers],
        "decisions": [
            {"key": row.key, "old": _decision(row.old), "new": _decision(row.new)} for row in comparison.decisions
        ],
        "settings": [_document(row) for row in comparison.settings],
        "cost": None if cost is None else dict(cost),
    }


def dumps(comparison: Comparison, cost: Mapping[str, Any] | None = None) -> str:
    """Return the comparison as JSON text that ends in a newline."""
    return json.dumps(to_document(comparison, cost), indent=2, ensure_ascii=False) + "\n"


def _settings(plan: Plan) -> dict[str, Any]:
    return {
        f"{stack.program}/{stack.stack}: {key}": value for stack in plan.stacks for key, value in stack.config.items()
    }


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference[Any], ...]:
    return tuple(
        Difference(key=key, old=old.get(key), new=new.get(key))
        for key in _keys(new, old)
        if old.get(key) != new.get(key)
    )


def _keys(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    return [*first, *(key for key in second if key not in first)]


def _document(row: Difference[Any]) -> dict[str, Any]:
    return {"key": row.key, "old": row.old, "new": row.new}


def _decision(decision: Decision | None) -> dict[str, Any] | None:
    return None if decision is None else decision.document()


def _value(decision: Decision | None) -> Any:
    return None if decision is None else decision.value
