"""The configuration keys of the cluster program, from what was decided."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan import brought, exposure, platform_teams
from modelkeel.plan.topics import Topics
from modelkeel.tables.region import regions

KEY_DELETION_DAYS = 30
SERVICE_ACCOUNT = "training"
ONE_TEAM = "training"


def namespaces(answers: Answers) -> list[str]:
    """Return the namespaces of the teams, or that of the only team; Kubernetes takes no underscores."""
    return [name.replace("_", "-") for name in answers.teams] or [ONE_TEAM]


def kept(answers: Answers, topics: Topics, environment: str) -> bool:
    """Tell whether machines with GPUs stay there: they are bought for production, and nowhere else left running."""
    return topics.cluster.kept and environment == answers.environments[-1]


def mirrors(topics: Topics, environment: str) -> bool:
    """Tell whether the charts' images are copied: without a way out nobody could pull them."""
    return topics.cluster.karpenter and topics.network.egress[environment] == "none"


def balancer_targets(answers: Answers, topics: Topics, environment: str) -> dict[str, bool]:
    """Return the key of the controller that registers servers as targets; nothing where no balancer reaches any."""
    serves = topics.modes.of(environment).servers is not None
    return {"balancer_targets": True} if serves and exposure.is_balanced(answers, topics, environment) else {}


def registry(answers: Answers, environment: str) -> str:
    """Return the registry of the copies, below which each image keeps its path."""
    suffix = "amazonaws.com.cn" if regions()[answers.region].partition == "aws-cn" else "amazonaws.com"
    host = f"{answers.account_ids[environment]}.dkr.ecr.{answers.region}.{suffix}"
    return f"{host}/{answers.project_name}-{environment}-mirror"


def cluster(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of the cluster program; only production is guarded against deletion."""
    chosen, storage = topics.cluster, topics.storage
    settings: dict[str, Any] = {
        "kubernetes_version": chosen.version,
        "api_public_cidrs": [],
        "api_private_cidrs": [topics.network.blocks[environment].vpc_cidr],
        "admin_role_arns": _administrators(answers, environment),
        "deletion_protection": environment == answers.environments[-1],
        "log_retention_days": topics.regime.log_group_days,
        "key_deletion_window_days": KEY_DELETION_DAYS,
        "system_instance_type": chosen.system_instance_type,
        "system_nodes": chosen.system_nodes[environment],
        "karpenter": chosen.karpenter,
        "placement_group": chosen.karpenter and chosen.efa and not chosen.kept,
        "mirror_images": mirrors(topics, environment),
        "pod_identities": [] if platform_teams.on_platform(answers) else _pods(answers),
        **platform_teams.settings(answers),
        "buckets": brought.buckets(answers, storage.buckets, environment),
        "key_classes": [*storage.key_classes, *topics.backup.key_classes(environment)],
    }
    if settings["mirror_images"] and topics.modes.servers is not None:
        settings["mirror_servers"] = True
    settings |= balancer_targets(answers, topics, environment)
    if kept(answers, topics, environment):
        settings["gpu_node_groups"] = [_kept(answers, topics, environment)]
    return settings


def _pods(answers: Answers) -> list[dict[str, str]]:
    account = {"service_account": SERVICE_ACCOUNT, "role": "training"}
    return [{"namespace": name, **account} for name in namespaces(answers)]


def _kept(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    chosen = topics.cluster
    most = chosen.gpu_nodes[environment]
    reserved = chosen.purchase in {"capacity_block", "reservation"}
    row: dict[str, Any] = {
        "name": "gpu",
        "instance_type": chosen.gpu_instance_type,
        "min_size": 0,
        # A block of capacity is empty until its first hour: the group grows when it begins.
        "desired_size": 0 if chosen.purchase == "capacity_block" else most,
        "max_size": most,
        "efa": chosen.efa,
        "purchase": chosen.purchase,
    }
    return row | ({"reservation_id": answers.capacity_reservation_id} if reserved else {})


def _administrators(answers: Answers, environment: str) -> list[str]:
    account = f"arn:{regions()[answers.region].partition}:iam::{answers.account_ids[environment]}:role"
    deploying = f"{account}/mlops/{environment}/{answers.project_name}-{environment}-ci-deploy"
    return [deploying, *([f"{account}/{answers.admin_role}"] if answers.admin_role else [])]
