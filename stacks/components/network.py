"""A VPC of private subnets, with a way out only where it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

EGRESS = ("none", "nat_single", "nat_per_az")
ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """Subnet ranges stand in the order of the zones; public ones exist only for NAT gateways."""

    vpc_cidr: str
    availability_zones: Sequence[str]
    private_subnet_cidrs: Sequence[str]
    public_subnet_cidrs: Sequence[str]
    egress: str
    filtered: bool = False
    """The way out leads through a firewall, which makes the routes to the internet itself."""

    def __post_init__(self) -> None:
        """Refuse ranges that do not match the zones, and NAT without a place for it.

        Raises:
            ValueError: names the settings in conflict.
        """
        zones = len(self.availability_zones)
        if self.egress not in EGRESS:
            raise ValueError(f"foundation:egress is {self.egress!r}, allowed: {', '.join(EGRESS)}")
        if len(self.private_subnet_cidrs) != zones:
            raise ValueError(f"foundation:private_subnet_cidrs needs one range for each of {zones} availability zones")
        if len(self.public_subnet_cidrs) != self.gateway_count:
            raise ValueError(
                f"foundation:public_subnet_cidrs needs {self.gateway_count} ranges for egress {self.egress!r}, "
                f"got {len(self.public_subnet_cidrs)}"
            )

    @property
    def gateway_count(self) -> int:
        """NAT gateways, and public subnets, that the egress asks for."""
        return {"none": 0, "nat_single": 1, "nat_per_az": len(self.availability_zones)}[self.egress]


class Network(pulumi.ComponentResource):
    """Private subnets with one route table, or one each where each zone has its own NAT gateway."""

    vpc_id: pulumi.Output[str]
    vpc_cidr: str
    private_subnet_ids: list[pulumi.Output[str]]
    route_table_ids: list[pulumi.Output[str]]
    gateway_ids: dict[str, pulumi.Output[str]]
    """NAT gateways by zone."""
    public_table_ids: dict[str, pulumi.Output[str]]
    """Route tables of the public subnets by zone; one for all, unless the way out is filtered."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:Network", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(
            name,
            cidr_block=args.vpc_cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": name},
            opts=child,
        )
        # The default group lets its members talk to each other: emptied, nobody gains by forgetting a group.
        aws.ec2.DefaultSecurityGroup(
            name, vpc_id=vpc.id, ingress=[], egress=[], tags={"Name": f"{name}-unused"}, opts=child
        )
        public_tables = _public_tables(name, vpc, args, child)
        gateways = _nat_gateways(name, vpc, public_tables, args, child)
        tables = [
            aws.ec2.RouteTable(
                f"{name}-private-{zone}", vpc_id=vpc.id, tags={"Name": f"{name}-private-{zone}"}, opts=child
            )
            for zone in args.availability_zones[: max(1, args.gateway_count)]
        ]
        for zone, table in zip(args.availability_zones, tables, strict=False):
            if zone in gateways and not args.filtered:
                aws.ec2.Route(
                    f"{name}-private-{zone}",
                    route_table_id=table.id,
                    destination_cidr_block=ANYWHERE,
                    nat_gateway_id=gateways[zone],
                    opts=child,
                )
        self.gateway_ids, self.public_table_ids = gateways, public_tables
        self.vpc_id = vpc.id
        self.vpc_cidr = args.vpc_cidr
        self.private_subnet_ids = _private_subnets(name, vpc, tables, args, child)
        self.route_table_ids = [table.id for table in tables]
        self.register_outputs({"vpc_id": self.vpc_id, "private_subnet_ids": self.private_subnet_ids})


def _private_subnets(
    name: str,
    vpc: aws.ec2.Vpc,
    tables: Sequence[aws.ec2.RouteTable],
    args: NetworkArgs,
    child: pulumi.ResourceOptions,
) -> list[pulumi.Output[str]]:
    subnets: list[pulumi.Output[str]] = []
    for index, (zone, cidr) in enumerate(zip(args.availability_zones, args.private_subnet_cidrs, strict=True)):
        subnet = aws.ec2.Subnet(
            f"{name}-private-{zone}",
            vpc_id=vpc.id,
            availability_zone=zone,
            cidr_block=cidr,
            map_public_ip_on_launch=False,
            tags={"Name": f"{name}-private-{zone}"},
            opts=child,
        )
        aws.ec2.RouteTableAssociation(
            f"{name}-private-{zone}",
            subnet_id=subnet.id,
            route_table_id=tables[index % len(tables)].id,
            opts=child,
        )
        subnets.append(subnet.id)
    return subnets


def _public_tables(
    name: str, vpc: aws.ec2.Vpc, args: NetworkArgs, child: pulumi.ResourceOptions
) -> dict[str, pulumi.Output[str]]:
    """Return the public route tables by zone; a firewall's answers come back through the endpoint of each zone."""
    if not args.gateway_count:
        return {}
    internet = aws.ec2.InternetGateway(name, vpc_id=vpc.id, tags={"Name": name}, opts=child)
    zones = args.availability_zones[: args.gateway_count]
    labels = [f"{name}-public-{zone}" for zone in zones] if args.filtered else [f"{name}-public"]
    tables: list[pulumi.Output[str]] = []
    for label in labels:
        table = aws.ec2.RouteTable(label, vpc_id=vpc.id, tags={"Name": label}, opts=child)
        route = aws.ec2.Route(
            label,
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=internet.id,
            opts=child,
        )
        # A NAT gateway without a route to the internet gateway fails to start: it waits for the table's id.
        tables.append(pulumi.Output.all(table.id, route.id).apply(lambda ids: str(ids[0])))
    return {zone: tables[index % len(tables)] for index, zone in enumerate(zones)}


def _nat_gateways(
    name: str,
    vpc: aws.ec2.Vpc,
    tables: dict[str, pulumi.Output[str]],
    args: NetworkArgs,
    child: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    gateways: dict[str, pulumi.Output[str]] = {}
    for (zone, table_id), cidr in zip(tables.items(), args.public_subnet_cidrs, strict=True):
        label = f"{name}-public-{zone}"
        subnet = aws.ec2.Subnet(
            label,
            vpc_id=vpc.id,
            availability_zone=zone,
            cidr_block=cidr,
            map_public_ip_on_launch=False,
            tags={"Name": label},
            opts=child,
        )
        association = aws.ec2.RouteTableAssociation(label, subnet_id=subnet.id, route_table_id=table_id, opts=child)
        address = aws.ec2.Eip(label, domain="vpc", tags={"Name": label}, opts=child)
        ready = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[association]))
        gateway = aws.ec2.NatGateway(
            label, subnet_id=subnet.id, allocation_id=address.id, tags={"Name": label}, opts=ready
        )
        gateways[zone] = gateway.id
    return gateways
