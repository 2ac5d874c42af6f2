"""A role that runs a part of a Kubernetes cluster, under the cluster's own boundary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.cluster_roles import managed_policy_arn
from stacks.documents.statement import Document
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ClusterRoleArgs:
    """`managed_policies` are AWS's own, by name; `permissions` is what the role may do beside them."""

    platform: Platform
    description: str
    trust: Document
    managed_policies: Sequence[str] = ()
    permissions: pulumi.Input[Document] | None = None


class ClusterRole(pulumi.ComponentResource):
    """A role of control plane, nodes or an add-on: AWS's policy for its agent, and what is ours beside it."""

    arn: pulumi.Output[str]
    role_name: pulumi.Output[str]

    def __init__(self, name: str, args: ClusterRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:ClusterRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        role = aws.iam.Role(
            name,
            name=names.resource_name(platform, name),
            path=names.role_path(platform),
            description=args.description,
            assume_role_policy=json.dumps(args.trust),
            permissions_boundary=names.cluster_boundary_arn(platform),
            opts=child,
        )
        attached: list[aws.iam.RolePolicyAttachment] = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy.rsplit('/', 1)[-1]}",
                role=role.name,
                policy_arn=managed_policy_arn(platform, policy),
                opts=child,
            )
            for policy in args.managed_policies
        ]
        if args.permissions is not None:
            policy = aws.iam.Policy(
                name,
                name=names.resource_name(platform, name),
                path=names.role_path(platform),
                description=args.description,
                policy=pulumi.Output.from_input(args.permissions).apply(json.dumps),
                opts=child,
            )
            attached.append(aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=policy.arn, opts=child))
        # Whoever takes the role needs its policies too: an attachment is part of what the ARN stands for.
        self.arn = pulumi.Output.all(role.arn, *(each.id for each in attached)).apply(lambda values: str(values[0]))
        self.role_name = role.name
        self.register_outputs({"arn": self.arn, "role_name": self.role_name})
