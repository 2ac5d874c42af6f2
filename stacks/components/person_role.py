"""An IAM role that people assume after they have signed in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from stacks.components.attached_policies import PolicyHolder, attach
from stacks.documents.statement import Document


@dataclass(frozen=True, kw_only=True)
class PersonRoleArgs:
    """`permissions` are policy documents by a word for what they cover: one managed policy each.

    `policy_arns` are policies of another role that this one holds too, by a word each.
    """

    role_name: str
    path: str
    description: str
    trust: Document
    permissions: Mapping[str, Document]
    boundary_arn: pulumi.Input[str]
    max_session_seconds: int
    policy_arns: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class PersonRole(pulumi.ComponentResource):
    """A role for one kind of person, under the boundary of people.

    Raises:
        ValueError: more documents than IAM attaches to a role.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: PersonRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:identity:PersonRole", name, None, opts)
        role = aws.iam.Role(
            name,
            name=args.role_name,
            path=args.path,
            description=args.description,
            assume_role_policy=json.dumps(args.trust),
            permissions_boundary=args.boundary_arn,
            max_session_duration=args.max_session_seconds,
            tags={"person": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        holder = PolicyHolder(role=role, role_name=args.role_name, path=args.path, description=args.description)
        attach(name, holder, args.permissions, self)
        for part, arn in args.policy_arns.items():
            aws.iam.RolePolicyAttachment(
                f"{name}-{part}", role=role.name, policy_arn=arn, opts=pulumi.ResourceOptions(parent=self)
            )
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})
