"""Answers and decisions of the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelkeel.report.html_words import link, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRow:
    """One decision in words."""

    key: str
    value: str
    reason: str
    inputs: str
    formula: str
    source: str
    source_link: str
    alternatives: tuple[str, ...]


def decisions(plan: Mapping[str, Any] | None) -> list[DecisionRow]:
    """Return the decisions of a plan document in the plan's order."""
    return [_decision(decision) for decision in (plan or {}).get("decisions", ())]


def answers(given: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return question and answer, sorted by question; what belongs to the tool alone is left out."""
    return [(key, plain(value)) for key, value in sorted((given or {}).items()) if not key.startswith("_")]


def chosen_frameworks(given: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return the frameworks that the answers name; none known means none stands out."""
    value = (given or {}).get("frameworks", ())
    return tuple(str(item) for item in value) if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _decision(decision: Mapping[str, Any]) -> DecisionRow:
    source = str(decision.get("source") or "")
    return DecisionRow(
        key=str(decision["key"]),
        value=plain(decision["value"]),
        reason=str(decision.get("reason") or ""),
        inputs=plain(list(decision.get("from") or ())),
        formula=str(decision.get("formula") or ""),
        source=source,
        source_link=link(source),
        alternatives=tuple(plain(item) for item in decision.get("alternatives") or ()),
    )
