"""A network that a network team gives: looked up, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class GivenNetworkArgs:
    """`closed` demands that no subnet has a route to an internet or NAT gateway."""

    vpc_id: str
    subnet_ids: Sequence[str]
    closed: bool

    def __post_init__(self) -> None:
        """Refuse a network in which the loss of a zone takes everything.

        Raises:
            ValueError: fewer than two subnets.
        """
        if len(set(self.subnet_ids)) < 2:
            raise ValueError("foundation:existing_subnet_ids needs two private subnets or more, in different zones")


class GivenNetwork(pulumi.ComponentResource):
    """The VPC, its private subnets and their route tables, by id.

    Raises (when the values resolve):
        ValueError: a subnet leads to the internet although the environment is closed.
    """

    vpc_id: pulumi.Output[str]
    vpc_cidr: pulumi.Output[str]
    private_subnet_ids: list[pulumi.Output[str]]
    route_table_ids: pulumi.Output[list[str]]

    def __init__(self, name: str, args: GivenNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:GivenNetwork", name, None, opts)
        child = pulumi.InvokeOutputOptions(parent=self)
        vpc = aws.ec2.get_vpc_output(id=args.vpc_id, opts=child)
        tables = [aws.ec2.get_route_table_output(subnet_id=subnet_id, opts=child) for subnet_id in args.subnet_ids]
        self.vpc_id = vpc.id
        self.vpc_cidr = vpc.cidr_block
        self.private_subnet_ids = [
            # Asked for in the VPC: AWS finds none where somebody named a subnet of another.
            aws.ec2.get_subnet_output(id=subnet_id, vpc_id=args.vpc_id, opts=child).id
            for subnet_id in args.subnet_ids
        ]
        self.route_table_ids = pulumi.Output.all(*tables).apply(
            lambda found: sorted({_table_id(table, closed=args.closed) for table in found})
        )
        self.register_outputs({"vpc_id": self.vpc_id, "private_subnet_ids": self.private_subnet_ids})


def _table_id(table: aws.ec2.GetRouteTableResult, *, closed: bool) -> str:
    for route in table.routes if closed else ():
        way = next((value for value in (route.gateway_id, route.nat_gateway_id) if leads_out(value)), None)
        if way:
            raise ValueError(
                f"route table {table.route_table_id} leads to the internet by {way}, and foundation:egress is none: "
                "give subnets without such a route, or answer another egress"
            )
    return table.route_table_id


def leads_out(gateway_id: str | None) -> bool:
    """Tell whether a route's gateway is one to the internet, not `local` or the endpoint of a service."""
    return bool(gateway_id) and str(gateway_id).startswith(("igw-", "nat-", "eigw-"))
