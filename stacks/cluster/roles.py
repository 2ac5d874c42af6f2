"""The roles of the cluster program: control plane, add-ons, pods of the teams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pulumi

from stacks import names
from stacks.cluster.settings import ClusterSettings
from stacks.components.cluster_role import ClusterRole, ClusterRoleArgs
from stacks.components.pod_identity import PodIdentityArgs
from stacks.documents import pod_roles, team_roles
from stacks.documents.cluster_roles import (
    AWS_MANAGED,
    PURPOSES,
    SERVING_ACCOUNT,
    TRAINING_ACCOUNT,
    cluster_key_use,
    cluster_trust,
    pod_trust,
    volume_key_use,
)
from stacks.documents.grant import Grants
from stacks.settings import Platform
from stacks.teams import Team

POD_ROLES = {
    "training": ("Training pods of a team", pod_roles.training_pod),
    "serving": ("Model servers in the cluster", pod_roles.serving_pod),
    "pipeline": ("Training of the pipeline", pod_roles.pipeline_pod),
    "requests": ("Requests of the pipeline become jobs", pod_roles.requests_pod),
}
TEAM_POD_ROLES = {
    TRAINING_ACCOUNT: ("Training pods of the team", team_roles.training_pod),
    SERVING_ACCOUNT: ("Model servers of the team", team_roles.serving_pod),
}


def agents(
    platform: Platform, key_arn: pulumi.Output[str], opts: pulumi.ResourceOptions
) -> dict[str, pulumi.Output[str]]:
    """Return the ARNs of the roles of control plane and add-ons, by role."""
    beside = {"cluster": key_arn.apply(cluster_key_use), "cluster-volumes": key_arn.apply(volume_key_use)}
    return {
        role: ClusterRole(
            role,
            ClusterRoleArgs(
                platform=platform,
                description=PURPOSES[role],
                trust=cluster_trust(platform) if role == "cluster" else pod_trust(platform),
                managed_policies=AWS_MANAGED[role],
                permissions=beside.get(role),
            ),
            opts,
        ).arn
        for role in ("cluster", "cluster-network", "cluster-volumes", "cluster-observe")
    }


def pod(
    platform: Platform, settings: ClusterSettings, identity: Mapping[str, str], cluster_name: pulumi.Output[str]
) -> PodIdentityArgs:
    """Return the identity of one service account.

    Raises:
        ValueError: no such role; the message names those there are.
    """
    role = identity["role"]
    if role not in POD_ROLES:
        raise ValueError(f"cluster:pod_identities names the role {role!r}, allowed: {', '.join(POD_ROLES)}")
    purpose, permissions = POD_ROLES[role]
    grants = Grants(platform=platform, buckets=settings.buckets, key_classes=settings.key_classes)
    return PodIdentityArgs(
        platform=platform,
        cluster_name=cluster_name,
        namespace=identity["namespace"],
        service_account=identity["service_account"],
        description=f"{purpose}: {identity['namespace']}",
        permissions=permissions(grants),
        boundary_arn=names.boundary_arn(platform),
    )


def team_pods(
    platform: Platform, settings: ClusterSettings, teams: Sequence[Team], cluster_name: pulumi.Output[str]
) -> Iterator[PodIdentityArgs]:
    """Yield the identities of each team's pods: of those that train and of those that serve."""
    grants = Grants(platform=platform, buckets=settings.buckets, key_classes=settings.key_classes)
    for team in teams:
        for service_account, (purpose, permissions) in TEAM_POD_ROLES.items():
            yield PodIdentityArgs(
                platform=platform,
                cluster_name=cluster_name,
                namespace=team.name,
                service_account=service_account,
                description=f"{purpose} {team.name}",
                permissions=permissions(grants, team.name),
                boundary_arn=names.boundary_arn(platform),
                own_namespace=True,
                tags={"team": team.name},
            )
