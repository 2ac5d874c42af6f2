"""Findings as GitHub Markdown, for a job summary or a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modelkeel.findings import Finding, Findings
from modelkeel.report.wording import BASIS_NOTE, clauses, place, printable, sentence, shown, subject, summary

MAX_CHARACTERS = 65_000
"""GitHub takes comments of less than 65,536 characters."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()|~<>&$]|:(?=//)|(?<=www)\.)")
# GitHub reads mentions and issue numbers from the rendered text, where a backslash is gone: a character
# without width keeps them apart. An address such as team@example.com is no mention.
_MENTION = re.compile(r"(?<!\w)@(?=\w)|#(?=\d)")


def render(found: Findings, *, show_all: bool = False) -> str:
    """Return a heading, the counts, a table of what is wrong, and what to do about each control."""
    rows = shown(found, show_all=show_all)
    head = [f"## Policy check: {_text(found.environment)}", "", _text(summary(found)), ""]
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
    return "| " + " | ".join(_text(cell) for cell in cells) + " |"


def _advice(rows: list[Finding]) -> Iterator[str]:
    controls = {row.control.id: row.control for row in rows if row.result not in {"pass", "waived"}}
    if not controls:
        return
    yield from ("", "<details><summary>Why, and how to fix</summary>", "")
    for control in controls.values():
        source = f" ([source]({control.source}))" if control.source else ""
        yield f"- **{_text(control.id)}**: {_text(control.rationale)} {_text(control.remediation)}{source}"
        if control.frameworks:
            yield f"  - {_text(clauses(control))}"
    yield from ("", _text(BASIS_NOTE), "", "</details>")


def _text(text: str) -> str:
    """Return `text` so that Markdown shows it as it is: no link, mention, table cell or tag begins in it."""
    return _MENTION.sub(lambda found: f"{found[0]}\u200b", _SPECIAL.sub(r"\\\1", printable(text)))
