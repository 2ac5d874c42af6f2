"""A capacity block: machines for some days, paid ahead."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class CapacityBlockArgs:
    """`offering_id` decides type, number, zone, days and price; creating the resource pays for them."""

    platform: Platform
    offering_id: str


class CapacityBlock(pulumi.ComponentResource):
    """A purchase that cannot be taken back. Protected, and left alone when it is removed from the program."""

    reservation_id: pulumi.Output[str]
    availability_zone: pulumi.Output[str]

    def __init__(self, name: str, args: CapacityBlockArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:capacity:CapacityBlock", name, None, opts)
        block = aws.ec2.CapacityBlockReservation(
            name,
            capacity_block_offering_id=args.offering_id,
            instance_platform="Linux/UNIX",
            tags={"Name": names.resource_name(args.platform, name)},
            opts=pulumi.ResourceOptions(parent=self, protect=True, retain_on_delete=True),
        )
        self.reservation_id = block.id
        self.availability_zone = block.availability_zone
        self.register_outputs({"reservation_id": self.reservation_id})
