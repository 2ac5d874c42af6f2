"""What an archetype brings: title, quality gate, feature groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "archetypes.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class FeatureGroup:
    """Features of one kind of entity; a feature's type is Integral, Fractional or String."""

    name: str
    record_identifier: str
    event_time: str
    ttl_days: int
    features: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Archetype:
    """One kind of problem; `seed` is the archetype whose code the package starts from.

    `label_lag_days` after an answer its label is due; 0: there are none.
    """

    id: str
    title: str
    seed: str
    purpose: str
    model_package_group: str
    quality_metric: str
    quality_minimum: float
    label_lag_days: int
    feature_groups: tuple[FeatureGroup, ...]


@cache
def archetypes() -> Mapping[str, Archetype]:
    """Return the archetypes by name."""
    rows = {
        name: Archetype(
            id=name,
            **{**row, "feature_groups": tuple(FeatureGroup(**group) for group in row.get("feature_groups", ()))},
        )
        for name, row in reader.document(FILE).items()
        if isinstance(row, dict)
    }
    return MappingProxyType(rows)
