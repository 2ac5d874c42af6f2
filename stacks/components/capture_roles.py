"""The two roles that DMS looks for by their names in an account: one for its addresses, one for its logs."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.capture_roles import LOGS_ROLE, NETWORK_ROLE, logging_permissions, network_permissions
from stacks.documents.change_capture import capture_trust
from stacks.documents.statement import managed, trusted
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class CaptureRolesArgs:
    """`boundary_arn` limits both."""

    platform: Platform
    boundary_arn: pulumi.Input[str]


class CaptureRoles(pulumi.ComponentResource):
    """DMS knows them by name, without a path: an account has each once."""

    def __init__(self, name: str, args: CaptureRolesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:CaptureRoles", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for role_name, permissions in (
            (NETWORK_ROLE, network_permissions(args.platform)),
            (LOGS_ROLE, logging_permissions(args.platform)),
        ):
            role = aws.iam.Role(
                role_name,
                name=role_name,
                description="Known to DMS by its name",
                assume_role_policy=trusted(capture_trust(args.platform), role_name),
                permissions_boundary=args.boundary_arn,
                opts=child,
            )
            policy = aws.iam.Policy(
                role_name,
                name=names.resource_name(args.platform, role_name),
                path=names.role_path(args.platform),
                policy=managed(permissions, role_name),
                opts=child,
            )
            aws.iam.RolePolicyAttachment(role_name, role=role.name, policy_arn=policy.arn, opts=child)
        self.register_outputs({})
