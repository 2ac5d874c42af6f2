"""Findings as NIST OSCAL assessment results, version 1.2.1.

What an OSCAL document must hold and a check does not know stays honest: there is no assessment plan, so the
results import the policy pack; times are the day on which the check was judged, at midnight UTC. Identifiers are
made from what they name, so the same graph gives the same bytes on the same day.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from modelkeel.findings import Control, Finding, Findings
from modelkeel.report.wording import place, printable, sentence, subject

VERSION = "1.2.1"
PROPERTIES = "urn:modelkeel:oscal"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, PROPERTIES)
_NIST = re.compile(r"^([A-Z]{2})-(\d+)(?:\((\d+)\))?$")
_STATES = {"pass": "satisfied", "waived": "not-satisfied"}
_REASONS = {"pass": "pass", "waived": "other", "undetermined": "other", "error": "other", "violation": "fail"}


def render(found: Findings, *, show_all: bool = False) -> str:
    """Return one result: an observation for each control and outcome, a finding for each control that was asked.

    What passed is evidence: it is there whether `show_all` asks for it or not.
    """
    del show_all
    document = {
        "uuid": _id(found, "document"),
        "metadata": {
            "title": printable(f"Policy check of {found.project}, environment {found.environment}"),
            "last-modified": _time(found),
            "version": found.tool_version or "0",
            "oscal-version": VERSION,
        },
        "import-ap": {"href": "policies/controls.toml", "remarks": "The controls of the policy pack are the plan."},
        "results": [_result(found)],
    }
    return json.dumps({"assessment-results": document}, indent=2, sort_keys=True) + "\n"


def _id(found: Findings, *parts: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "\n".join((found.project, found.environment, *parts))))


def _time(found: Findings) -> str:
    return f"{found.judged_on}T00:00:00Z"


def _result(found: Findings) -> dict[str, Any]:
    by_control: dict[str, list[Finding]] = defaultdict(list)
    for row in found.findings:
        by_control[row.control.id].append(row)
    controls = {row.control.id: row.control for row in found.findings}
    result: dict[str, Any] = {
        "uuid": _id(found, "result"),
        "title": printable(f"{found.project}, environment {found.environment}"),
        "description": f"{len(found.controls)} controls over the graph that the programs register.",
        "start": _time(found),
        "end": _time(found),
        "reviewed-controls": {"control-selections": [_selection(found.controls)]},
    }
    items = [_item(found, urn) for urn in sorted({row.urn for row in found.findings if row.urn})]
    observations = [each for name in sorted(by_control) for each in _observations(found, by_control[name])]
    risks = [_risk(found, row) for row in found.findings if row.result == "waived"]
    findings = [_finding(found, controls[name], by_control[name]) for name in sorted(by_control)]
    # OSCAL wants a list to hold something, or not to be there.
    if items:
        result["local-definitions"] = {"inventory-items": items}
    parts = {"observations": observations, "risks": risks, "findings": findings}
    return {**result, **{name: rows for name, rows in parts.items() if rows}}


def _selection(controls: Iterable[Control]) -> dict[str, Any]:
    clauses = {row.clause for control in controls for row in control.frameworks if row.id == "nist_800_53_r5"}
    ids = sorted({name for clause in clauses for name in _nist(clause)})
    return {"include-controls": [{"control-id": name} for name in ids]} if ids else {"include-all": {}}


def _nist(clause: str) -> Iterator[str]:
    """Yield the id of a NIST control as OSCAL's catalogue spells it: AC-6(10) is ac-6.10."""
    match = _NIST.match(clause)
    if match is not None:
        yield f"{match[1].lower()}-{match[2]}" + (f".{match[3]}" if match[3] else "")


def _item(found: Findings, urn: str) -> dict[str, Any]:
    return {
        "uuid": _id(found, "resource", urn),
        "description": printable(urn.rsplit("::", 1)[-1]) or "a resource",
        "props": [{"name": "urn", "ns": PROPERTIES, "value": _value(urn)}],
    }


def _observations(found: Findings, rows: list[Finding]) -> Iterator[dict[str, Any]]:
    """Yield what passed of a control as one observation, anything else one by one."""
    passed = [row for row in rows if row.result == "pass"]
    if passed:
        yield _observation(found, passed, passed[0].control.title)
    for row in rows:
        if row.result != "pass":
            yield _observation(found, [row], f"{row.result}: {sentence(row)}")


def _observation(found: Findings, rows: list[Finding], text: str) -> dict[str, Any]:
    first = rows[0]
    observation: dict[str, Any] = {
        "uuid": _observation_id(found, first),
        "title": _value(f"{first.control.id}: {first.result}"),
        "description": printable(text),
        "methods": ["TEST-AUTOMATED"],
        "collected": _time(found),
        "props": [{"name": "result", "ns": PROPERTIES, "value": first.result}],
    }
    urns = list(dict.fromkeys(row.urn for row in rows if row.urn))
    if urns:
        observation["subjects"] = [
            {"subject-uuid": _id(found, "resource", urn), "type": "inventory-item"} for urn in urns
        ]
    if first.result != "pass":
        observation["relevant-evidence"] = [{"description": printable(f"{place(first)}: {subject(first)}")}]
        observation["remarks"] = first.control.remediation
    return observation


def _observation_id(found: Findings, row: Finding) -> str:
    name = "" if row.result == "pass" else row.fingerprint
    return _id(found, "observation", row.control.id, row.result, name)


def _finding(found: Findings, control: Control, rows: list[Finding]) -> dict[str, Any]:
    worst = rows[0].result
    finding: dict[str, Any] = {
        "uuid": _id(found, "finding", control.id),
        "title": control.title,
        "description": control.rationale or control.title,
        "props": [{"name": "severity", "ns": PROPERTIES, "value": control.severity}, *_clauses(control)],
        "target": {
            "type": "objective-id",
            "target-id": control.id,
            "status": {"state": _STATES.get(worst, "not-satisfied"), "reason": _REASONS[worst]},
        },
        "related-observations": [
            {"observation-uuid": name} for name in dict.fromkeys(_observation_id(found, row) for row in rows)
        ],
    }
    waived = [row for row in rows if row.result == "waived"]
    if waived:
        finding["related-risks"] = [{"risk-uuid": _risk_id(found, row)} for row in waived]
    return finding


def _clauses(control: Control) -> Iterator[dict[str, str]]:
    for row in control.frameworks:
        yield {"name": "clause", "ns": PROPERTIES, "class": row.id, "value": row.clause, "remarks": row.basis}


def _risk(found: Findings, row: Finding) -> dict[str, Any]:
    return {
        "uuid": _risk_id(found, row),
        "title": _value(f"{row.control.title}: waived"),
        "description": printable(f"{subject(row)}: {row.message}"),
        "statement": printable(sentence(row)),
        "status": "deviation-approved",
    }


def _risk_id(found: Findings, row: Finding) -> str:
    return _id(found, "risk", row.fingerprint)


def _value(text: str) -> str:
    """Return `text` as OSCAL's strings are: on one line, something in it, no blank at either end."""
    return printable(text).strip() or "-"
