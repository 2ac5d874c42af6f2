"""Names and ARNs that several programs must agree on, computed so that no program waits for another."""

from __future__ import annotations

import hashlib

from stacks.settings import Platform

MAX_BUCKET_NAME_LENGTH = 63
TRAINING_REQUESTS = "training-requests"
"""The queue in which the pipeline asks a cluster for training; the training program makes it."""


def resource_name(platform: Platform, component: str) -> str:
    """Return `<project>-<environment>-<component>`."""
    return f"{platform.project}-{platform.environment}-{component}"


def balancer_name(platform: Platform, component: str) -> str:
    """Return a name of at most 32 characters, which is all that load balancers and target groups take.

    It begins with the project's first twelve characters; a digest keeps projects apart that begin alike.
    """
    digest = hashlib.sha256(resource_name(platform, "").encode()).hexdigest()[:6]
    return f"{platform.project[:12].strip('-')}-{platform.environment}-{digest}-{component}"


def bucket_name(platform: Platform, purpose: str) -> str:
    """Return `<project>-<environment>-<purpose>-<account id>`: bucket names are global.

    Raises:
        ValueError: longer than S3's limit of 63 characters.
    """
    name = f"{resource_name(platform, purpose)}-{platform.account_id}"
    if len(name) > MAX_BUCKET_NAME_LENGTH:
        raise ValueError(f"bucket name {name!r} has {len(name)} characters, S3 allows {MAX_BUCKET_NAME_LENGTH}")
    return name


def bucket_arn(platform: Platform, purpose: str) -> str:
    """Return the ARN of the bucket that `bucket_name` names."""
    return f"arn:{platform.partition}:s3:::{bucket_name(platform, purpose)}"


def bucket_arn_prefix(platform: Platform, environment: str, purpose: str = "") -> str:
    """Return how the ARNs of an environment's buckets begin, all of them or those of one purpose."""
    return f"arn:{platform.partition}:s3:::{platform.project}-{environment}-{purpose}"


def role_path(platform: Platform) -> str:
    """Return the IAM path of all roles of the environment; pass-role and the boundary are pinned to it."""
    return f"/mlops/{platform.environment}/"


def role_arn(platform: Platform, component: str) -> str:
    """Return the ARN of the role `<project>-<environment>-<component>`."""
    name = resource_name(platform, component)
    return f"arn:{platform.partition}:iam::{platform.account_id}:role{role_path(platform)}{name}"


def people_path(platform: Platform) -> str:
    """Return the IAM path of people's roles, policies and boundaries: CI changes nothing below it."""
    return f"{role_path(platform)}people/"


def person_arn(platform: Platform, person: str) -> str:
    """Return the ARN of a person's role."""
    name = resource_name(platform, person)
    return f"arn:{platform.partition}:iam::{platform.account_id}:role{people_path(platform)}{name}"


def people_policy_arn(platform: Platform, component: str) -> str:
    """Return the ARN of a managed policy of people's, or of one of their boundaries."""
    name = resource_name(platform, component)
    return f"arn:{platform.partition}:iam::{platform.account_id}:policy{people_path(platform)}{name}"


def boundary_arn(platform: Platform) -> str:
    """Return the ARN of the permission boundary that every role of the environment carries."""
    name = resource_name(platform, "boundary")
    return f"arn:{platform.partition}:iam::{platform.account_id}:policy{role_path(platform)}{name}"


def cluster_boundary_arn(platform: Platform) -> str:
    """Return the ARN of the boundary of the roles that run a Kubernetes cluster and its nodes."""
    return policy_arn(platform, "cluster-boundary")


def cluster_name(platform: Platform) -> str:
    """Return the name of the environment's Kubernetes cluster."""
    return resource_name(platform, "cluster")


def key_alias(platform: Platform, data_class: str) -> str:
    """Return the KMS alias of the key that encrypts `data_class`."""
    return f"alias/{resource_name(platform, data_class)}"


def service_arn(platform: Platform, service: str, suffix: str) -> str:
    """Return `arn:<partition>:<service>:<region>:<account>:<suffix>`."""
    return f"arn:{platform.partition}:{service}:{platform.region}:{platform.account_id}:{suffix}"


def policy_arn(platform: Platform, component: str) -> str:
    """Return the ARN of the managed policy `<project>-<environment>-<component>`."""
    name = resource_name(platform, component)
    return f"arn:{platform.partition}:iam::{platform.account_id}:policy{role_path(platform)}{name}"


def account_root_arn(platform: Platform) -> str:
    """Return the principal that stands for the whole account: its IAM policies then decide."""
    return f"arn:{platform.partition}:iam::{platform.account_id}:root"


def identity_provider_arn(platform: Platform, issuer_url: str) -> str:
    """Return the ARN of the OIDC provider that the account program creates for `issuer_url`."""
    host = issuer_url.removeprefix("https://")
    return f"arn:{platform.partition}:iam::{platform.account_id}:oidc-provider/{host}"


def database_name(platform: Platform) -> str:
    """Return the Glue database of the environment; Athena wants lower case and underscores."""
    return resource_name(platform, "lake").replace("-", "_").lower()


def log_group_name(platform: Platform, component: str) -> str:
    """Return `/<project>/<environment>/<component>`; delivery roles are pinned to the prefix."""
    return f"/{platform.project}/{platform.environment}/{component}"
