"""Who tells a load balancer where pods are: a role that registers targets of groups that exist, and makes nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.cluster_role import ClusterRole, ClusterRoleArgs
from stacks.documents.cluster_roles import pod_trust
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

NAMESPACE = "kube-system"
SERVICE_ACCOUNT = "aws-load-balancer-controller"
LOOKS = (
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
)


@dataclass(frozen=True, kw_only=True)
class BalancerControllerArgs:
    """The controller runs in the cluster `cluster_name`."""

    platform: Platform
    cluster_name: pulumi.Input[str]


class BalancerController(pulumi.ComponentResource):
    """The AWS side of the AWS Load Balancer Controller; the controller is installed by the kubernetes program.

    It binds pods to target groups of ours: no load balancer, listener or security group is its to make.
    """

    def __init__(self, name: str, args: BalancerControllerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:BalancerController", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = ClusterRole(
            name,
            ClusterRoleArgs(
                platform=args.platform,
                description="The controller that registers pods as targets of load balancers",
                trust=pod_trust(args.platform),
                permissions=controller_policy(args.platform),
            ),
            child,
        )
        aws.eks.PodIdentityAssociation(
            name,
            cluster_name=args.cluster_name,
            namespace=NAMESPACE,
            service_account=SERVICE_ACCOUNT,
            role_arn=role.arn,
            opts=child,
        )
        self.register_outputs({})


def controller_policy(platform: Platform) -> Document:
    """Return what the controller may do: look, and register what stands behind the environment's target groups."""
    groups = names.service_arn(platform, "elasticloadbalancing", f"targetgroup/{names.balancer_name(platform, '*')}/*")
    register = ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"]
    return document(
        [
            allow("RegisterTargets", register, groups),
            allow("Look", LOOKS, "*", StringEquals={"aws:RequestedRegion": platform.region}),
        ]
    )
