"""What the serving program asked for, as its exports say it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SUFFIX = "_asked"


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A model behind an endpoint. Capacities are numbers of instances; None where nothing scales it."""

    name: str
    model_name: str | None
    model_package_arn: str | None
    instance_type: str | None
    weight: float | None
    shadow: bool = False
    min_capacity: int | None = None
    max_capacity: int | None = None
    memory_mb: int | None = None
    max_concurrency: int | None = None


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """An endpoint; `capture_percent` is None where the mode captures nothing. `has_hours`: it is away at night."""

    mode: str
    name: str
    configuration_name: str
    variants: tuple[Variant, ...]
    capture_percent: int | None
    network_isolation: bool
    has_hours: bool = False


def endpoints(outputs: Mapping[str, Any]) -> list[Endpoint]:
    """Return the endpoints that the exports of `serving` describe; none while no model is approved."""
    return [
        _endpoint(name.removesuffix(SUFFIX), value if isinstance(value, dict) else json.loads(value))
        for name, value in sorted(outputs.items())
        if name.endswith(SUFFIX)
    ]


def _endpoint(mode: str, row: dict[str, Any]) -> Endpoint:
    return Endpoint(
        mode=mode,
        name=row["endpoint_name"],
        configuration_name=row["endpoint_config_name"],
        variants=tuple(
            Variant(**{"model_name": None, "model_package_arn": None, "instance_type": None, "weight": None} | v)
            for v in row["variants"]
        ),
        capture_percent=row.get("capture_percent"),
        network_isolation=bool(row.get("network_isolation")),
        has_hours=bool(row.get("has_hours")),
    )
