"""The capacity program: a purchase. `make capacity` applies it, `make up` and CI never do."""

import pulumi

from stacks import provider
from stacks.capacity.settings import CapacitySettings
from stacks.components.capacity_block import CapacityBlock, CapacityBlockArgs
from stacks.components.capacity_reservation import CapacityReservation, CapacityReservationArgs
from stacks.settings import Platform, load

platform = load(Platform, "platform")
settings = load(CapacitySettings, "capacity")
opts = provider.options(platform, "capacity")

if settings.capacity_block_offering_id:
    block = CapacityBlock(
        "training", CapacityBlockArgs(platform=platform, offering_id=settings.capacity_block_offering_id), opts
    )
    pulumi.export("capacity_block_id", block.reservation_id)
    pulumi.export("availability_zone", block.availability_zone)
else:
    reservation = CapacityReservation(
        "training",
        CapacityReservationArgs(
            platform=platform,
            instance_type=settings.instance_type,
            instance_count=settings.instance_count,
            availability_zone=settings.availability_zone,
            placement_group=settings.placement_group,
        ),
        opts,
    )
    pulumi.export("reservation_group_arn", reservation.group_arn)
    pulumi.export("availability_zone", settings.availability_zone)
    if reservation.placement_group_name is not None:
        pulumi.export("placement_group_name", reservation.placement_group_name)
