"""The text of a comparison of two plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelkeel.plan.decision import Decision
from modelkeel.plan.difference import Comparison, Difference
from modelkeel.report.html_words import count_of, plain
from modelkeel.report.wording import printable


def render(comparison: Comparison, cost: Mapping[str, Any] | None = None) -> str:
    """Return answers and decisions, old -> new with both reasons, and the months' prices where they are known."""
    lines = [
        f"{count_of(len(comparison.answers), 'answer')}, {count_of(len(comparison.decisions), 'decision')} and "
        f"{count_of(len(comparison.settings), 'setting')} differ"
    ]
    if comparison.answers:
        lines += ["", "answers:", *(f"  {row.key}: {_change(row.old, row.new)}" for row in comparison.answers)]
    for row in comparison.decisions:
        lines += ["", *_decision(row)]
    if cost is not None:
        lines += ["", *_cost(cost)]
    return "\n".join(printable(line) for line in lines) + "\n"


def _decision(row: Difference) -> list[str]:
    old, new = row.old, row.new
    lines = [f"{row.key}: {_change(_value(old), _value(new))}"]
    for label, decision in (("old", old), ("new", new)):
        if decision is not None:
            lines.append(f"  {label}:     {decision.reason}")
            lines += [f"           {decision.formula}"] if decision.formula else []
    asked = sorted({name for decision in (old, new) if decision is not None for name in decision.from_})
    return [*lines, f"  from:    {', '.join(asked)}"]


def _cost(cost: Mapping[str, Any]) -> list[str]:
    lines = [f"USD a month, environments {cost['old']['environment']} and {cost['new']['environment']}, list prices:"]
    lines += [f"  all: {_money(cost['old']['totals'])} -> {_money(cost['new']['totals'])}"]
    before, after = cost["old"]["by_program"], cost["new"]["by_program"]
    for program in [*after, *(name for name in before if name not in after)]:
        old, new = _base(before.get(program)), _base(after.get(program))
        if old != new:
            lines.append(f"  {program}: {old} -> {new}")
    return lines


def _money(totals: Mapping[str, str]) -> str:
    return f"{float(totals['base']):,.2f} ({float(totals['low']):,.2f} to {float(totals['high']):,.2f})"


def _base(totals: Mapping[str, str] | None) -> str:
    return "-" if totals is None else f"{float(totals['base']):,.2f}"


def _value(decision: Decision | None) -> Any:
    return None if decision is None else decision.value


def _change(old: Any, new: Any) -> str:
    return f"{plain(old)} -> {plain(new)}"
