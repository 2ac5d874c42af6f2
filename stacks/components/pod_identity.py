"""A Kubernetes service account that acts in AWS under a role of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.cluster_roles import pod_trust
from stacks.documents.statement import Document
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class PodIdentityArgs:
    """`permissions` is what pods of `service_account` in `namespace` may do; `boundary_arn` limits their role.

    With `own_namespace` the trust of the role names the namespace too, so that no association lends it to another.
    """

    platform: Platform
    cluster_name: pulumi.Input[str]
    namespace: str
    service_account: str
    description: str
    permissions: pulumi.Input[Document]
    boundary_arn: str
    own_namespace: bool = False
    tags: dict[str, str] = field(default_factory=dict)


class PodIdentity(pulumi.ComponentResource):
    """A role that only pods of one service account take, for as long as they run."""

    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: PodIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:PodIdentity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=names.resource_name(args.platform, name),
                path=names.role_path(args.platform),
                description=args.description,
                trust=pod_trust(args.platform, args.namespace if args.own_namespace else ""),
                permissions=args.permissions,
                boundary_arn=args.boundary_arn,
                tags=args.tags,
            ),
            child,
        )
        aws.eks.PodIdentityAssociation(
            name,
            cluster_name=args.cluster_name,
            namespace=args.namespace,
            service_account=args.service_account,
            role_arn=role.arn,
            opts=child,
        )
        self.role_arn = role.arn
        self.register_outputs({"role_arn": self.role_arn})
