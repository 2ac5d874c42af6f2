"""Kubernetes versions that EKS supports, and for how long."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "kubernetes_versions.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class KubernetesVersion:
    """One minor version; after standard support its control plane costs 0.60 instead of 0.10 USD an hour."""

    name: str
    standard_support_until: datetime.date
    extended_support_until: datetime.date
    source: str


@cache
def kubernetes_versions() -> Mapping[str, KubernetesVersion]:
    """Return the versions by name, oldest first."""
    rows = {
        name: KubernetesVersion(name=name, **row)
        for name, row in reader.document(FILE).items()
        if isinstance(row, dict)
    }
    return MappingProxyType(rows)


def longest_supported() -> KubernetesVersion:
    """Return the version whose standard support lasts longest."""
    return max(kubernetes_versions().values(), key=lambda row: row.standard_support_until)
