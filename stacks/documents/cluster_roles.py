"""Roles that run a Kubernetes cluster: control plane, nodes, AWS's own agents, Karpenter, and pods of the teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform

# Managed policies that AWS keeps in step with its own agents, by role. The roles' boundary limits them.
# https://docs.aws.amazon.com/eks/latest/userguide/security-iam-awsmanpol.html, read 2026-11-23
AWS_MANAGED: Mapping[str, Sequence[str]] = {
    "cluster": ("AmazonEKSClusterPolicy",),
    "node": ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"),
    "cluster-network": ("AmazonEKS_CNI_Policy",),
    "cluster-volumes": ("service-role/AmazonEBSCSIDriverPolicy",),
    "cluster-observe": ("CloudWatchAgentServerPolicy", "AWSXrayWriteOnlyAccess"),
}
TRAINING_ACCOUNT, SERVING_ACCOUNT = "training", "serving"
"""Service accounts of a team of a shared platform, each with a role of its own."""

PURPOSES: Mapping[str, str] = {
    "cluster": "The control plane of the Kubernetes cluster",
    "node": "Machines of the Kubernetes cluster",
    "cluster-network": "The add-on that gives pods their addresses",
    "cluster-volumes": "The add-on that makes volumes for pods",
    "cluster-observe": "The add-on that sends metrics and logs of the cluster",
    "karpenter": "Karpenter, which starts and stops machines",
}


def managed_policy_arn(platform: Platform, policy: str) -> str:
    """Return the ARN of a policy that AWS manages."""
    return f"arn:{platform.partition}:iam::aws:policy/{policy}"


def cluster_trust(platform: Platform) -> Document:
    """Return the trust of the control plane's role: EKS, for this account's cluster."""
    source = names.service_arn(platform, "eks", f"cluster/{names.cluster_name(platform)}")
    return document(
        [
            {
                "Sid": "AssumedByControlPlane",
                "Effect": "Allow",
                "Principal": {"Service": "eks.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": platform.account_id},
                    "ArnLike": {"aws:SourceArn": source},
                },
            }
        ]
    )


def node_trust(platform: Platform) -> Document:
    """Return the trust of the nodes' role: EC2, which sends no source of the request."""
    return document(
        [
            {
                "Sid": "AssumedByMachines",
                "Effect": "Allow",
                "Principal": {"Service": f"ec2.{dns_suffix(platform.partition)}"},
                "Action": "sts:AssumeRole",
            }
        ]
    )


def pod_trust(platform: Platform, namespace: str = "") -> Document:
    """Return the trust of a pod's role: EKS Pod Identity, for pods of this environment's cluster only.

    With `namespace` only for pods in it, whatever an association says.

    Source: Amazon EKS User Guide, "Create IAM role with trust policy required by EKS Pod Identity".
    """
    cluster = names.service_arn(platform, "eks", f"cluster/{names.cluster_name(platform)}")
    return document(
        [
            {
                "Sid": "AssumedByPods",
                "Effect": "Allow",
                "Principal": {"Service": "pods.eks.amazonaws.com"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Condition": {
                    "StringEquals": {
                        "aws:SourceAccount": platform.account_id,
                        "aws:RequestTag/eks-cluster-arn": cluster,
                        **({"aws:RequestTag/kubernetes-namespace": namespace} if namespace else {}),
                    }
                },
            }
        ]
    )


def cluster_key_use(key_arn: str) -> Document:
    """Return what the control plane does with the key of the cluster's secrets."""
    return document([allow("Secrets", ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"], key_arn)])


def volume_key_use(key_arn: str) -> Document:
    """Return what the volume add-on does with the key of the pods' volumes."""
    use = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext"]
    return document(
        [
            allow("Volumes", [*use, "kms:ReEncryptFrom", "kms:ReEncryptTo"], key_arn),
            allow("GrantToVolumes", ["kms:CreateGrant"], key_arn, Bool={"kms:GrantIsForAWSResource": "true"}),
        ]
    )


def cluster_key_policy(platform: Platform) -> list[Statement]:
    """Return the statements for those who use the cluster's key without a service between: its own role, EC2.

    Auto Scaling starts the machines of a node group and encrypts their volumes under its service-linked role,
    which no policy of ours can name before it exists: the condition does.
    Source: Amazon EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes".
    """
    root = {"AWS": names.account_root_arn(platform)}
    linked = "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    starter = f"arn:{platform.partition}:iam::{platform.account_id}:{linked}"
    caller = {"kms:CallerAccount": platform.account_id}
    use = [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
    ]
    agents = [names.role_arn(platform, role) for role in ("cluster", "cluster-volumes", "karpenter")]
    return [
        {
            "Sid": "ClusterAgents",
            "Effect": "Allow",
            "Principal": root,
            "Action": [*use, "kms:ListGrants", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": agents}, "StringEquals": caller},
        },
        {
            "Sid": "StartMachines",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": [*use, "kms:ReEncryptFrom", "kms:ReEncryptTo"],
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": starter}, "StringEquals": caller},
        },
        {
            "Sid": "GrantToMachines",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {
                "ArnEquals": {"aws:PrincipalArn": starter},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": caller,
            },
        },
    ]
