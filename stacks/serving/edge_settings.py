"""Configuration of rings of devices; keys `serving:edge_*`."""

from __future__ import annotations

from dataclasses import dataclass, field

from stacks.documents.device_ring import RINGS
from stacks.documents.edge_release import Caution
from stacks.settings import SettingsError

ARCHITECTURES = ("arm64", "x86_64")


@dataclass(frozen=True, kw_only=True)
class EdgeSettings:
    """What devices run, how it is packed, and how carefully it spreads."""

    PREFIX = "edge_"

    component: str
    """Name of the Greengrass component."""
    package: str
    """Python package in the image whose step `edge_release` packs a version."""
    image_tag: str
    """Tag of the image that packs."""
    architecture: str
    """Processors of the devices: `arm64` or `x86_64`."""
    rings: dict[str, int] = field(default_factory=dict)
    """Version of the registry that each ring runs, `{canary: 4, early: 3, fleet: 3}`; a ring left out runs none."""
    instance_type: str
    """SageMaker instance of the packing job, with its `ml.` prefix."""
    volume_gib: int = 30
    """GiB of the packing job's volume."""
    max_runtime_seconds: int = 3600
    """Seconds after which a packing job is stopped."""
    failed_percent: int = 10
    """Percent of a ring's devices whose failure stops the ring."""
    least_devices: int = 5
    """Devices that must have tried before a ring is stopped."""
    first_per_minute: int = 10
    """Devices a minute that a ring begins with, 1 to 1,000; twice as many each time enough succeeded."""
    most_per_minute: int = 1000
    """Devices a minute that a ring reaches at most, 1 to 1,000."""
    device_minutes: int = 60
    """Minutes after which a device that has not finished counts as failed; 1 to 10,080."""

    def __post_init__(self) -> None:
        """Refuse rings that no release could have reached in order.

        Raises:
            SettingsError: names the key, what it holds, what is allowed and what to do.
        """
        if self.architecture not in ARCHITECTURES:
            raise SettingsError(
                f"serving:edge_architecture is {self.architecture!r}, allowed: {', '.join(ARCHITECTURES)}"
            )
        unknown = sorted(set(self.rings) - set(RINGS))
        wrong = sorted(
            ring
            for ring, version in self.rings.items()
            if not isinstance(version, int) or isinstance(version, bool) or version < 1
        )
        if unknown or wrong:
            raise SettingsError(
                f"serving:edge_rings is {self.rings!r}, allowed: for each of {', '.join(RINGS)} the number of a version"
                " in the registry, 1 or more"
            )
        given = [self.rings.get(ring, 0) for ring in RINGS]
        for (before, ahead), (after, behind) in zip(
            list(zip(RINGS, given, strict=True))[:-1], list(zip(RINGS, given, strict=True))[1:], strict=True
        ):
            if behind > ahead:
                raise SettingsError(
                    f"serving:edge_rings brings version {behind} to {after} and version {ahead or 'none'} to {before}\n"
                    f"  allowed: a version that {before} runs, or an older one\n"
                    f"  fix: let {before} run it first; to go back, take {after} back before {before}"
                )

    @property
    def caution(self) -> Caution:
        """How a version spreads in a ring, and when it stops."""
        return Caution(
            failed_percent=self.failed_percent,
            least_devices=self.least_devices,
            first_per_minute=self.first_per_minute,
            most_per_minute=self.most_per_minute,
            device_minutes=self.device_minutes,
        )
