"""An internal load balancer before servers in the cluster: it reaches their pods by address, on one port."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from stacks import names
from stacks.components.internal_balancer import InternalBalancer, InternalBalancerArgs
from stacks.documents.language_server import NAME, NAMESPACE, PORT

HEALTHY_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class ServerBalancingArgs:
    """`cluster_security_group_id` is that of the machines, which their pods share; `drain_seconds` a server's."""

    balancer: InternalBalancerArgs
    cluster_security_group_id: pulumi.Input[str]
    drain_seconds: int
    in_cluster: pulumi.ResourceOptions


class ServerBalancing(pulumi.ComponentResource):
    """Load balancer, target group, the way between it and the pods, and the binding that registers them."""

    address: pulumi.Output[str]

    def __init__(self, name: str, args: ServerBalancingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:ServerBalancing", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        target = aws.lb.TargetGroup(
            f"{name}-servers",
            name=names.balancer_name(args.balancer.platform, "tg"),
            target_type="ip",
            port=PORT,
            protocol="HTTP",
            vpc_id=args.balancer.vpc_id,
            deregistration_delay=args.drain_seconds,
            load_balancing_algorithm_type="least_outstanding_requests",
            health_check={"path": "/health", "interval": HEALTHY_SECONDS, "timeout": 5, "healthy_threshold": 2},
            opts=child,
        )
        balancer = InternalBalancer(name, args.balancer, target.arn, child)
        way: dict[str, Any] = {"ip_protocol": "tcp", "from_port": PORT, "to_port": PORT}
        aws.vpc.SecurityGroupEgressRule(
            f"{name}-servers",
            security_group_id=balancer.security_group_id,
            referenced_security_group_id=args.cluster_security_group_id,
            description="To the servers",
            **way,
            opts=child,
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-servers",
            security_group_id=args.cluster_security_group_id,
            referenced_security_group_id=balancer.security_group_id,
            description="From the load balancer",
            **way,
            opts=child,
        )
        kubernetes.apiextensions.CustomResource(
            name,
            api_version="elbv2.k8s.aws/v1beta1",
            kind="TargetGroupBinding",
            metadata={"name": NAME, "namespace": NAMESPACE},
            spec={
                "serviceRef": {"name": NAME, "port": PORT},
                "targetGroupARN": target.arn,
                "targetType": "ip",
                "vpcID": args.balancer.vpc_id,
            },
            opts=pulumi.ResourceOptions.merge(args.in_cluster, pulumi.ResourceOptions(parent=self)),
        )
        self.address = balancer.address
        self.register_outputs({"address": self.address})
