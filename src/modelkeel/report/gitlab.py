"""Findings as GitLab's code quality report.

GitLab shows one entry for each fingerprint, so every fingerprint is different and none depends on the line; paths
are relative to the repository, without a leading `./` (docs.gitlab.com, "Code Quality", read 2026-11-25).
"""

from __future__ import annotations

import json

from modelkeel.findings import Finding, Findings
from modelkeel.report.wording import printable, sentence, shown, subject

_SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor"}
NOWHERE = "policies/controls.toml"
"""A finding about the graph as a whole has no line; GitLab drops an entry without a place."""


def render(found: Findings, *, show_all: bool = False) -> str:
    """Return a list of entries, worst first; what passed or is waived only with `show_all`, as information."""
    rows = [row for row in shown(found, show_all=show_all) if show_all or row.result != "waived"]
    return json.dumps([_entry(row) for row in rows], indent=2, sort_keys=True) + "\n"


def _entry(row: Finding) -> dict[str, object]:
    failed = row.result in {"violation", "error"}
    path = row.location.file.replace("\\", "/").removeprefix("./") if row.location else NOWHERE
    return {
        "description": printable(f"{subject(row)}: {sentence(row)}"),
        "check_name": row.control.id,
        "fingerprint": row.fingerprint,
        "severity": _SEVERITIES[row.control.severity] if failed else "info",
        "location": {"path": printable(path), "lines": {"begin": row.location.line if row.location else 1}},
    }
