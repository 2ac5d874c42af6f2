"""Settings of the capacity program; config namespace `capacity`.

Exports: `availability_zone`; of a capacity block `capacity_block_id`; of On-Demand reservations
`reservation_group_arn` and, for machines that train together, `placement_group_name`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = ("on_demand", "capacity_block")
OFFERING = re.compile(r"^cb-[0-9a-f]{8,17}$")


@dataclass(frozen=True, kw_only=True)
class CapacitySettings:
    """What is bought."""

    kind: str
    """`on_demand`: a reservation that is paid all month; `capacity_block`: days that are paid ahead."""

    instance_type: str
    """EC2 instance type: `p5.48xlarge`."""

    instance_count: int
    """Machines. A capacity block has those of its offering."""

    availability_zone: str
    """Zone of the reservation: that of the first subnet. A capacity block has that of its offering."""

    placement_group: bool
    """Machines stand close together, as training on several of them wants."""

    capacity_block_offering_id: str | None = None
    """Offering to buy, as `aws ec2 describe-capacity-block-offerings` lists it; it is paid at once, and for good."""

    def __post_init__(self) -> None:
        """Refuse a purchase that is not described.

        Raises:
            ValueError: names the setting, and how it is found.
        """
        if self.kind not in KINDS:
            raise ValueError(f"capacity:kind is {self.kind!r}, allowed: {', '.join(KINDS)}")
        if self.kind == "capacity_block" and self.capacity_block_offering_id is None:
            raise ValueError(
                "capacity:capacity_block_offering_id is missing: choose an offering with\n"
                f"  aws ec2 describe-capacity-block-offerings --instance-type {self.instance_type} "
                f"--instance-count {self.instance_count} --capacity-duration-hours HOURS\n"
                "and set it with `pulumi config set capacity:capacity_block_offering_id cb-...`"
            )
        if self.capacity_block_offering_id is not None and not OFFERING.match(self.capacity_block_offering_id):
            raise ValueError(
                f"capacity:capacity_block_offering_id is {self.capacity_block_offering_id!r}: "
                "an offering's id begins with cb- and goes on with 17 hexadecimal digits"
            )
        if self.instance_count < 1:
            raise ValueError(f"capacity:instance_count is {self.instance_count}, 1 at least")
