"""Managed policies of one role: one for each document, so that each stays within IAM's size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.documents.statement import Document, managed

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-23
ATTACHED_POLICIES = 10


@dataclass(frozen=True, kw_only=True)
class PolicyHolder:
    """The role that holds the policies; `path` is the role's own."""

    role: aws.iam.Role
    role_name: str
    path: str
    description: str


def attach(
    name: str, holder: PolicyHolder, permissions: Mapping[str, Document], parent: pulumi.Resource
) -> dict[str, pulumi.Output[str]]:
    """Create `<role name>-<part>` for each part of `permissions`, attach it, and return the ARNs by part.

    Raises:
        ValueError: more documents than IAM attaches to a role, or one that is too large.
    """
    if len(permissions) > ATTACHED_POLICIES:
        raise ValueError(f"{holder.role_name} has {len(permissions)} policies, IAM attaches {ATTACHED_POLICIES}")
    child = pulumi.ResourceOptions(parent=parent)
    arns: dict[str, pulumi.Output[str]] = {}
    for part, document in permissions.items():
        policy = aws.iam.Policy(
            f"{name}-{part}",
            name=f"{holder.role_name}-{part}",
            path=holder.path,
            description=f"{holder.description}: {part}",
            policy=managed(document, f"{holder.role_name}-{part}"),
            opts=child,
        )
        aws.iam.RolePolicyAttachment(f"{name}-{part}", role=holder.role.name, policy_arn=policy.arn, opts=child)
        arns[part] = policy.arn
    return arns
