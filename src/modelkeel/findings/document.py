"""Findings as the JSON document of the contract."""

from __future__ import annotations

from typing import Any

from modelkeel import json_text
from modelkeel.findings.finding import SEVERITIES, Finding, Findings

SCHEMA_VERSION = 1


def to_document(found: Findings, *, passes: bool = True) -> dict[str, Any]:
    """Return the findings as plain JSON of schema version 1; `passes=False` leaves what passed to the counts."""
    rows = [finding for finding in found.findings if passes or finding.result != "pass"]
    violations = [finding for finding in found.findings if finding.result == "violation"]
    # One list a control, however many findings it has: it is most of the text, and is written once.
    frameworks = {
        control.id: [{"id": row.id, "clause": row.clause, "basis": row.basis} for row in control.frameworks]
        for control in {finding.control.id: finding.control for finding in rows}.values()
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "tool_version": found.tool_version,
        "project": found.project,
        "environment": found.environment,
        "summary": {
            **found.counts,
            "controls": len(found.controls),
            "violations_by_severity": {
                severity: sum(finding.control.severity == severity for finding in violations) for severity in SEVERITIES
            },
            "resource_types_without_control": dict(found.resource_types_without_control),
        },
        "findings": [_row(finding, frameworks[finding.control.id]) for finding in rows],
    }


def dumps(found: Findings, *, passes: bool = True) -> str:
    """Return the document as text: sorted keys, two spaces, one newline at the end."""
    return json_text.dumps(to_document(found, passes=passes))


def _row(finding: Finding, frameworks: list[dict[str, str]]) -> dict[str, Any]:
    control = finding.control
    location, waiver = finding.location, finding.waiver
    return {
        "control": control.id,
        "result": finding.result,
        "severity": control.severity,
        "urn": finding.urn,
        "program": finding.program,
        "environment": finding.environment,
        "path": finding.path,
        "message": finding.message,
        "remediation": control.remediation,
        "frameworks": frameworks,
        "location": None if location is None else {"file": location.file, "line": location.line},
        "control_source": control.source,
        "waiver": None
        if waiver is None
        else {
            "owner": waiver.owner,
            "reason": waiver.reason,
            "ticket": waiver.ticket,
            "expires": waiver.expires,
            "expired": waiver.expired,
        },
        "fingerprint": finding.fingerprint,
    }
