"""An IAM role that CI jobs assume with their OIDC token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.documents.statement import Document

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-23
ATTACHED_POLICIES = 10


@dataclass(frozen=True, kw_only=True)
class CiRoleArgs:
    """`permissions` are policy documents by a word for what they cover: one managed policy each."""

    role_name: str
    path: str
    description: str
    trust: Document
    permissions: Mapping[str, Document]
    boundary_arn: pulumi.Input[str]
    max_session_seconds: int = 3600


class CiRole(pulumi.ComponentResource):
    """A role without keys: a token of the CI system, for one exact subject, opens it for an hour.

    Raises:
        ValueError: more documents than IAM attaches to a role.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: CiRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:identity:CiRole", name, None, opts)
        if len(args.permissions) > ATTACHED_POLICIES:
            raise ValueError(f"{args.role_name} has {len(args.permissions)} policies, IAM attaches {ATTACHED_POLICIES}")
        child = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            name,
            name=args.role_name,
            path=args.path,
            description=args.description,
            assume_role_policy=json.dumps(args.trust),
            permissions_boundary=args.boundary_arn,
            max_session_duration=args.max_session_seconds,
            opts=child,
        )
        for part, permissions in args.permissions.items():
            policy = aws.iam.Policy(
                f"{name}-{part}",
                name=f"{args.role_name}-{part}",
                path=args.path,
                description=f"{args.description}: {part}",
                policy=json.dumps(permissions),
                opts=child,
            )
            aws.iam.RolePolicyAttachment(f"{name}-{part}", role=role.name, policy_arn=policy.arn, opts=child)
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
