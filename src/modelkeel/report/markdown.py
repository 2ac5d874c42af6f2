"""Findings as GitHub Markdown, for a job summary or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from modelkeel.findings import Finding, Findings
from modelkeel.report.wording import (
    BASIS_NOTE,
    clauses,
    markdown_text,
    place,
    sentence,
    shown,
    subject,
    summary,
)

MAX_CHARACTERS = 65_000
"""GitHub takes comments of less than 65,536 characters."""


def render(found: Findings, *, show_all: bool = False) -> str:
    """Return a heading, the counts, a table of what is wrong, and what to do about each control."""
    rows = shown(found, show_all=show_all)
    head = [f"## Policy check: {markdown_text(found.environment)}", "", markdown_text(summary(found)), ""]
    table = ["| result | severity | control | resource | where | what |", "|---|---|---|---|---|---|"]
    advice = list(_advice(rows))
    room = MAX_CHARACTERS - sum(len(line) + 1 for line in (*head, *table, *advice))
    kept: list[str] = []
    for row in rows:
        line = _row(row)
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    left_out = [f"\n{len(rows) - len(kept)} more findings are left out here."] if len(kept) < len(rows) else []
    return "\n".join([*head, *(table if kept else []), *kept, *left_out, *advice]) + "\n"


def _row(row: Finding) -> str:
    cells = (row.result, row.control.severity, row.control.id, subject(row), place(row), sentence(row))
    return "| " + " | ".join(markdown_text(cell) for cell in cells) + " |"


def _advice(rows: list[Finding]) -> Iterator[str]:
    controls = {row.control.id: row.control for row in rows if row.result not in {"pass", "waived"}}
    if not controls:
        return
    yield from ("", "<details><summary>Why, and how to fix</summary>", "")
    for control in controls.values():
        source = f" ([source]({control.source}))" if control.source else ""
        advice = markdown_text(f"{control.rationale} {control.remediation}")
        yield f"- **{markdown_text(control.id)}**: {advice}{source}"
        if control.frameworks:
            yield f"  - {markdown_text(clauses(control))}"
    yield from ("", markdown_text(BASIS_NOTE), "", "</details>")
