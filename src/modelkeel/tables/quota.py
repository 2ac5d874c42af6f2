"""Quotas by the name that Service Quotas shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "quotas.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """A quota of one use of an instance type; lead times are in days."""

    use: str
    service: str
    name: str
    lead_days: int
    lead_days_accelerated: int


@cache
def quotas() -> Mapping[str, Quota]:
    """Return the quotas by use: training, spot_training, endpoint, processing, transform."""
    rows = {use: Quota(use=use, **row) for use, row in reader.document(FILE).items() if isinstance(row, dict)}
    return MappingProxyType(rows)
