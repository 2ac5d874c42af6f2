"""The security group of machines that run models and jobs: they reach AWS services, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.components.network import ANYWHERE
from stacks.components.private_endpoints import HTTPS


@dataclass(frozen=True, kw_only=True)
class WorkloadSecurityGroupArgs:
    """`prefix_list_ids` are those of the gateway endpoints, by service.

    `talks_to_itself` opens all traffic between members, both ways, as distributed training and EFA need.
    """

    vpc_id: pulumi.Input[str]
    description: str
    endpoints_security_group_id: pulumi.Input[str]
    prefix_list_ids: Mapping[str, pulumi.Input[str]]
    talks_to_itself: bool
    internet: bool = False
    """TLS to anywhere: the network's own way out decides what is reached."""


class WorkloadSecurityGroup(pulumi.ComponentResource):
    """Egress over TLS to the interface and gateway endpoints; no ingress from outside the group."""

    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: WorkloadSecurityGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:foundation:WorkloadSecurityGroup", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name, vpc_id=args.vpc_id, description=args.description, tags={"Name": name}, opts=child
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-services",
            security_group_id=group.id,
            description="TLS to interface endpoints",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            referenced_security_group_id=args.endpoints_security_group_id,
            opts=child,
        )
        for service, prefix_list_id in args.prefix_list_ids.items():
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-{service}",
                security_group_id=group.id,
                description=f"TLS to {service}",
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                prefix_list_id=prefix_list_id,
                opts=child,
            )
        if args.internet:
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-internet",
                security_group_id=group.id,
                description="TLS by the way out of the network",
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                cidr_ipv4=ANYWHERE,
                opts=child,
            )
        if args.talks_to_itself:
            _between_members(name, group, child)
        self.security_group_id = group.id
        self.register_outputs({"security_group_id": self.security_group_id})


def _between_members(name: str, group: aws.ec2.SecurityGroup, child: pulumi.ResourceOptions) -> None:
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-members",
        security_group_id=group.id,
        description="From other members",
        ip_protocol="-1",
        referenced_security_group_id=group.id,
        opts=child,
    )
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-members",
        security_group_id=group.id,
        description="To other members",
        ip_protocol="-1",
        referenced_security_group_id=group.id,
        opts=child,
    )
