"""The controls of a pack as a list: for a page, for a terminal, for another tool."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from modelkeel.report.wording import BASIS_MARK, BASIS_NOTE, markdown_text

SCHEMA_VERSION = 1


def to_document(controls: Iterable[Any], frameworks: Mapping[str, Any], only: Sequence[str] = ()) -> dict[str, Any]:
    """Return the controls (rows of a pack) with their clauses, and the frameworks that those are clauses of.

    `only` keeps the clauses of these frameworks; the controls are those given.
    """
    rows = list(controls)
    used = {clause.framework for row in rows for clause in row.clauses if not only or clause.framework in only}
    return {
        "schema_version": SCHEMA_VERSION,
        "frameworks": [_framework(frameworks[name]) for name in sorted(used) if name in frameworks],
        "controls": [_control(row, only) for row in rows],
    }


def _framework(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "edition": row.edition,
        "clauses": row.clauses,
        "text": row.text,
        "maps": list(row.maps),
    }


def _control(row: Any, only: Sequence[str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "catalogue": row.catalogue,
        "title": row.title,
        "severity": row.severity,
        "applies_to": list(row.applies_to),
        "environments": list(row.environments),
        "only_for": list(row.only_for),
        "rationale": row.rationale,
        "remediation": row.remediation,
        "source": row.source,
        "frameworks": [
            {"id": each.framework, "clause": each.clause, "basis": each.basis}
            for each in row.clauses
            if not only or each.framework in only
        ],
    }


def json_text(document: Mapping[str, Any]) -> str:
    """Return the document as JSON: sorted keys, two spaces, one newline at the end."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def text(document: Mapping[str, Any]) -> str:
    """Return one line a control with its clauses, then what the star means and where the clauses come from."""
    rows = document["controls"]
    width = max((len(row["id"]) for row in rows), default=0)
    lines = [f"{row['severity']:<8}  {row['id']:<{width}}  {row['title']}" for row in rows]
    for row, index in zip(rows, range(len(rows)), strict=True):
        clauses = "; ".join(f"{name} {', '.join(found)}" for name, found in _clauses(row))
        lines[index] += f"\n          {'':<{width}}  {clauses}" if clauses else ""
    return "\n".join([*lines, "", f"{len(rows)} controls", BASIS_NOTE, *_sources(document)]) + "\n"


def markdown(document: Mapping[str, Any]) -> str:
    """Return a table of controls, and under it the frameworks with their sources."""
    lines = ["| control | severity | what holds | clauses |", "|---|---|---|---|"]
    for row in document["controls"]:
        clauses = "; ".join(f"{name} {', '.join(found)}" for name, found in _clauses(row))
        cells = (row["id"], row["severity"], row["title"], clauses)
        lines.append("| " + " | ".join(markdown_text(cell) for cell in cells) + " |")
    notes = [f"- {markdown_text(line)}" for line in _sources(document)]
    return "\n".join([*lines, "", markdown_text(f"{BASIS_NOTE}."), "", *notes]) + "\n"


def _clauses(row: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in row["frameworks"]:
        found[each["id"]].append(each["clause"] + BASIS_MARK[each["basis"]])
    yield from found.items()


def _sources(document: Mapping[str, Any]) -> Iterator[str]:
    for row in document["frameworks"]:
        maps = "; ".join(row["maps"]) or "none, all is our judgement"
        yield f"{row['id']}: {row['title']}, {row['edition']}, {row['text']}. Vendor maps: {maps}."
