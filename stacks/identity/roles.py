"""The arguments of the environment's roles, from its settings."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from stacks import names, shared_registry
from stacks.components.ci_role import CiRoleArgs
from stacks.components.permission_boundary import PermissionBoundaryArgs
from stacks.components.person_role import PersonRoleArgs
from stacks.components.service_role import ServiceRoleArgs
from stacks.documents import (
    boundary,
    ci_deploy,
    ci_deploy_api,
    ci_deploy_balancer,
    ci_deploy_cluster,
    ci_deploy_estate,
    ci_deploy_machines,
    ci_deploy_serving,
    ci_read,
    ci_state,
    given,
    person,
    person_boundary,
    released_models,
    service_roles,
    serving_grants,
    tooling,
)
from stacks.documents.cluster_boundary import cluster_boundary as cluster_limits
from stacks.documents.grant import Grants
from stacks.documents.person_trust import person_trust
from stacks.documents.sagemaker_guard import SageMakerLimits
from stacks.documents.statement import Document, merged
from stacks.documents.trust import ci_trust, entered_trust
from stacks.identity import people
from stacks.identity.settings import IdentitySettings
from stacks.settings import Platform
from stacks.team_files import teams_in


def workload_boundary(platform: Platform, settings: IdentitySettings) -> PermissionBoundaryArgs:
    """Return the boundary of all roles that CI creates and that services assume."""
    return PermissionBoundaryArgs(
        policy_name=names.resource_name(platform, "boundary"),
        path=names.role_path(platform),
        description="The most that a workload role of the environment can do",
        limits=boundary.workload_boundary(platform, settings.allowed_regions, _limits(settings)),
    )


def ci_boundary(platform: Platform, settings: IdentitySettings) -> PermissionBoundaryArgs:
    """Return the boundary of the CI roles, which they cannot change."""
    return PermissionBoundaryArgs(
        policy_name=names.resource_name(platform, "ci-boundary"),
        path=names.role_path(platform),
        description="The most that CI can do in the environment",
        limits=boundary.ci_boundary(
            platform, settings.allowed_regions, _limits(settings), cluster=bool(settings.cluster_instance_types)
        ),
    )


def cluster_boundary(platform: Platform, settings: IdentitySettings) -> PermissionBoundaryArgs:
    """Return the boundary of the roles that run the Kubernetes cluster and its machines."""
    return PermissionBoundaryArgs(
        policy_name=names.resource_name(platform, "cluster-boundary"),
        path=names.role_path(platform),
        description="The most that a role of the Kubernetes cluster can do",
        limits=cluster_limits(platform, settings.allowed_regions, settings.cluster_instance_types),
    )


def ci_preview(platform: Platform, settings: IdentitySettings, boundary_arn: pulumi.Input[str]) -> CiRoleArgs:
    """Return the role of pull requests: it compares, and changes nothing."""
    return CiRoleArgs(
        role_name=names.resource_name(platform, "ci-preview"),
        path=names.role_path(platform),
        description="CI jobs that preview",
        trust=_trust(platform, settings, "preview"),
        permissions={
            "read": merged(ci_read.read_configuration(platform), ci_state.read_state(platform)),
            **({"api": ci_deploy_api.reading(platform)} if settings.serves_api else {}),
            **({"images": released_models.finding_image(platform)} if "multi_model" in settings.serving_modes else {}),
            **({"balancer": ci_deploy_balancer.reading(platform)} if settings.serves_balancer else {}),
            **({"tooling": tooling.finding(platform)} if platform.tooling_account_id else {}),
        },
        boundary_arn=boundary_arn,
    )


def ci_deployment(platform: Platform, settings: IdentitySettings, boundary_arn: pulumi.Input[str]) -> CiRoleArgs:
    """Return the role of the environment's deployment job."""
    return CiRoleArgs(
        role_name=names.resource_name(platform, "ci-deploy"),
        path=names.role_path(platform),
        description="CI jobs that deploy",
        trust=_trust(platform, settings, "deploy"),
        permissions={
            "read": merged(
                ci_read.read_configuration(platform), ci_state.write_state(platform), *_given(platform, settings)
            ),
            **ci_deploy.by_part(platform, cluster=bool(settings.cluster_instance_types)),
            **({"cluster": ci_deploy_cluster.cluster(platform)} if settings.cluster_instance_types else {}),
            **ci_deploy_serving.by_part(platform, settings.serving_modes),
            **({"estate": ci_deploy_estate.estate(platform, settings.deploy_parts)} if settings.deploy_parts else {}),
            **_machines(platform, settings),
            **({"api": ci_deploy_api.api(platform)} if settings.serves_api else {}),
            **({"balancer": ci_deploy_balancer.balancer(platform)} if settings.serves_balancer else {}),
            **({"tooling": tooling.delivery(platform)} if platform.tooling_account_id else {}),
        },
        boundary_arn=boundary_arn,
    )


def service_role(
    platform: Platform, settings: IdentitySettings, role: str, boundary_arn: pulumi.Input[str]
) -> ServiceRoleArgs:
    """Return one of the service roles.

    Raises:
        ValueError: no such role; the message names those there are.
    """
    if role not in service_roles.ROLES:
        raise ValueError(f"identity:service_roles names {role!r}, allowed: {', '.join(service_roles.ROLES)}")
    row = service_roles.ROLES[role]
    grants = _grants(platform, settings)
    return ServiceRoleArgs(
        role_name=names.resource_name(platform, role.replace("_", "-")),
        path=names.role_path(platform),
        description=row.purpose,
        trust=service_roles.role_trust(platform, role),
        permissions=_permissions(grants, settings, role),
        boundary_arn=boundary_arn,
    )


def people_boundary(platform: Platform, settings: IdentitySettings) -> PermissionBoundaryArgs:
    """Return the boundary of people's roles."""
    return PermissionBoundaryArgs(
        policy_name=names.resource_name(platform, "people-boundary"),
        path=names.people_path(platform),
        description="The most that people can do in the environment",
        limits=person_boundary.person_boundary(platform, settings.allowed_regions, _limits(settings)),
    )


def person_role(
    platform: Platform, settings: IdentitySettings, name: str, boundary_arn: pulumi.Input[str]
) -> PersonRoleArgs:
    """Return the role of one kind of person.

    Raises:
        ValueError: there is nobody of that name; the message names who there is.
    """
    row = people.table().named(name)
    scope = person.PersonScope(grants=_grants(platform, settings), teams=_teams(settings))
    documents = person.policies(row, scope)
    return PersonRoleArgs(
        role_name=names.resource_name(platform, name),
        path=names.people_path(platform),
        description=row.title,
        trust=person_trust(platform, settings.people_sign_in, row.permission_set, _teams(settings)),
        permissions={str(number): each for number, each in enumerate(documents, 1)},
        boundary_arn=boundary_arn,
        max_session_seconds=row.max_session_seconds,
    )


def break_glass_boundary(platform: Platform, settings: IdentitySettings) -> PermissionBoundaryArgs:
    """Return the boundary of the break-glass role, which opens and closes it."""
    return PermissionBoundaryArgs(
        policy_name=names.resource_name(platform, "break-glass-boundary"),
        path=names.people_path(platform),
        description="The most that can be done in an emergency, while it lasts",
        limits=person_boundary.break_glass_boundary(
            platform, settings.allowed_regions, _limits(settings), settings.break_glass_window
        ),
    )


def break_glass(
    platform: Platform,
    settings: IdentitySettings,
    deployment: Mapping[str, pulumi.Input[str]],
    boundary_arn: pulumi.Input[str],
) -> PersonRoleArgs:
    """Return the role for emergencies: the policies of `deployment` by hand, and the repairs that CI may not make."""
    window = settings.break_glass_window
    return PersonRoleArgs(
        role_name=names.resource_name(platform, person_boundary.BREAK_GLASS),
        path=names.people_path(platform),
        description="Emergencies",
        trust=person_trust(platform, settings.people_sign_in, "BreakGlass", window=window),
        permissions={"repairs": person_boundary.repairs(platform)},
        policy_arns=deployment,
        boundary_arn=boundary_arn,
        max_session_seconds=3600,
    )


def _teams(settings: IdentitySettings) -> list[str]:
    return [*settings.teams, *(team.name for team in teams_in(settings.teams_folder))]


def _grants(platform: Platform, settings: IdentitySettings) -> Grants:
    return Grants(
        platform=platform,
        buckets=settings.buckets,
        key_classes=settings.key_classes,
        requests_training=settings.requests_training,
        given_raw_bucket=settings.existing_raw_bucket,
    )


def _given(platform: Platform, settings: IdentitySettings) -> list[Document]:
    return [given.aliases_of_key(platform, settings.existing_key_arn)] if settings.existing_key_arn else []


def _machines(platform: Platform, settings: IdentitySettings) -> dict[str, Document]:
    kinds = settings.machine_kinds
    return {"machines": ci_deploy_machines.machines(platform, kinds)} if kinds else {}


def _permissions(grants: Grants, settings: IdentitySettings, role: str) -> Document:
    own = service_roles.ROLES[role].permissions(grants, settings.feature_store_online)
    return merged(own, serving_grants.of_modes(grants, settings.serving_modes)) if role == "endpoint" else own


def _limits(settings: IdentitySettings) -> SageMakerLimits:
    return SageMakerLimits(
        training_instance_types=settings.training_instance_types,
        endpoint_instance_types=settings.endpoint_instance_types,
        require_network_isolation=settings.require_network_isolation,
        require_intercontainer_encryption=settings.require_intercontainer_encryption,
        max_job_runtime_seconds=settings.max_job_runtime_seconds,
        serverless="serverless" in settings.serving_modes,
    )


def _trust(platform: Platform, settings: IdentitySettings, purpose: str) -> Document:
    admin = settings.bootstrap_admin_role_arn
    if platform.tooling_account_id and settings.ci_issuer_url:
        return entered_trust(shared_registry.entry_role_arn(platform, purpose), admin)
    subjects = {"preview": settings.ci_preview_subjects, "deploy": settings.ci_deploy_subjects}[purpose]
    return ci_trust(platform, settings.ci_issuer_url, settings.ci_audience, subjects, admin)
