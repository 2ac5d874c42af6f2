"""Findings as annotations of GitHub Actions: workflow commands that the runner reads from the log.

GitHub keeps ten errors and ten warnings a step (actions/toolkit issue 734, read 2026-11-23): the worst come
first, and a last line says how many more there are.
"""

from __future__ import annotations

from modelkeel.findings import Finding, Findings
from modelkeel.report.wording import printable, sentence, shown, subject, summary

MAX_PER_LEVEL = 10


def render(found: Findings, *, show_all: bool = False) -> str:
    """Return at most ten errors and ten warnings, then the counts as a notice."""
    rows = [row for row in shown(found, show_all=show_all) if row.result not in {"pass", "waived"}]
    lines: list[str] = []
    for level in ("error", "warning"):
        wanted = [row for row in rows if _level(row, strict=found.strict) == level]
        lines += [_annotation(level, row) for row in wanted[:MAX_PER_LEVEL]]
    left_out = len(rows) - len(lines)
    more = f"; {left_out} more are in the job summary" if left_out else ""
    lines.append(f"::notice title=modelkeel::{_data(summary(found) + more)}")
    return "\n".join(lines) + "\n"


def _level(row: Finding, *, strict: bool) -> str:
    if row.result == "undetermined":
        return "error" if strict else "warning"
    return "error" if row.result == "error" or row.control.severity in {"critical", "high"} else "warning"


def _annotation(level: str, row: Finding) -> str:
    place = f"file={_property(row.location.file)},line={row.location.line}," if row.location else ""
    title = _property(f"{row.control.id} ({row.control.severity})")
    return f"::{level} {place}title={title}::{_data(f'{subject(row)}: {sentence(row)}. {row.control.remediation}')}"


def _data(text: str) -> str:
    """Escape as the runner unescapes: percent first, then what would end the command's line."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
