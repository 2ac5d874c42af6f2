"""Private ways to AWS services: gateway endpoints in the route tables, interface endpoints in the subnets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.documents.network import gateway_policy, interface_policy, interface_service
from stacks.settings import Platform

HTTPS = 443


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointsArgs:
    """Services by the end of their endpoint's name: `s3` as gateway, `sagemaker.api` as interface.

    Hosts in `vpc_cidr` may reach the interface endpoints over TLS. With `packages` the way to S3 also leads to the
    package repositories of Amazon Linux.
    """

    platform: Platform
    vpc_id: pulumi.Input[str]
    vpc_cidr: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    route_table_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    gateways: Sequence[str]
    interfaces: Sequence[str]
    packages: bool = False


class PrivateEndpoints(pulumi.ComponentResource):
    """Endpoints, each with a policy that lets only the account's principals pass."""

    security_group_id: pulumi.Output[str]
    prefix_list_ids: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: PrivateEndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:PrivateEndpoints", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name,
            vpc_id=args.vpc_id,
            description="Interface endpoints of AWS services",
            tags={"Name": name},
            opts=child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-https",
            security_group_id=group.id,
            description="TLS from the network",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv4=args.vpc_cidr,
            opts=child,
        )
        self.prefix_list_ids = _gateways(name, args, child)
        _interfaces(name, args, group, child)
        self.security_group_id = group.id
        self.register_outputs({"security_group_id": self.security_group_id})


def _gateways(name: str, args: PrivateEndpointsArgs, child: pulumi.ResourceOptions) -> dict[str, pulumi.Output[str]]:
    prefix_lists: dict[str, pulumi.Output[str]] = {}
    for service in args.gateways:
        endpoint = aws.ec2.VpcEndpoint(
            f"{name}-{service}",
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{args.platform.region}.{service}",
            route_table_ids=args.route_table_ids,
            policy=json.dumps(gateway_policy(args.platform, service, packages=args.packages)),
            tags={"Name": f"{name}-{service}"},
            opts=child,
        )
        prefix_lists[service] = endpoint.prefix_list_id
    return prefix_lists


def _interfaces(
    name: str, args: PrivateEndpointsArgs, group: aws.ec2.SecurityGroup, child: pulumi.ResourceOptions
) -> None:
    for service in args.interfaces:
        label = f"{name}-{service.replace('.', '-')}"
        aws.ec2.VpcEndpoint(
            label,
            vpc_id=args.vpc_id,
            vpc_endpoint_type="Interface",
            service_name=interface_service(args.platform, service),
            subnet_ids=list(args.subnet_ids),
            security_group_ids=[group.id],
            private_dns_enabled=True,
            policy=json.dumps(interface_policy(args.platform, service)),
            tags={"Name": label},
            opts=child,
        )
