"""Who the machines of a cluster are: a role that joins them and pulls images, and nothing of the data."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.cluster_role import ClusterRole, ClusterRoleArgs
from stacks.documents.cluster_roles import AWS_MANAGED, PURPOSES, node_trust
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class NodeIdentityArgs:
    """Machines of one environment's cluster."""

    platform: Platform


class NodeIdentity(pulumi.ComponentResource):
    """The nodes' role, and the instance profile with which Karpenter starts machines under it.

    Pods never act as their machine: they cannot reach its credentials, and have identities of their own.
    """

    arn: pulumi.Output[str]
    role_name: pulumi.Output[str]
    instance_profile_name: pulumi.Output[str]
    instance_profile_arn: pulumi.Output[str]

    def __init__(self, name: str, args: NodeIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:NodeIdentity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        role = ClusterRole(
            name,
            ClusterRoleArgs(
                platform=platform,
                description=PURPOSES["node"],
                trust=node_trust(platform),
                managed_policies=AWS_MANAGED["node"],
            ),
            child,
        )
        profile = aws.iam.InstanceProfile(
            name,
            name=names.resource_name(platform, name),
            path=names.role_path(platform),
            role=role.role_name,
            opts=child,
        )
        self.arn = role.arn
        self.role_name = role.role_name
        self.instance_profile_name = profile.name
        self.instance_profile_arn = profile.arn
        self.register_outputs({"arn": self.arn, "instance_profile_name": self.instance_profile_name})
