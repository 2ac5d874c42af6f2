"""An IAM role that CI jobs assume with their OIDC token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.components.attached_policies import PolicyHolder, attach
from stacks.documents.statement import Document


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
    policy_arns: dict[str, pulumi.Output[str]]

    def __init__(self, name: str, args: CiRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:identity:CiRole", name, None, opts)
        role = aws.iam.Role(
            name,
            name=args.role_name,
            path=args.path,
            description=args.description,
            assume_role_policy=json.dumps(args.trust),
            permissions_boundary=args.boundary_arn,
            max_session_duration=args.max_session_seconds,
            opts=pulumi.ResourceOptions(parent=self),
        )
        holder = PolicyHolder(role=role, role_name=args.role_name, path=args.path, description=args.description)
        self.policy_arns = attach(name, holder, args.permissions, self)
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
