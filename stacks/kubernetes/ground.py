"""The provider of the cluster, and what is computed from settings and upstream programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from stacks import efa
from stacks.components.operator_chart import SYSTEM_MACHINES
from stacks.documents.kubeconfig import kubeconfig
from stacks.kubernetes.settings import KubernetesSettings
from stacks.settings import Platform
from stacks.teams import Team
from stacks.upstream import Upstream

CONTROLLER_SIZE = {"cpu": "1", "memory": "1Gi"}
KEDA_SIZE = {"cpu": "200m", "memory": "512Mi"}


def options(platform: Platform, cluster: Upstream) -> pulumi.ResourceOptions:
    """Return the options of every top-level resource and component: the one provider of this cluster."""
    facts = pulumi.Output.all(
        name=cluster.require("cluster_name"),
        endpoint=cluster.require("cluster_endpoint"),
        authority=cluster.require("cluster_certificate_authority"),
    )
    config = facts.apply(
        lambda found: kubeconfig(found["name"], found["endpoint"], found["authority"], platform.region)
    )
    return pulumi.ResourceOptions(provider=kubernetes.Provider("kubernetes", kubeconfig=config))


def team_rows(teams: Sequence[Team], environment: str) -> list[dict[str, Any]]:
    """Return teams of team files as `kubernetes:teams` names them, with their GPUs in `environment`."""
    return [{"name": team.name, "gpus": team.gpus.get(environment, 0), "borrowing": team.borrowing} for team in teams]


def borrowers(teams: Sequence[Mapping[str, Any]], *, borrowing: bool) -> list[str]:
    """Return the names of the teams that may use what others leave idle; none without `borrowing`."""
    return [str(team["name"]) for team in teams if borrowing and team.get("borrowing", True)]


def machines(settings: KubernetesSettings) -> list[Mapping[str, Any]]:
    """Return the machines that train, those that stay and those that come, with their EFA interfaces."""
    rows = [row for row in (*settings.kept, *settings.pools) if not row.get("serves")]
    trains = [row for row in rows if row.get("gpus")] or rows
    return [{**row, "efa_interfaces": efa.interfaces(row["instance_type"]) if row.get("efa") else 0} for row in trains]


def planned_nodes(pools: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what the estimate of costs reads: pools with their most machines and busy hours."""
    keys = ("name", "instance_type", "most_nodes", "spot", "busy_hours_per_month")
    reserved = [{"reserved": True} if row.get("reservation_id") else {} for row in pools]
    stands = [{"least_nodes": row["least_nodes"]} if "least_nodes" in row else {} for row in pools]
    found = zip(pools, reserved, stands, strict=True)
    return [{key: row.get(key, 0) for key in keys} | paid | least for row, paid, least in found]


def karpenter_values(cluster: Upstream, pools: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values of Karpenter's chart: it runs beside the other controllers, and asks no price list."""
    reserved = any(row.get("reservation_id") for row in pools)
    return {
        "replicas": 2,
        "nodeSelector": SYSTEM_MACHINES,
        "serviceAccount": {"name": "karpenter"},
        "controller": {"resources": {"requests": CONTROLLER_SIZE, "limits": CONTROLLER_SIZE}},
        "settings": {
            "clusterName": cluster.require("cluster_name"),
            "clusterEndpoint": cluster.require("cluster_endpoint"),
            "interruptionQueue": cluster.require("karpenter_queue_name"),
            "eksControlPlane": True,
            "isolatedVPC": True,
            **({"featureGates": {"reservedCapacity": True}} if reserved else {}),
        },
    }


def balancer_values(platform: Platform, cluster: Upstream, foundation: Upstream) -> dict[str, Any]:
    """Return the values of the load balancer controller's chart: it binds pods to target groups, and makes nothing."""
    return {
        "clusterName": cluster.require("cluster_name"),
        "region": platform.region,
        "vpcId": foundation.require("vpc_id"),
        "replicaCount": 2,
        "nodeSelector": SYSTEM_MACHINES,
        "serviceAccount": {"create": True, "name": "aws-load-balancer-controller"},
        "resources": {"requests": KEDA_SIZE, "limits": KEDA_SIZE},
        "createIngressClassResource": False,
        "ingressClassParams": {"create": False},
        "enableServiceMutatorWebhook": False,
        "enableBackendSecurityGroup": False,
        "enableShield": False,
        "enableWaf": False,
        "enableWafv2": False,
        "controllerConfig": {
            "featureGates": {"EnableServiceController": False, "NLBGatewayAPI": False, "ALBGatewayAPI": False}
        },
    }


def keda_values() -> dict[str, Any]:
    """Return the values of KEDA's chart: its controllers run beside the others, twice where one of them leads."""
    size = {"requests": KEDA_SIZE, "limits": KEDA_SIZE}
    return {
        "nodeSelector": SYSTEM_MACHINES,
        "operator": {"replicaCount": 2},
        "metricsServer": {"replicaCount": 2},
        "resources": {"operator": size, "metricServer": size, "webhooks": size},
    }


def security_groups(row: Mapping[str, Any], cluster: Upstream) -> list[pulumi.Output[str]]:
    """Return the groups of a pool's machines: the cluster's, and that of EFA where they talk over it."""
    groups = [cluster.require("cluster_security_group_id")]
    return [*groups, cluster.require("efa_security_group_id")] if row.get("efa") else groups


def labels(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the labels of the machines that train."""
    return {"purpose": "gpu" if any(row.get("gpus") for row in rows) else "general"}
