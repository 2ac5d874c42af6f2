"""The cluster and kubernetes programs over upstream programs that only export."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

import small_repository

from modelkeel.graph import Graph, Stack

ACCOUNT = "111122223333"
REGION = "eu-west-1"
PURPOSES = ["raw", "curated", "features", "models", "capture", "logs"]
KEY_CLASSES = ["data", "features", "models", "capture", "logs", "evidence", "backup"]
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/mlops/prod/vision-prod-ci-deploy"
PLATFORM: dict[str, Any] = {
    "project": "vision",
    "environment": "prod",
    "account_id": ACCOUNT,
    "region": REGION,
    "partition": "aws",
    "owner_email": "owner@example.com",
    "cost_center": "42",
    "data_classification": "internal",
    "ai_risk": "minimal",
    "compliance": ["soc2"],
    "use_fips": False,
}
KEPT: dict[str, Any] = {
    "name": "gpu",
    "instance_type": "p5.48xlarge",
    "min_size": 0,
    "desired_size": 2,
    "max_size": 4,
    "efa": True,
    "purchase": "on_demand",
}
CLUSTER: dict[str, Any] = {
    "kubernetes_version": "1.35",
    "api_public_cidrs": [],
    "api_private_cidrs": ["10.20.0.0/18"],
    "admin_role_arns": [ADMIN],
    "team_role_arns": {"planning": f"arn:aws:iam::{ACCOUNT}:role/Planning"},
    "deletion_protection": True,
    "log_retention_days": 365,
    "key_deletion_window_days": 30,
    "system_instance_type": "m7i.large",
    "system_nodes": 3,
    "gpu_node_groups": [KEPT],
    "karpenter": True,
    "placement_group": True,
    "pod_identities": [{"namespace": "planning", "service_account": "training", "role": "training"}],
    "buckets": PURPOSES,
    "key_classes": KEY_CLASSES,
}
POOL: dict[str, Any] = {
    "name": "gpu",
    "instance_type": "p5.48xlarge",
    "vcpus": 192,
    "memory_gib": 2048,
    "gpus": 8,
    "most_nodes": 4,
    "spot": False,
    "efa": True,
    "busy_hours_per_month": 100,
}
GENERAL: dict[str, Any] = {
    "name": "general",
    "instance_type": "m7i.2xlarge",
    "vcpus": 8,
    "memory_gib": 32,
    "gpus": 0,
    "most_nodes": 2,
    "spot": False,
    "efa": False,
    "busy_hours_per_month": 30,
}
KUBERNETES: dict[str, Any] = {
    "pools": [GENERAL, POOL],
    "teams": [{"name": "planning", "gpus": 16}, {"name": "routing", "gpus": 8}],
    "borrowing": True,
    "kube_ray": True,
    "trainer": True,
    "service_account": "training",
}
EXPORTS: dict[str, dict[str, Any]] = {
    "identity": {},
    "data": {},
    "foundation": {
        "vpc_id": "vpc-0a",
        "private_subnet_ids": ["subnet-0a", "subnet-0b", "subnet-0c"],
    },
    "training": {
        "repository_url": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/vision-prod-images",
        "output_key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000001",
        "training_requests_url": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/vision-prod-training-requests",
    },
}


def recorded(fidelity: str = "simulate", **changes: Mapping[str, Any]) -> Graph:
    """Return the graph of the environment; `changes` are settings by program or `platform`; None leaves a key out."""
    return _recorded(fidelity, json.dumps(changes, sort_keys=True))


def stack(graph: Graph, program: str = "cluster") -> Stack:
    """Return the stack of `program`."""
    return next(each for each in graph.stacks if each.program == program)


@functools.cache
def _recorded(fidelity: str, changes: str) -> Graph:
    changed = json.loads(changes)
    programs = {
        name: {**settings, **changed.get(name, {})}
        for name, settings in {"cluster": CLUSTER, "kubernetes": KUBERNETES}.items()
    }
    platform = {**PLATFORM, **changed.get("platform", {})}
    return small_repository.recorded(platform, programs, EXPORTS, fidelity=fidelity)[0]
