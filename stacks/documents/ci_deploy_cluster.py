"""What the deploy role may do with a Kubernetes cluster: make it, its machines and the roles that run it."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents.boundary import role_pattern
from stacks.documents.cluster_roles import AWS_MANAGED, managed_policy_arn
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

CLUSTER_ACTIONS = tuple(
    f"eks:{action}"
    for action in (
        *("AssociateAccessPolicy", "CreateAccessEntry", "CreateAddon", "CreateCluster", "CreateNodegroup"),
        *("CreatePodIdentityAssociation", "DeleteAccessEntry", "DeleteAddon", "DeleteCluster", "DeleteNodegroup"),
        *("DeletePodIdentityAssociation", "DisassociateAccessPolicy", "TagResource", "UntagResource"),
        *("UpdateAccessEntry", "UpdateAddon", "UpdateClusterConfig", "UpdateClusterVersion"),
        *("UpdateNodegroupConfig", "UpdateNodegroupVersion", "UpdatePodIdentityAssociation"),
    )
)
PROFILE_ACTIONS = tuple(
    f"iam:{action}InstanceProfile" for action in ("AddRoleTo", "Create", "Delete", "RemoveRoleFrom", "Tag", "Untag")
)
MACHINE_ACTIONS = (
    "ec2:CreateLaunchTemplate",
    "ec2:CreateLaunchTemplateVersion",
    "ec2:CreatePlacementGroup",
    "ec2:CreateTags",
    "ec2:DeleteLaunchTemplate",
    "ec2:DeletePlacementGroup",
    "ec2:ModifyLaunchTemplate",
)
# EKS tries a launch template with the rights of who makes the node group.
TRIED_ACTIONS = ("ec2:RunInstances",)
PASSED_TO = ("ec2.amazonaws.com", "eks.amazonaws.com", "pods.eks.amazonaws.com")
LINKED_ROLES = ("eks.amazonaws.com", "eks-nodegroup.amazonaws.com", "autoscaling.amazonaws.com", "spot.amazonaws.com")


def cluster(platform: Platform) -> Document:
    """Return the management of the environment's cluster."""
    name = names.cluster_name(platform)
    kinds = ("access-entry", "addon", "nodegroup", "podidentityassociation")
    clusters = [
        names.service_arn(platform, "eks", f"cluster/{name}"),
        *(names.service_arn(platform, "eks", f"{kind}/{name}/*") for kind in kinds),
    ]
    roles = role_pattern(platform)
    return document(
        [
            allow("Clusters", CLUSTER_ACTIONS, clusters),
            allow("Machines", MACHINE_ACTIONS, _machines(platform)),
            allow("TryMachines", TRIED_ACTIONS, names.service_arn(platform, "ec2", "*")),
            allow("Profiles", PROFILE_ACTIONS, _profiles(platform)),
            allow("PassClusterRoles", ["iam:PassRole"], roles, StringEquals={"iam:PassedToService": list(PASSED_TO)}),
            allow(
                "AttachAgentPolicies",
                ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
                roles,
                ArnEquals={"iam:PolicyARN": agent_policies(platform)},
            ),
            allow(
                "LinkedClusterRoles",
                ["iam:CreateServiceLinkedRole"],
                f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role/*",
                StringEquals={"iam:AWSServiceName": list(LINKED_ROLES)},
            ),
            allow(
                "ControlPlaneLogs",
                ["logs:AssociateKmsKey", "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy"],
                names.service_arn(platform, "logs", f"log-group:/aws/eks/{name}/*"),
            ),
        ]
    )


def agent_policies(platform: Platform) -> list[str]:
    """Return the ARNs of AWS's policies that the cluster's roles carry."""
    found = {policy for policies in AWS_MANAGED.values() for policy in policies}
    return [managed_policy_arn(platform, policy) for policy in sorted(found)]


def _machines(platform: Platform) -> Sequence[str]:
    kinds = ("launch-template/*", f"placement-group/{names.resource_name(platform, '*')}")
    return [names.service_arn(platform, "ec2", kind) for kind in kinds]


def _profiles(platform: Platform) -> str:
    path = f"instance-profile{names.role_path(platform)}{names.resource_name(platform, '*')}"
    return f"arn:{platform.partition}:iam::{platform.account_id}:{path}"
