"""A permission boundary: the policy that limits roles instead of granting."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.documents.statement import MANAGED_POLICY_CHARACTERS, Document, size


@dataclass(frozen=True, kw_only=True)
class PermissionBoundaryArgs:
    """`limits` is the policy document; `path` keeps it apart from policies that grant."""

    policy_name: str
    path: str
    description: str
    limits: Document


class PermissionBoundary(pulumi.ComponentResource):
    """A managed policy that roles carry as their boundary.

    Raises:
        ValueError: the document is longer than IAM allows; the message says by how much.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: PermissionBoundaryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:identity:PermissionBoundary", name, None, opts)
        characters = size(args.limits)
        if characters > MANAGED_POLICY_CHARACTERS:
            raise ValueError(
                f"boundary {args.policy_name} has {characters} characters, IAM allows {MANAGED_POLICY_CHARACTERS}: "
                "name fewer instance types or regions"
            )
        policy = aws.iam.Policy(
            name,
            name=args.policy_name,
            path=args.path,
            description=args.description,
            policy=json.dumps(args.limits),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = policy.arn
        self.register_outputs({"arn": self.arn})
