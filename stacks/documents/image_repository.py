"""Documents of the image repository: who may pull, and how long images stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stacks.documents.statement import Document, document
from stacks.settings import Platform

PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def repository_policy(platform: Platform, puller_role_arns: Sequence[str]) -> Document:
    """Return the policy of a private repository: named roles pull, other accounts may do nothing.

    Who pushes is decided by IAM alone. Policies of repositories name no resource.
    """
    return document(
        [
            {
                "Sid": "JobsPull",
                "Effect": "Allow",
                "Principal": {"AWS": list(puller_role_arns)},
                "Action": list(PULL),
            },
            {
                "Sid": "DenyOtherAccounts",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "ecr:*",
                "Condition": {
                    "StringNotEquals": {"aws:PrincipalAccount": platform.account_id},
                    "Bool": {"aws:PrincipalIsAWSService": "false"},
                },
            },
        ]
    )


def lifecycle_policy(untagged_image_days: int) -> dict[str, Any]:
    """Return the lifecycle rules: images without a tag go after `untagged_image_days`, tagged ones stay.

    A tagged image may be the one that a registered model runs in, so age alone never removes it.
    """
    return {
        "rules": [
            {
                "rulePriority": 1,
                "description": f"Images without a tag are deleted after {untagged_image_days} days",
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImagePushed",
                    "countUnit": "days",
                    "countNumber": untagged_image_days,
                },
                "action": {"type": "expire"},
            }
        ]
    }
