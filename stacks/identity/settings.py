"""Settings of the identity program; config namespace `identity`.

Exports: `boundary_arn`, `ci_preview_role_arn`, `ci_deploy_role_arn` and `<role>_role_arn` for each of
`service_roles` (`training_role_arn`, `processing_role_arn`, ...).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class IdentitySettings:
    """Who may act in the environment, and within which limits."""

    ci_issuer_url: str
    """Issuer of the CI system's tokens, with scheme; the account program creates its provider. Empty: no CI."""

    ci_audience: str
    """Audience claim of the CI system's tokens."""

    ci_preview_subjects: list[str]
    """Exact `sub` claims that may preview: `repo:ORG/REPO:pull_request`."""

    ci_deploy_subjects: list[str]
    """Exact `sub` claims that may deploy: `repo:ORG/REPO:environment:prod`."""

    bootstrap_admin_role_arn: str
    """Human role that may assume the deploying roles for the first deployment, or always without CI; else empty."""

    service_roles: list[str]
    """Service roles to create, of: training, processing, pipeline, endpoint, monitor, scheduler."""

    training_instance_types: list[str]
    """SageMaker instance types that training and processing jobs may use."""

    endpoint_instance_types: list[str]
    """SageMaker instance types that endpoints and transform jobs may use; empty: none may be created."""

    allowed_regions: list[str]
    """Regions in which the environment's roles may act, its own included."""

    require_network_isolation: bool
    """Jobs and models must run without network access of their own."""

    require_intercontainer_encryption: bool
    """Jobs on several instances must encrypt the traffic between them."""

    max_job_runtime_seconds: int
    """Longest run time that a training, tuning or processing job may ask for."""

    buckets: list[str]
    """Purposes with a bucket of their own, as in `data:buckets`."""

    key_classes: list[str]
    """Data classes with a key of their own, as in `foundation:key_classes`."""

    feature_store_online: bool
    """Endpoint and pipeline roles may read, processing may write, the online feature store."""
