"""What several formats say of a finding, in the same words; and texts made safe to print."""

from __future__ import annotations

import re

from modelkeel.findings import Control, Finding, Findings

_SPECIAL = re.compile(r"([\\`*_{}\[\]()|~<>&$]|:(?=//)|(?<=www)\.)")
# GitHub reads mentions and issue numbers from the rendered text, where a backslash is gone: a character
# without width keeps them apart. An address such as team@example.com is no mention.
_MENTION = re.compile(r"(?<!\w)@(?=\w)|#(?=\d)")

RESULT_WORDS = {
    "violation": "violation",
    "error": "rule failed",
    "undetermined": "undetermined",
    "waived": "waived",
    "pass": "pass",
}
BASIS_MARK = {"vendor-backed": "", "judgement": "*"}
BASIS_NOTE = (
    "* our judgement of the framework's text; unmarked clauses follow a vendor's published map "
    "(Prowler, AWS Config and Audit Manager packs, Security Hub); `modelkeel controls` names text and maps"
)


def place(finding: Finding) -> str:
    """Return `file:line`, or what stands for it where no source is known."""
    if finding.location is not None:
        return f"{finding.location.file}:{finding.location.line}"
    return finding.program or "the graph as a whole"


def subject(finding: Finding) -> str:
    """Return the resource in few words: its name and the last word of its type."""
    kind = finding.resource_type.rsplit(":", 1)[-1]
    return f"{finding.resource_name} ({kind})" if kind else finding.environment


def sentence(finding: Finding) -> str:
    """Return what is wrong and where in the resource; for a waived finding also who answers for it."""
    where = f" [{finding.path}]" if finding.path else ""
    text = f"{finding.message or finding.control.title}{where}"
    waiver = finding.waiver
    if waiver is not None and waiver.expired:
        text += f"; the waiver of {waiver.owner} ({waiver.ticket}) expired on {waiver.expires}"
    elif waiver is not None:
        text += f"; waived until {waiver.expires} by {waiver.owner} ({waiver.ticket}): {waiver.reason}"
    return text


def clauses(control: Control) -> str:
    """Return the clauses by framework; a star marks what is our judgement."""
    by_framework: dict[str, list[str]] = {}
    for row in control.frameworks:
        by_framework.setdefault(row.id, []).append(row.clause + BASIS_MARK[row.basis])
    return "; ".join(f"{framework} {', '.join(found)}" for framework, found in by_framework.items())


def summary(found: Findings) -> str:
    """Return the counts in one line."""
    counts = found.counts
    parts = [f"{counts[result]} {words}" for result, words in _COUNTED if counts[result] or result == "violation"]
    return f"{found.project}, environment {found.environment}: {len(found.controls)} controls, {', '.join(parts)}"


_COUNTED = (
    ("violation", "violations"),
    ("error", "rules failed"),
    ("undetermined", "undetermined"),
    ("waived", "waived"),
    ("pass", "passed"),
)


def shown(found: Findings, *, show_all: bool) -> list[Finding]:
    """Return the findings to print, worst first; what passed only with `show_all`."""
    return [finding for finding in found.findings if show_all or finding.result != "pass"]


def printable(text: str) -> str:
    """Return `text` on one line without control characters: a resource's name must not steer a terminal."""
    return "".join(char if char.isprintable() else " " if char in "\r\n\t" else f"\\x{ord(char):02x}" for char in text)


def markdown_text(text: str) -> str:
    """Return `text` so that Markdown shows it as it is: no link, mention, table cell or tag begins in it."""
    return _MENTION.sub(lambda found: f"{found[0]}\u200b", _SPECIAL.sub(r"\\\1", printable(text)))
