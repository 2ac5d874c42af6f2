"""What stands in the tooling account for all environments, named so that no program waits for another's state.

The state of a program lies in the account that it is deployed to, so an environment cannot read the exports of the
tooling program: it computes names and ARNs, and asks KMS for the one thing that nobody chooses, the id of the key.
"""

from __future__ import annotations

import dataclasses

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform

SHARED = "shared"
MODELS = "models"
IMAGES = "images"
# Roles of an environment that run containers or register what they left; each exists where the answers ask for it.
PODS = ("pipeline-pipeline", "training-pipeline")
"""Roles of the pipeline's pods in a Kubernetes cluster, by namespace and service account; its machines pull images."""
SERVER = "language-server"
"""Role of what serves a language model in a Kubernetes cluster."""
READERS = (
    *("training", "processing", "pipeline", "endpoint", "monitor", "cluster-job", "hyperpod", "node"),
    *PODS,
    SERVER,
)
WRITERS = ("training", "processing", "pipeline", "cluster-job", "hyperpod", *PODS)


def tooling(platform: Platform) -> Platform | None:
    """Return the platform of the tooling account as an environment's programs see it; None where there is none."""
    if not platform.tooling_account_id:
        return None
    return dataclasses.replace(platform, environment=SHARED, account_id=platform.tooling_account_id)


def environment(shared: Platform, name: str, account_id: str) -> Platform:
    """Return the platform of an environment as the tooling program sees it."""
    return dataclasses.replace(shared, environment=name, account_id=account_id)


def group_arn(shared: Platform, group: str) -> str:
    """Return the ARN of the registry group that all environments register in."""
    return names.service_arn(shared, "sagemaker", f"model-package-group/{names.resource_name(shared, group)}")


def repository_url(shared: Platform) -> str:
    """Return the address of the image repository, without a tag."""
    host = f"{shared.account_id}.dkr.ecr.{shared.region}.{dns_suffix(shared.partition)}"
    return f"{host}/{names.resource_name(shared, IMAGES)}"


def entry_role_arn(platform: Platform, purpose: str) -> str:
    """Return the ARN of the role in the tooling account from which CI enters an environment.

    `purpose` is `preview` or `deploy`.
    """
    shared = tooling(platform)
    if shared is None:
        raise ValueError("platform:tooling_account_id is empty: CI enters the environment itself")
    return names.role_arn(shared, f"{platform.environment}-{purpose}")


def models_folder(platform: Platform) -> str:
    """Return the prefix of an environment's models in the shared bucket, below which no other environment writes."""
    return f"{MODELS}/{platform.environment}"


def models_key_arn(shared: Platform, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Return the ARN of the key of the shared bucket, which its alias leads to across accounts.

    Source: AWS KMS API Reference, DescribeKey, "Cross-account use: Yes", by key ARN or alias ARN; read 2026-11-25.
    """
    alias = names.service_arn(shared, "kms", names.key_alias(shared, MODELS))
    found = aws.kms.get_key_output(key_id=alias, opts=pulumi.InvokeOutputOptions(provider=opts.provider))
    return found.arn


def dns_suffix(partition: str) -> str:
    """Return the domain of a partition's registries."""
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
