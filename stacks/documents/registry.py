"""Resource policy of the model registry group: approval is a right of few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stacks.documents.statement import Document, document

APPROVE = ("sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage")


def registry_policy(group_arn: str, approver_role_arns: Sequence[str]) -> Document:
    """Return the policy that refuses approval to all but `approver_role_arns` (patterns allowed, may be empty).

    It denies only: nobody gains a right by it, other accounts none at all. It stands beside the boundary of
    the environment's roles, which denies approval too, and holds for people and administrators as well.
    Condition key: Service Authorization Reference, Amazon SageMaker, read 2026-11-23.
    """
    condition: dict[str, Any] = {"StringEquals": {"sagemaker:ModelApprovalStatus": "Approved"}}
    if approver_role_arns:
        condition["ArnNotLike"] = {"aws:PrincipalArn": sorted(approver_role_arns)}
    return document(
        [
            {
                "Sid": "DenyApprovalByOthers",
                "Effect": "Deny",
                "Principal": "*",
                "Action": list(APPROVE),
                "Resource": [group_arn, package_arns(group_arn)],
                "Condition": condition,
            }
        ]
    )


def package_arns(group_arn: str) -> str:
    """Return the pattern of the ARNs of all versions in the group."""
    return group_arn.replace(":model-package-group/", ":model-package/") + "/*"
