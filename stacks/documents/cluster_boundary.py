"""The boundary of the roles that run a Kubernetes cluster: machines of known types, no data, no identities."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents.boundary import AUDIT_TAMPERING, KEY_USE, PURCHASES, only_regions
from stacks.documents.statement import Document, allow, deny, document
from stacks.settings import Platform

# The services that control plane, nodes, add-ons and Karpenter call; the roles' own policies say what exactly.
SERVICES = (
    "arc-zonal-shift:GetManagedResource",
    "autoscaling:*",
    "cloudwatch:*",
    "ec2:*",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "eks-auth:AssumeRoleForPodIdentity",
    "eks:Describe*",
    "elasticloadbalancing:*",
    "iam:CreateServiceLinkedRole",
    "iam:GetInstanceProfile",
    "iam:ListAttachedRolePolicies",
    "iam:ListInstanceProfiles",
    "kms:ListGrants",
    "logs:*",
    "sqs:*",
    "ssm:GetParameter",
    "xray:*",
)


def cluster_boundary(platform: Platform, allowed_regions: Sequence[str], instance_types: Sequence[str]) -> Document:
    """Return the boundary; machines of other than `instance_types` cannot be started under it."""
    instances = names.service_arn(platform, "ec2", "instance/*")
    node = names.role_arn(platform, "node")
    return document(
        [
            allow("Services", SERVICES, "*"),
            allow("Keys", KEY_USE, names.service_arn(platform, "kms", "key/*")),
            allow("PassNodeRole", ["iam:PassRole"], node),
            only_regions(allowed_regions),
            deny("KeepAudit", AUDIT_TAMPERING, "*"),
            deny("NoPurchases", PURCHASES, "*"),
            deny(
                "KnownMachinesOnly",
                ["ec2:RunInstances"],
                instances,
                StringNotEquals={"ec2:InstanceType": sorted(instance_types)},
            ),
            deny(
                "OnlyTokens",
                ["ec2:RunInstances"],
                instances,
                StringNotEquals={"ec2:MetadataHttpTokens": "required"},
            ),
        ]
    )
