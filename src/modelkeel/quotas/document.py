"""The quota needs as JSON."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any

from modelkeel.graph import Graph
from modelkeel.quotas.request import command
from modelkeel.quotas.verdict import Verdict

SCHEMA_VERSION = 1


def to_document(graph: Graph, verdicts: Sequence[Verdict], *, checked: datetime.date, live: bool) -> dict[str, Any]:
    """Return the document of schema version 1; `checked` is when the quota table was compared with its sources."""
    return {
        "schema_version": SCHEMA_VERSION,
        "project": graph.project,
        "environment": graph.environment,
        "checked": checked.isoformat(),
        "live": live,
        "needs": [_row(verdict, live) for verdict in verdicts],
    }


def dumps(graph: Graph, verdicts: Sequence[Verdict], *, checked: datetime.date, live: bool) -> str:
    """Return the document as text: sorted keys, two spaces, one newline at the end."""
    document = to_document(graph, verdicts, checked=checked, live=live)
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def wanted(verdict: Verdict, *, live: bool) -> bool:
    """Return whether a raise should be requested: the account is short or, where nobody asked it, may well be."""
    return verdict.is_short if live else verdict.need.asked_for


def _row(verdict: Verdict, live: bool) -> dict[str, Any]:
    need, granted = verdict.need, verdict.granted
    return {
        "service": need.service,
        "name": need.name,
        "code": verdict.code or None,
        "account": need.account,
        "region": need.region,
        "unit": need.unit,
        "needed": need.needed,
        "default": need.default,
        "status": need.status,
        "granted": None if granted is None else granted.value,
        "result": verdict.result if live else None,
        "formula": need.formula,
        "urns": list(need.urns),
        "source": need.source,
        "lead_days": need.lead_days,
        "request": command(need, verdict.code) if wanted(verdict, live=live) else None,
    }
