"""Compliance frameworks: switches, retention, regions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "frameworks.toml"
BASELINE = "baseline"
AI_ACT_HIGH_RISK = "ai_act_high_risk"


@dataclass(frozen=True, kw_only=True, slots=True)
class Framework:
    """What one framework asks; `capture_max_days` of 0 means that it sets no upper limit."""

    id: str
    title: str
    retention_days: int
    hot_days: int
    retention_clause: str
    regions: str
    capture_max_days: int
    approvers: int
    switches: frozenset[str]
    clauses: tuple[str, ...]
    source: str


@cache
def frameworks() -> Mapping[str, Framework]:
    """Return every row by id, the baseline and the AI Act's high-risk class included."""
    rows = {
        name: Framework(id=name, **{**row, "switches": frozenset(row["switches"]), "clauses": tuple(row["clauses"])})
        for name, row in reader.document(FILE).items()
        if isinstance(row, dict)
    }
    return MappingProxyType(rows)
