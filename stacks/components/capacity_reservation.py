"""Machines reserved on demand: paid all month, there when they are wanted."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class CapacityReservationArgs:
    """`placement_group` reserves machines that stand close together: only such are found from within the group."""

    platform: Platform
    instance_type: str
    instance_count: int
    availability_zone: str
    placement_group: bool


class CapacityReservation(pulumi.ComponentResource):
    """A targeted reservation in a group, by which launch templates find it and later ones. It bills while idle."""

    group_arn: pulumi.Output[str]
    placement_group_name: pulumi.Output[str] | None

    def __init__(self, name: str, args: CapacityReservationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:capacity:CapacityReservation", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, name)
        bought = pulumi.ResourceOptions(parent=self, protect=True, retain_on_delete=True)
        place = (
            aws.ec2.PlacementGroup(name, name=f"{full_name}-reserved", strategy="cluster", opts=child)
            if args.placement_group
            else None
        )
        reservation = aws.ec2.CapacityReservation(
            name,
            instance_type=args.instance_type,
            instance_count=args.instance_count,
            instance_platform="Linux/UNIX",
            availability_zone=args.availability_zone,
            # Only who names the reservation gets its machines.
            instance_match_criteria="targeted",
            end_date_type="unlimited",
            placement_group_arn=place.arn if place else None,
            tags={"Name": full_name},
            opts=bought,
        )
        group = aws.resourcegroups.Group(
            name,
            name=f"{full_name}-capacity",
            description="Reserved machines for training",
            configurations=[
                {"type": "AWS::EC2::CapacityReservationPool"},
                {
                    "type": "AWS::ResourceGroups::Generic",
                    "parameters": [
                        {"name": "allowed-resource-types", "values": ["AWS::EC2::CapacityReservation"]},
                    ],
                },
            ],
            opts=child,
        )
        aws.resourcegroups.Resource(name, group_arn=group.arn, resource_arn=reservation.arn, opts=child)
        self.group_arn = group.arn
        self.placement_group_name = place.name if place else None
        self.register_outputs({"group_arn": self.group_arn})
