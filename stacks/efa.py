"""Elastic Fabric Adapter: which network interfaces a machine is launched with to use all of its bandwidth."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Card:
    """One network interface: where it stands, and whether it is `interface` (ENA) or `efa-only`."""

    network_card_index: int
    device_index: int
    interface_type: str


@cache
def types() -> Mapping[str, Mapping[str, int]]:
    """Return the accelerated instance types with EFA, by EC2 name."""
    path = Path(__file__).with_name("efa.toml")
    found: Mapping[str, Mapping[str, int]] = tomllib.loads(path.read_text(encoding="utf-8"))["types"]
    return found


def interfaces(instance_type: str) -> int:
    """Return how many EFA interfaces a machine of the type has; 0 for a type without EFA."""
    row = types().get(instance_type)
    return row["efa"] if row else 0


def layout(instance_type: str) -> list[Card]:
    """Return the interfaces that give a machine all of its EFA bandwidth.

    The primary interface is ENA: an EFA-only one cannot be it. Where its card carries EFA too, that is the
    second device of the card; each further card has an EFA-only interface as its first device.
    Source: Amazon EC2 User Guide, "Maximize network bandwidth on Amazon EC2 instances with multiple network cards".

    Raises:
        ValueError: the type has no EFA.
    """
    row = types().get(instance_type)
    if row is None:
        near = sorted(name for name in types() if name.split(".")[0] == instance_type.split(".", maxsplit=1)[0])
        raise ValueError(
            f"instance type {instance_type!r} has no EFA, which machines that train together need: choose "
            + (f"one of {', '.join(near)}" if near else "a type of stacks/efa.toml")
        )
    first = [Card(network_card_index=0, device_index=0, interface_type="interface")]
    if not row.get("ena_only_first"):
        first.append(Card(network_card_index=0, device_index=1, interface_type="efa-only"))
    further = range(1, row["cards"])
    return [*first, *(Card(network_card_index=card, device_index=0, interface_type="efa-only") for card in further)]
