"""Findings as SARIF 2.1.0, within what GitHub code scanning takes.

Limits: 25,000 results a run and 20 tags a rule (docs.github.com, "SARIF results exceed one or more limits",
read 2026-11-23). Severity: "SARIF support for code scanning", property `security-severity`.
"""

from __future__ import annotations

import json
from typing import Any

from modelkeel.findings import Control, Finding, Findings
from modelkeel.report.wording import clauses, printable, sentence, shown, subject

MAX_RESULTS = 25_000
MAX_TAGS = 20
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SECURITY_SEVERITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
_KINDS = {"violation": "fail", "error": "review", "undetermined": "open", "waived": "fail", "pass": "pass"}
_NOWHERE = "policies/controls.toml"
"""A finding about the graph as a whole has no line; without a place GitHub would drop it."""


def render(found: Findings, *, show_all: bool = False) -> str:
    """Return one run with a rule for each control that was asked and a result for each finding."""
    rows = shown(found, show_all=show_all)
    controls = {control.id: control for control in found.controls}
    controls.update((row.control.id, row.control) for row in rows)
    index = {name: number for number, name in enumerate(sorted(controls))}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "modelkeel",
                "semanticVersion": found.tool_version,
                "rules": [_rule(controls[name]) for name in index],
            }
        },
        "automationDetails": {"id": f"modelkeel/{found.project}/{found.environment}/"},
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "columnKind": "utf16CodeUnits",
        "results": [_result(row, index[row.control.id]) for row in rows[:MAX_RESULTS]],
    }
    if len(rows) > MAX_RESULTS:
        run["properties"] = {"resultsLeftOut": len(rows) - MAX_RESULTS}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, sort_keys=True) + "\n"


def _rule(control: Control) -> dict[str, Any]:
    tags = sorted({"security", *(row.id for row in control.frameworks)})
    rule: dict[str, Any] = {
        "id": control.id,
        "name": "".join(word.capitalize() for word in control.id.split("-")),
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": control.rationale},
        "help": {"text": f"{control.remediation}\n{clauses(control)}".strip()},
        "defaultConfiguration": {"level": _LEVELS[control.severity]},
        "properties": {"tags": tags[:MAX_TAGS], "security-severity": SECURITY_SEVERITY[control.severity]},
    }
    if control.source:
        rule["helpUri"] = control.source
    return rule


def _result(row: Finding, rule_index: int) -> dict[str, Any]:
    level = _LEVELS[row.control.severity] if row.result == "violation" else "none" if row.result == "pass" else "note"
    kind = _KINDS[row.result]
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {
                "uri": _uri(row.location.file) if row.location else _NOWHERE,
                "uriBaseId": "%SRCROOT%",
            },
            "region": {"startLine": row.location.line if row.location else 1},
        }
    }
    if row.urn:
        location["logicalLocations"] = [{"fullyQualifiedName": row.urn, "name": row.resource_name, "kind": "resource"}]
    result: dict[str, Any] = {
        "ruleId": row.control.id,
        "ruleIndex": rule_index,
        "kind": kind,
        # SARIF 3.27.10: what is no failure has the level none.
        "level": level if kind == "fail" else "none",
        "message": {"text": _message(f"{subject(row)}: {sentence(row)}")},
        "locations": [location],
        "partialFingerprints": {"modelkeel/v1": row.fingerprint},
        "properties": {"result": row.result, "environment": row.environment},
    }
    if row.result == "waived" and row.waiver is not None:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": row.waiver.reason}]
    return result


def _message(text: str) -> str:
    # A reader makes a link of [words](address): SARIF 3.11.6.
    return printable(text).replace("](", "] (")


def _uri(path: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415 (only this format needs it)

    return quote(path.removeprefix("./").replace("\\", "/"))
