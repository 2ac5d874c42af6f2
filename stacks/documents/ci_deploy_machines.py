"""What the deploy role may do for training clusters: file systems, AWS Batch, HyperPod, and what these stand on."""

from __future__ import annotations

from collections.abc import Collection

from stacks import names
from stacks.documents.boundary import role_pattern
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform

BATCH, FILE_SYSTEM, HYPERPOD = "batch", "file_system", "hyperpod"
KINDS = (BATCH, FILE_SYSTEM, HYPERPOD)
# Services whose own roles appear in the account with the first cluster.
LINKED_ROLE_SERVICES = {
    BATCH: ("autoscaling", "batch", "ecs", "spot"),
    FILE_SYSTEM: ("fsx", "s3.data-source.lustre.fsx"),
    HYPERPOD: ("hyperpod.sagemaker",),
}


def machines(platform: Platform, kinds: Collection[str]) -> Document:
    """Return the management of the kinds of cluster that the environment has.

    Raises:
        ValueError: no such kind; the message names those there are.
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise ValueError(f"identity:machine_kinds names {unknown[0]!r}, allowed: {', '.join(KINDS)}")
    made = {BATCH: _batch, FILE_SYSTEM: _file_system, HYPERPOD: _hyperpod}
    services = [f"{service}.amazonaws.com" for kind in KINDS if kind in kinds for service in LINKED_ROLE_SERVICES[kind]]
    linked = f"arn:{platform.partition}:iam::{platform.account_id}:role/aws-service-role/*"
    return document(
        [
            allow(
                "ClusterLinkedRoles",
                ["iam:CreateServiceLinkedRole"],
                linked,
                StringEquals={"iam:AWSServiceName": services},
            ),
            *(statement for kind in KINDS if kind in kinds for statement in made[kind](platform)),
        ]
    )


def _batch(platform: Platform) -> list[Statement]:
    name = names.resource_name(platform, "*")
    kinds = ("compute-environment", "job-definition", "job-queue")
    arns = [names.service_arn(platform, "batch", f"{kind}/{name}") for kind in kinds]
    profiles = f"arn:{platform.partition}:iam::{platform.account_id}:instance-profile{names.role_path(platform)}*"
    passed = {"iam:PassedToService": [f"ec2.{dns_suffix(platform.partition)}", *_PASSED_TO]}
    templates = names.service_arn(platform, "ec2", "launch-template/*")
    groups = names.service_arn(platform, "ec2", f"placement-group/{name}")
    tagged = {"aws:ResourceTag/project": platform.project, "aws:ResourceTag/env": platform.environment}
    return [
        allow("Batch", BATCH_ACTIONS, arns),
        allow("InstanceProfiles", _PROFILE_ACTIONS, profiles),
        allow("PassClusterRoles", ["iam:PassRole"], role_pattern(platform), StringEquals=passed),
        allow("CreateTemplates", ["ec2:CreateLaunchTemplate"], templates),
        allow("ChangeTemplates", _TEMPLATE_CHANGES, templates, StringEquals=tagged),
        allow("PlacementGroups", ["ec2:CreatePlacementGroup", "ec2:DeletePlacementGroup"], groups),
        allow("Pipes", _PIPE_ACTIONS, names.service_arn(platform, "pipes", f"pipe/{name}")),
    ]


def _file_system(platform: Platform) -> list[Statement]:
    arns = [names.service_arn(platform, "fsx", f"{kind}/*") for kind in ("association", "backup", "file-system")]
    tagged = {"aws:ResourceTag/project": platform.project, "aws:ResourceTag/env": platform.environment}
    logs = names.service_arn(platform, "logs", f"log-group:/aws/fsx/{names.resource_name(platform, '*')}")
    # FSx reads the repositories as itself; whoever links them must be able to name them.
    buckets = f"{names.bucket_arn_prefix(platform, platform.environment)}*"
    link = ["s3:GetBucketLocation", "s3:GetBucketNotification", "s3:ListBucket"]
    return [
        allow("CreateFileSystems", ["fsx:CreateDataRepositoryAssociation", "fsx:CreateFileSystem"], arns),
        allow("TagFileSystems", ["fsx:TagResource"], arns),
        allow("ChangeFileSystems", _FILE_SYSTEM_CHANGES, arns, StringEquals=tagged),
        allow("FileSystemLogs", _LOG_ACTIONS, logs),
        allow("LinkRepositories", link, buckets),
    ]


def _hyperpod(platform: Platform) -> list[Statement]:
    clusters = names.service_arn(platform, "sagemaker", "cluster/*")
    scripts = f"{names.bucket_arn_prefix(platform, platform.environment)}*/clusters/*"
    return [
        # Cloud Control carries out each request with the caller's own permissions, those below.
        allow("CloudControl", _CLOUD_CONTROL_ACTIONS, "*"),
        allow("HyperPod", _CLUSTER_ACTIONS, clusters),
        allow("Scripts", ["s3:DeleteObject", "s3:GetObject", "s3:GetObjectTagging", "s3:PutObject"], scripts),
    ]


_PASSED_TO = ("ecs-tasks.amazonaws.com", "pipes.amazonaws.com")
BATCH_ACTIONS = (
    "batch:CreateComputeEnvironment",
    "batch:CreateJobQueue",
    "batch:DeleteComputeEnvironment",
    "batch:DeleteJobQueue",
    "batch:DeregisterJobDefinition",
    "batch:RegisterJobDefinition",
    "batch:TagResource",
    "batch:UntagResource",
    "batch:UpdateComputeEnvironment",
    "batch:UpdateJobQueue",
)
_PROFILE_ACTIONS = (
    "iam:AddRoleToInstanceProfile",
    "iam:CreateInstanceProfile",
    "iam:DeleteInstanceProfile",
    "iam:GetInstanceProfile",
    "iam:RemoveRoleFromInstanceProfile",
    "iam:TagInstanceProfile",
    "iam:UntagInstanceProfile",
)
_TEMPLATE_CHANGES = (
    "ec2:CreateLaunchTemplateVersion",
    "ec2:DeleteLaunchTemplate",
    "ec2:ModifyLaunchTemplate",
    "ec2:RunInstances",
)
_PIPE_ACTIONS = ("pipes:CreatePipe", "pipes:DeletePipe", "pipes:TagResource", "pipes:UntagResource", "pipes:UpdatePipe")
_FILE_SYSTEM_CHANGES = (
    "fsx:DeleteDataRepositoryAssociation",
    "fsx:DeleteFileSystem",
    "fsx:UntagResource",
    "fsx:UpdateDataRepositoryAssociation",
    "fsx:UpdateFileSystem",
)
_LOG_ACTIONS = (
    "logs:AssociateKmsKey",
    "logs:CreateLogGroup",
    "logs:DeleteLogGroup",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
    "logs:UntagResource",
)
_CLOUD_CONTROL_ACTIONS = (
    "cloudformation:CancelResourceRequest",
    "cloudformation:CreateResource",
    "cloudformation:DeleteResource",
    "cloudformation:GetResource",
    "cloudformation:GetResourceRequestStatus",
    "cloudformation:UpdateResource",
)
_CLUSTER_ACTIONS = (
    "sagemaker:AddTags",
    "sagemaker:BatchAddClusterNodes",
    "sagemaker:BatchDeleteClusterNodes",
    "sagemaker:CreateCluster",
    "sagemaker:DeleteCluster",
    "sagemaker:DeleteTags",
    "sagemaker:DescribeCluster",
    "sagemaker:ListTags",
    "sagemaker:UpdateCluster",
    "sagemaker:UpdateClusterSoftware",
)
