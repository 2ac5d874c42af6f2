"""What the clusters of the training program stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from stacks.settings import Platform
from stacks.training.settings import TrainingSettings
from stacks.upstream import Upstream


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Settings, upstream programs and resource options of the training program."""

    platform: Platform
    settings: TrainingSettings
    identity: Upstream
    foundation: Upstream
    data: Upstream
    image_uri: pulumi.Output[str]
    output_key_arn: pulumi.Input[str]
    alert_topic_arn: str
    opts: pulumi.ResourceOptions

    def first_subnet(self) -> pulumi.Output[str]:
        """Return the subnet in which machines that train together stand: EFA crosses no zones."""
        return self.foundation.require("private_subnet_ids").apply(lambda ids: ids[0])

    def subnet_in(self, zone: pulumi.Input[str]) -> pulumi.Output[str]:
        """Return the subnet in `zone`.

        Raises (when the value resolves):
            ValueError: the network has none there.
        """
        return pulumi.Output.all(
            ids=self.foundation.require("private_subnet_ids"),
            zones=self.foundation.require("availability_zones"),
            zone=zone,
        ).apply(lambda given: pick(given["ids"], given["zones"], given["zone"]))


def pick(subnet_ids: Sequence[str], zones: Sequence[str], zone: str) -> str:
    """Return the subnet of `zone`; ids and zones stand in the same order.

    Raises:
        ValueError: no subnet is there.
    """
    if zone not in zones:
        raise ValueError(
            f"the capacity stands in {zone}, the network in {', '.join(zones)}: "
            "choose an offering in one of those zones"
        )
    return subnet_ids[list(zones).index(zone)]
