"""What Karpenter needs in AWS: an identity, a queue of warnings, a group for machines that stand together."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.cluster_role import ClusterRole, ClusterRoleArgs
from stacks.components.karpenter_queue import KarpenterQueue, KarpenterQueueArgs
from stacks.documents.cluster_roles import PURPOSES, pod_trust
from stacks.documents.karpenter import controller_policy
from stacks.settings import Platform

NAMESPACE = "kube-system"
SERVICE_ACCOUNT = "karpenter"


@dataclass(frozen=True, kw_only=True)
class KarpenterArgs:
    """Machines start under `instance_profile_arn`, their disks encrypted with `kms_key_arn`."""

    platform: Platform
    cluster_name: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    instance_profile_arn: pulumi.Input[str]
    placement_group: bool


class Karpenter(pulumi.ComponentResource):
    """The AWS side of Karpenter; its controller and its pools are made in the kubernetes program."""

    queue_name: pulumi.Output[str]
    placement_group_name: pulumi.Output[str] | None

    def __init__(self, name: str, args: KarpenterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:Karpenter", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        queue = KarpenterQueue(name, KarpenterQueueArgs(platform=platform, kms_key_arn=args.kms_key_arn), child)
        arns = pulumi.Output.all(queue=queue.arn, key=args.kms_key_arn, profile=args.instance_profile_arn)
        role = ClusterRole(
            name,
            ClusterRoleArgs(
                platform=platform,
                description=PURPOSES["karpenter"],
                trust=pod_trust(platform),
                permissions=arns.apply(
                    lambda found: controller_policy(platform, found["queue"], found["key"], found["profile"])
                ),
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
        group = None
        if args.placement_group:
            group = aws.ec2.PlacementGroup(
                name, name=names.resource_name(platform, name), strategy="cluster", opts=child
            )
        self.queue_name = queue.queue_name
        self.placement_group_name = group.name if group else None
        self.register_outputs({"queue_name": self.queue_name})
