"""Services that AWS has closed to new customers, or ended."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..document import matches
from ..identity import GRANTING, grants
from ..view import Breach, Resource, View

TABLE = Path(__file__).resolve().parents[1] / "lifecycle.toml"


@cache
def _closed_services() -> Mapping[str, Mapping[str, Any]]:
    """Return the rows of lifecycle.toml by service."""
    with TABLE.open("rb") as stream:
        rows: Mapping[str, Mapping[str, Any]] = tomllib.load(stream)["service"]
    return rows


def service_open_to_new_customers(resource: Resource, view: View) -> Iterator[Breach]:
    """LIF-001. A closed service's resource, or an action that a policy names; `service:*` names no action."""
    if resource.type not in GRANTING:
        for service, row in _closed_services().items():
            if resource.type in row["types"]:
                yield Breach(f"{service} is {row['status']} since {row['since']}: use {row['instead']}")
        return
    named = [(pattern, name) for name, row in _closed_services().items() for pattern in row["actions"]]
    for statement, path in grants(resource, view):
        for action in statement.actions:
            for pattern, service in named:
                if matches(pattern, action):
                    row = _closed_services()[service]
                    yield Breach(f"{action}: {service} is {row['status']} since {row['since']}", path)
