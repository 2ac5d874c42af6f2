"""The text that explains a decision, a question or a control."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from modelkeel.answers.schema import Question
from modelkeel.plan.decision import Decision
from modelkeel.plan.explanation import Explanation
from modelkeel.report.html_words import plain
from modelkeel.report.wording import printable
from modelkeel.tables.instance import instances

WIDTH = 120
SHOWN_CHANGES = 6
BASES = {
    "vendor-backed": "a vendor's published map ties an equivalent check to the clause",
    "judgement": "our reading of the framework, to be reviewed",
}
INSTANCE = re.compile(r"\bml\.([a-z0-9-]+\.[a-z0-9]+)\b")


def decision(found: Explanation) -> str:
    """Return value, answers, formula with its numbers, source, alternatives and what would change it."""
    row = found.decision
    lines = [f"{row.key}: {plain(row.value)}", *_wrapped(row.reason, "  ")]
    lines += [f"  price:   {text}" for text in _prices(row.value)]
    lines += ["  from:"]
    lines += [f"    {name}: {plain(value)}" for name, value in found.answers.items()]
    lines += [f"    {name}" for name in row.from_ if name not in found.answers]
    lines += _wrapped(row.formula, "  formula: ") if row.formula else []
    lines += _wrapped(row.source, "  source:  ")
    lines += [line for text in row.alternatives for line in _wrapped(_priced(text), "  instead: ")]
    lines += ["  what would change it:", *_changes(found)]
    return _text(lines)


def question(row: Question, value: Any, fed: Sequence[Decision]) -> str:
    """Return what a question asks, its answer (none without an answers file) and the decisions that use it."""
    lines = [f"{row.name}: {'not answered here' if value is None else plain(value)}", *_wrapped(row.help, "  ")]
    lines += _wrapped(row.allowed(), "  allowed: ")
    lines += [f"  default: {'none, it must be answered' if row.required else plain(row.default)}"]
    lines += _wrapped(row.changes, "  changes: ")
    lines += [f"    {each.key}: {plain(each.value)}" for each in fed]
    return _text(lines)


def control(row: Any, frameworks: Mapping[str, Any]) -> str:
    """Return what a control (a row of a pack) asks for, why, how to comply, its clauses by basis and their sources."""
    lines = [f"{row.id}: {row.title}", f"  severity: {row.severity}"]
    lines += _wrapped(row.rationale, "  why: ") + _wrapped(row.remediation, "  fix: ")
    lines += _wrapped(", ".join(row.applies_to) or "the graph as a whole", "  applies to: ")
    lines += _wrapped(", ".join(row.reads), "  reads: ") if row.reads else []
    lines += [f"  only in: {', '.join(row.environments)}"] if row.environments else []
    lines += [f"  only for: {', '.join(row.only_for)}"] if row.only_for else []
    for basis, meaning in BASES.items():
        clauses = [clause for clause in row.clauses if clause.basis == basis]
        lines += [f"  {basis} ({meaning}):"] if clauses else []
        for framework, rows in groupby(clauses, key=lambda clause: str(clause.framework)):
            lines += _wrapped(", ".join(each.clause for each in rows), f"    {framework}: ")
            if framework in frameworks:
                lines += _wrapped(frameworks[framework].source(basis), "      by ")
    return _text([*lines, f"  source: {row.source}"])


def _changes(found: Explanation) -> Iterator[str]:
    if not found.changes:
        yield "    no other single answer (each other choice, numbers halved and doubled)"
    for name, rows in groupby(found.changes, key=lambda change: change.question):
        changes = list(rows)
        for change in changes[:SHOWN_CHANGES]:
            prices = f" ({'; '.join(_prices(change.value))})" if list(_prices(change.value)) else ""
            value = "not decided then" if change.value is None else plain(change.value)
            yield from _wrapped(f"{value}{prices}", f"    {name}: {plain(change.answer)} -> ")
        if len(changes) > SHOWN_CHANGES:
            yield f"    {name}: {len(changes) - SHOWN_CHANGES} more answers change it"


def _prices(value: Any) -> Iterator[str]:
    if isinstance(value, str) and INSTANCE.fullmatch(value):
        row = instances().get(value.removeprefix("ml."))
        if row is not None and row.usd_per_hour is not None:
            yield f"{row.usd_per_hour:.3f} USD/h for each instance, list price in us-east-1"


def _priced(text: str) -> str:
    """Add the list price where an alternative names an instance and no price."""
    match = INSTANCE.search(text)
    row = instances().get(match[1]) if match and "USD" not in text else None
    return f"{text} ({row.usd_per_hour:.3f} USD/h)" if row is not None and row.usd_per_hour is not None else text


def _wrapped(text: str, label: str) -> list[str]:
    rest = " " * min(len(label), 13)
    return textwrap.wrap(
        text, WIDTH, initial_indent=label, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    ) or [label.rstrip()]


def _text(lines: Sequence[str]) -> str:
    return "\n".join(printable(line) for line in lines) + "\n"
