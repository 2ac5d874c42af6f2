"""An IAM role that an AWS service or a CI job assumes, under the environment's permission boundary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks.documents.statement import managed, trusted


@dataclass(frozen=True, kw_only=True)
class ServiceRoleArgs:
    """`trust` and `permissions` are IAM policy documents as plain mappings.

    `max_session_seconds` is between 3,600 and 43,200 (IAM's own limits).
    """

    role_name: str
    path: str
    description: str
    trust: pulumi.Input[dict[str, Any]]
    permissions: pulumi.Input[dict[str, Any]]
    boundary_arn: pulumi.Input[str]
    max_session_seconds: int = 3600
    tags: dict[str, str] = field(default_factory=dict)


class ServiceRole(pulumi.ComponentResource):
    """A role with one managed policy of its own: what it may do is read in one place."""

    arn: pulumi.Output[str]
    role_name: pulumi.Output[str]

    def __init__(self, name: str, args: ServiceRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:identity:ServiceRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            name,
            name=args.role_name,
            path=args.path,
            description=args.description,
            assume_role_policy=pulumi.Output.from_input(args.trust).apply(lambda trust: trusted(trust, args.role_name)),
            permissions_boundary=args.boundary_arn,
            max_session_duration=args.max_session_seconds,
            tags=args.tags,
            opts=child,
        )
        policy = aws.iam.Policy(
            name,
            name=args.role_name,
            path=args.path,
            description=args.description,
            policy=pulumi.Output.from_input(args.permissions).apply(lambda granted: managed(granted, args.role_name)),
            opts=child,
        )
        aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=policy.arn, opts=child)
        self.arn = role.arn
        self.role_name = role.name
        self.register_outputs({"arn": self.arn})
