"""The evidence as one document: frameworks, clauses, controls, resources, waivers, hashes, versions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from modelkeel.findings import Control, Finding, Findings
from modelkeel.findings.finding import RESULTS

SCHEMA_VERSION = 1
NOT_APPLICABLE = "not applicable"
"""The result of a control that found nothing to judge: no pass, for nothing was looked at."""
_NUMBER = re.compile(r"(\d+)")


def to_document(
    found: Findings,
    *,
    frameworks: Mapping[str, Any],
    only: Sequence[str] = (),
    graph_digest: str,
    hashes: Mapping[str, str],
    tables: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """Return the evidence of a check.

    `frameworks` are the pack's rows by id, `only` keeps some of them. `hashes` are SHA-256 by file of the
    repository; `tables` name the tables that tool and pack judged by, each with its date and hash.
    """
    rows = _by_control(found)
    controls = {control.id: control for control in (*found.controls, *(row.control for row in found.findings))}
    return {
        "schema_version": SCHEMA_VERSION,
        "project": found.project,
        "environment": found.environment,
        "judged_on": found.judged_on,
        "tool_version": found.tool_version,
        "graph_digest": graph_digest,
        "stacks": list(found.stacks),
        "counts": dict(found.counts),
        "resource_types_without_control": dict(found.resource_types_without_control),
        "frameworks": _frameworks(controls.values(), rows, frameworks, only, found.bound_by),
        "controls": [_control(controls[name], rows.get(name, [])) for name in sorted(controls)],
        "waivers": _waivers(found.findings),
        "files": dict(sorted(hashes.items())),
        "tables": [dict(row) for row in tables],
    }


def _by_control(found: Findings) -> dict[str, list[Finding]]:
    rows: dict[str, list[Finding]] = defaultdict(list)
    for row in found.findings:
        rows[row.control.id].append(row)
    return rows


def _result(rows: Iterable[Finding]) -> str:
    results = {row.result for row in rows}
    return next((result for result in RESULTS if result in results), NOT_APPLICABLE)


def _frameworks(
    controls: Iterable[Control],
    rows: Mapping[str, list[Finding]],
    known: Mapping[str, Any],
    only: Sequence[str],
    bound_by: Sequence[str],
) -> list[dict[str, Any]]:
    """Return the frameworks with their clauses, those that bind the project first."""
    clauses: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for control in controls:
        for each in control.frameworks:
            if not only or each.id in only:
                result = _result(rows.get(control.id, ()))
                clauses[each.id][each.clause].append({"control": control.id, "basis": each.basis, "result": result})
    return [
        {
            **_about(name, known.get(name)),
            "binding": name in bound_by,
            "clauses": [_clause(clause, found[clause]) for clause in sorted(found, key=_natural)],
        }
        for name, found in sorted(clauses.items(), key=lambda row: (row[0] not in bound_by, row[0]))
    ]


def _about(name: str, row: Any) -> dict[str, Any]:
    if row is None:
        return {"id": name, "title": name, "edition": "", "text": "", "maps": []}
    return {"id": name, "title": row.title, "edition": row.edition, "text": row.text, "maps": list(row.maps)}


def _clause(clause: str, controls: list[dict[str, str]]) -> dict[str, Any]:
    results = [row["result"] for row in controls]
    worst = next((result for result in RESULTS if result in results), NOT_APPLICABLE)
    return {"clause": clause, "result": worst, "controls": sorted(controls, key=lambda row: row["control"])}


def _natural(text: str) -> list[tuple[int, int, str]]:
    parts = _NUMBER.split(text)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]


def _control(control: Control, rows: Sequence[Finding]) -> dict[str, Any]:
    return {
        "id": control.id,
        "title": control.title,
        "severity": control.severity,
        "rationale": control.rationale,
        "remediation": control.remediation,
        "source": control.source,
        "result": _result(rows),
        "findings": [_finding(row) for row in rows],
    }


def _finding(row: Finding) -> dict[str, Any]:
    return {
        "result": row.result,
        "urn": row.urn,
        "program": row.program,
        "path": row.path,
        "message": row.message,
        "location": None if row.location is None else f"{row.location.file}:{row.location.line}",
        "waiver": None if row.waiver is None else row.waiver.ticket,
        "fingerprint": row.fingerprint,
    }


def _waivers(rows: Iterable[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "control": row.control.id,
            "urn": row.urn,
            "owner": row.waiver.owner,
            "reason": row.waiver.reason,
            "ticket": row.waiver.ticket,
            "expires": row.waiver.expires,
            "expired": row.waiver.expired,
        }
        for row in rows
        if row.waiver is not None
    ]
