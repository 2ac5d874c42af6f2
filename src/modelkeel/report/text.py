"""Findings for a person in front of a terminal, or for the log of a pipe: worst first, with why and how to fix."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterator

from modelkeel.findings import Findings
from modelkeel.findings.finding import Finding
from modelkeel.report.wording import BASIS_NOTE, clauses, place, printable, sentence, shown, subject, summary

PIPE_WIDTH = 120
_COLOURS = {"violation": "31", "error": "35", "undetermined": "33", "waived": "36", "pass": "32"}


def render(found: Findings, *, show_all: bool = False, colour: bool | None = None) -> str:
    """Return one block a control: each place that it speaks of, then why and how to fix, once.

    `colour` follows the terminal, NO_COLOR and FORCE_COLOR where it is None.
    """
    paint = _wants_colour() if colour is None else colour
    rows = shown(found, show_all=show_all)
    blocks = ["\n".join(_block(group, paint)) for group in _by_control(rows)]
    blocks.append("\n".join(_closing(found, rows)))
    return "\n\n".join(blocks) + "\n"


def _by_control(rows: list[Finding]) -> Iterator[list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for row in rows:
        groups.setdefault((row.result, row.control.id), []).append(row)
    yield from groups.values()


def _block(rows: list[Finding], paint: bool) -> Iterator[str]:
    first = rows[0]
    control = first.control
    word = f"{first.result.upper()} {control.severity}"
    yield f"{_painted(word, _COLOURS[first.result], paint)}  {control.id}: {control.title}"
    for row in rows:
        yield f"  {printable(place(row))}  {printable(subject(row))}"
        if row.result != "pass":
            yield from _wrapped(printable(sentence(row)), "      ")
    if first.result == "pass":
        return
    yield from _wrapped(control.rationale, "  why: ")
    yield from _wrapped(control.remediation, "  fix: ")
    if control.frameworks:
        yield from _wrapped(clauses(control), "  for: ")
    if control.source:
        yield f"  see: {control.source}"


def _closing(found: Findings, rows: list[Finding]) -> Iterator[str]:
    yield summary(found)
    if any(row.control.frameworks and row.result != "pass" for row in rows):
        yield from _wrapped(BASIS_NOTE, "")
    unseen = found.resource_types_without_control
    if unseen:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in unseen.items())
        yield from _wrapped(f"No control looks at: {kinds}", "")


def _wrapped(text: str, label: str) -> list[str]:
    return textwrap.wrap(
        text,
        width=PIPE_WIDTH,
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _painted(text: str, code: str, paint: bool) -> str:
    return f"\x1b[1;{code}m{text}\x1b[0m" if paint else text


def _wants_colour() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
