"""AWS Config managed rules, and the controls that they go on judging after a deployment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from modelkeel.tables import reader

FILE = "config_rules.toml"


@dataclass(frozen=True, kw_only=True)
class ConfigRule:
    """One managed rule; `parameters` are given where its own defaults say less than the control."""

    rule: str
    frameworks: tuple[str, ...]
    controls: tuple[str, ...]
    partitions: tuple[str, ...]
    not_in: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)


def config_rules() -> tuple[ConfigRule, ...]:
    """Return all rows, sorted by rule."""
    return tuple(
        ConfigRule(
            rule=row["rule"],
            frameworks=tuple(row["frameworks"]),
            controls=tuple(row["controls"]),
            partitions=tuple(row["partitions"]),
            not_in=tuple(row.get("not_in", ())),
            parameters=row.get("parameters", {}),
        )
        for row in reader.document(FILE)["rule"]
    )


def serving(frameworks: Collection[str], region: str, partition: str) -> tuple[ConfigRule, ...]:
    """Return the rules whose controls serve one of `frameworks` and that AWS offers in `region` of `partition`."""
    return tuple(
        row
        for row in config_rules()
        if partition in row.partitions and region not in row.not_in and not set(row.frameworks).isdisjoint(frameworks)
    )
