"""The key of a Kubernetes cluster: its secrets, its machines' disks, its logs, its queue."""

from __future__ import annotations

import pulumi

from stacks import names
from stacks.components.encryption_key import EncryptionKey, EncryptionKeyArgs
from stacks.documents.cluster_roles import cluster_key_policy
from stacks.documents.key import administration, log_groups, publishers, use_through
from stacks.documents.statement import document
from stacks.settings import Platform


def cluster_key(platform: Platform, deletion_window_days: int, opts: pulumi.ResourceOptions) -> EncryptionKey:
    """Return the cluster's key; apart from the data's keys, because machines use it in their own name."""
    policy = document(
        [
            administration(platform),
            *use_through(platform, ("ec2", "ecr", "eks", "sqs")),
            *cluster_key_policy(platform),
            log_groups(platform),
            publishers(platform),
        ]
    )
    return EncryptionKey(
        "cluster",
        EncryptionKeyArgs(
            alias=names.key_alias(platform, "cluster"),
            description=f"{platform.project} {platform.environment}: Kubernetes cluster",
            policy=policy,
            deletion_window_days=deletion_window_days,
        ),
        opts,
    )
