"""Controls of the report: what was checked, for which clause, with which result, on which resources."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelkeel.report.html_resources import Place
from modelkeel.report.html_words import link
from modelkeel.tables.framework import frameworks as framework_table

RESULTS = ("violation", "error", "undetermined", "waived", "pass")
"""From worst to best; a control is as good as its worst finding."""
SEVERITIES = ("critical", "high", "medium", "low")
NAMES = {
    "aws_fsbp": "AWS Foundational Security Best Practices",
    "cis_aws_6": "CIS AWS Foundations Benchmark 6",
    "eu_ai_act": "EU AI Act",
    "fedramp_high": "FedRAMP High",
    "fedramp_low": "FedRAMP Low",
    "fedramp_moderate": "FedRAMP Moderate",
    "nist_800_53_r5": "NIST SP 800-53 Rev. 5",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding in words; `place` is its resource in the list, `subject` what to call it without one."""

    control: str
    result: str
    severity: str
    message: str
    remediation: str
    subject: str
    place: Place | None
    location: str
    waiver: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control with everything that it found."""

    id: str
    title: str
    anchor: str
    result: str
    severity: str
    source: str
    source_link: str
    counts: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of a framework and the controls that speak for it: id, anchor, result, basis."""

    text: str
    controls: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """A framework with its clauses; `counts` are controls by their worst result."""

    id: str
    name: str
    is_chosen: bool
    clauses: tuple[Clause, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts of the whole document."""

    counts: tuple[tuple[str, int], ...]
    controls: int
    unseen_types: tuple[tuple[str, int], ...]


def summary(document: Mapping[str, Any]) -> Summary:
    """Return the counts by result, and the resource types that no control looks at."""
    told = document["summary"]
    unseen = told.get("resource_types_without_control") or {}
    pairs = unseen.items() if isinstance(unseen, Mapping) else [(kind, 0) for kind in unseen]
    return Summary(
        counts=tuple((result, int(told.get(result, 0))) for result in RESULTS),
        controls=len({row["control"] for row in document["findings"]}),
        unseen_types=tuple(sorted((str(kind), int(count)) for kind, count in pairs)),
    )


def open_findings(document: Mapping[str, Any], places: Mapping[str, Place]) -> list[Finding]:
    """Return what needs somebody: all but passes, the worst result and the highest severity first."""
    rows = [row for row in document["findings"] if row["result"] != "pass"]
    ordered = sorted(rows, key=lambda row: (*_badness(row), row["control"], row["urn"] or "", row["message"]))
    return [_finding(row, places, f"f{index}") for index, row in enumerate(ordered)]


def controls(
    document: Mapping[str, Any], places: Mapping[str, Place], titles: Mapping[str, str] | None = None
) -> list[Control]:
    """Return the controls that spoke, the worst first, each with its findings; `titles` are by control id."""
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in document["findings"]:
        groups[row["control"]].append(row)
    anchors = _anchors(document)
    made = [
        _control(identity, rows, anchors[identity], places, (titles or {}).get(identity, ""))
        for identity, rows in groups.items()
    ]
    return sorted(made, key=lambda control: (RESULTS.index(control.result), control.id))


def frameworks(document: Mapping[str, Any], chosen: Sequence[str]) -> list[Framework]:
    """Return the frameworks that the findings name, the chosen ones first, each with its clauses in order."""
    anchors, worst = _anchors(document), _worst(document)
    clauses: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in document["findings"]:
        for entry in row["frameworks"]:
            clauses[entry["id"]][str(entry["clause"])][row["control"]] = entry["basis"]
    made = []
    for identity, found in clauses.items():
        named = sorted({control for controls_of in found.values() for control in controls_of})
        made.append(
            Framework(
                id=identity,
                name=_framework_name(identity),
                is_chosen=identity in chosen,
                clauses=tuple(
                    Clause(
                        text=text,
                        controls=tuple(
                            (control, anchors[control], worst[control], basis)
                            for control, basis in sorted(found[text].items())
                        ),
                    )
                    for text in sorted(found, key=_natural)
                ),
                counts=_counts(worst[control] for control in named),
            )
        )
    return sorted(made, key=lambda framework: (not framework.is_chosen, framework.name))


def _anchors(document: Mapping[str, Any]) -> dict[str, str]:
    names = sorted({row["control"] for row in document["findings"]})
    return {name: f"c{index}" for index, name in enumerate(names)}


def _worst(document: Mapping[str, Any]) -> dict[str, str]:
    worst: dict[str, str] = {}
    for row in document["findings"]:
        known = worst.get(row["control"], "pass")
        worst[row["control"]] = min(known, row["result"], key=RESULTS.index)
    return worst


def _counts(results: Iterable[str]) -> tuple[tuple[str, int], ...]:
    found = list(results)
    return tuple((result, found.count(result)) for result in RESULTS)


def _control(
    identity: str, rows: Sequence[Mapping[str, Any]], anchor: str, places: Mapping[str, Place], title: str
) -> Control:
    ordered = sorted(rows, key=lambda row: (RESULTS.index(row["result"]), row["urn"] or "", row["message"]))
    source = str(rows[0].get("control_source") or "")
    return Control(
        id=identity,
        title=title,
        anchor=anchor,
        result=ordered[0]["result"],
        severity=rows[0]["severity"],
        source=source,
        source_link=link(source),
        counts=_counts(row["result"] for row in rows),
        findings=tuple(_finding(row, places, "") for row in ordered),
    )


def _finding(row: Mapping[str, Any], places: Mapping[str, Place], anchor: str) -> Finding:
    location, waiver = row.get("location"), row.get("waiver")
    urn = row.get("urn")
    return Finding(
        control=row["control"],
        result=row["result"],
        severity=row["severity"],
        message=row["message"],
        remediation=row.get("remediation") or "",
        subject="the platform as a whole" if urn is None else str(urn).rsplit("::", 1)[-1],
        place=places.get(urn) if urn is not None else None,
        location="" if not location else f"{location['file']}:{location['line']}",
        waiver="" if not waiver else _waiver(waiver),
        anchor=anchor,
    )


def _waiver(waiver: Mapping[str, Any]) -> str:
    parts = (f"{key} {waiver[key]}" for key in ("owner", "reason", "ticket", "expires") if waiver.get(key))
    return "; ".join(parts)


def _badness(row: Mapping[str, Any]) -> tuple[int, int]:
    severity = row["severity"]
    return RESULTS.index(row["result"]), SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _framework_name(identity: str) -> str:
    known = framework_table().get(identity)
    return known.title if known is not None else NAMES.get(identity, identity)


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Order `9` before `10`, as a table of contents does."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
