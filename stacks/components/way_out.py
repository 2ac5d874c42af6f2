"""The way from private subnets to the internet: NAT gateways, and a firewall before them where names are filtered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.components.egress_firewall import EgressFirewall, EgressFirewallArgs
from stacks.settings import Platform

ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, kw_only=True)
class FilteredWayOutArgs:
    """NAT gateways and public route tables by zone; private tables and ranges in the order of the zones.

    With one gateway all private subnets leave by its zone.
    """

    platform: Platform
    vpc_id: pulumi.Input[str]
    firewall_subnet_cidrs: Sequence[str]
    gateway_ids: Mapping[str, pulumi.Input[str]]
    public_table_ids: Mapping[str, pulumi.Input[str]]
    private_table_ids: Sequence[pulumi.Input[str]]
    private_subnet_cidrs: Sequence[str]
    domains: Sequence[str]
    kms_key_arn: pulumi.Input[str]
    retention_days: int


class FilteredWayOut(pulumi.ComponentResource):
    """Firewall subnets between the private ones and the gateways; answers take the same way back.

    A firewall that sees one direction only drops the connection. Source: AWS Network Firewall Developer Guide,
    "Multi zone architecture with an internet gateway" and "Asymmetric routing"; the page was not opened, to be checked.
    """

    def __init__(self, name: str, args: FilteredWayOutArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:FilteredWayOut", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        zones = list(args.gateway_ids)
        subnet_ids: dict[str, pulumi.Input[str]] = {}
        for zone, cidr in zip(zones, args.firewall_subnet_cidrs, strict=True):
            subnet_ids[zone] = _firewall_subnet(f"{name}-{zone}", zone, cidr, args, child)
        firewall = EgressFirewall(
            name,
            EgressFirewallArgs(
                platform=args.platform,
                vpc_id=args.vpc_id,
                subnet_ids=subnet_ids,
                domains=args.domains,
                kms_key_arn=args.kms_key_arn,
                retention_days=args.retention_days,
            ),
            child,
        )
        for index, zone in enumerate(zones):
            endpoint_id = firewall.endpoint_ids[zone]
            aws.ec2.Route(
                f"{name}-out-{zone}",
                route_table_id=args.private_table_ids[index],
                destination_cidr_block=ANYWHERE,
                vpc_endpoint_id=endpoint_id,
                opts=child,
            )
            own = args.private_subnet_cidrs if len(zones) == 1 else [args.private_subnet_cidrs[index]]
            for cidr in own:
                aws.ec2.Route(
                    f"{name}-back-{cidr}",
                    route_table_id=args.public_table_ids[zone],
                    destination_cidr_block=cidr,
                    vpc_endpoint_id=endpoint_id,
                    opts=child,
                )
        self.register_outputs({})


def _firewall_subnet(
    label: str, zone: str, cidr: str, args: FilteredWayOutArgs, child: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    subnet = aws.ec2.Subnet(
        label,
        vpc_id=args.vpc_id,
        availability_zone=zone,
        cidr_block=cidr,
        map_public_ip_on_launch=False,
        tags={"Name": label},
        opts=child,
    )
    table = aws.ec2.RouteTable(label, vpc_id=args.vpc_id, tags={"Name": label}, opts=child)
    aws.ec2.RouteTableAssociation(label, subnet_id=subnet.id, route_table_id=table.id, opts=child)
    aws.ec2.Route(
        label,
        route_table_id=table.id,
        destination_cidr_block=ANYWHERE,
        nat_gateway_id=args.gateway_ids[zone],
        opts=child,
    )
    return subnet.id
