"""The security group of machines that train together: all traffic between members, both ways, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class EfaSecurityGroupArgs:
    """Members carry a second group for everything else."""

    vpc_id: pulumi.Input[str]


class EfaSecurityGroup(pulumi.ComponentResource):
    """EFA passes only between members of a group that allows itself in and out."""

    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: EfaSecurityGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:EfaSecurityGroup", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name,
            vpc_id=args.vpc_id,
            description="EFA between machines that train together",
            tags={"Name": name},
            opts=child,
        )
        aws.vpc.SecurityGroupIngressRule(
            name,
            security_group_id=group.id,
            description="From other members",
            ip_protocol="-1",
            referenced_security_group_id=group.id,
            opts=child,
        )
        aws.vpc.SecurityGroupEgressRule(
            name,
            security_group_id=group.id,
            description="To other members",
            ip_protocol="-1",
            referenced_security_group_id=group.id,
            opts=child,
        )
        self.security_group_id = group.id
        self.register_outputs({"security_group_id": self.security_group_id})
