"""Rings: a release goes to a few devices, then to more, then to all, and stops where devices fail.

Which ring a device is in hangs on its name alone, so that a device is never twice among the first. In the field each
ring is a thing group and Greengrass does what `roll_out` does here; the rehearsal runs the same rules over devices in
this process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..governance import audit
from ..problem import NotAllowedError
from ..settings import Edge

Health = Callable[[str], bool]


@dataclass(frozen=True)
class Ring:
    """What became of a ring: devices that took the version, devices that failed and went back to the one before."""

    percent: int
    updated: tuple[str, ...]
    failed: tuple[str, ...]
    stopped: bool


def ring_of(device: str, version: str) -> float:
    """Where between 0 and 100 a device stands in a release; another release begins with other devices."""
    digest = hashlib.sha256(f"{version}/{device}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64 * 100


def members(devices: Sequence[str], version: str, *, above: float, percent: float) -> list[str]:
    """Devices of a ring that are in no ring before it."""
    return sorted(device for device in devices if above <= ring_of(device, version) < percent)


def roll_out(home: Path, running: dict[str, str], version: str, healthy: Health, edge: Edge, *, by: str) -> list[Ring]:
    """Bring `version` to the devices in `running` (device to version), ring by ring; `running` is brought up to date.

    A device that is not healthy after its update goes back at once. Once `least_devices` of a ring were tried and more
    than `most_failed_share` of them failed, the release stops and every device goes back.

    Raises:
        NotAllowedError: nobody is named who releases it.
    """
    if not by.strip():
        raise NotAllowedError("a release to devices needs a name")
    before, rings, above = dict(running), [], 0.0
    audit.note(home, by, "released to devices", f"version {version}", rings=list(edge.rings_percent))
    for percent in edge.rings_percent:
        updated: list[str] = []
        failed: list[str] = []
        stopped = False
        for device in members(list(running), version, above=above, percent=percent):
            good = healthy(device)
            (updated if good else failed).append(device)
            running[device] = version if good else before[device]
            tried = len(updated) + len(failed)
            stopped = tried >= edge.least_devices and len(failed) > edge.most_failed_share * tried
            if stopped:
                break
        rings.append(Ring(percent, tuple(updated), tuple(failed), stopped))
        if stopped:
            running.update(before)
            audit.note(home, "rings", "rolled devices back", f"version {version}", failed=len(failed), ring=percent)
            break
        above = float(percent)
    return rings
