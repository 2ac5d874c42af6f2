"""An environment that serves a language model in its Kubernetes cluster."""

from __future__ import annotations

import functools
import json
from typing import Any

import small_repository
from stacks_eks.eks_project import ACCOUNT, CLUSTER, EXPORTS, KEY_CLASSES, KUBERNETES, PLATFORM, PURPOSES, REGION

from modelkeel.graph import Graph

PACKAGE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/vision-prod-models/7"
POOL: dict[str, Any] = {
    "name": "serving",
    "instance_type": "g6e.12xlarge",
    "vcpus": 48,
    "memory_gib": 384,
    "gpus": 4,
    "most_nodes": 4,
    "least_nodes": 2,
    "spot": False,
    "efa": False,
    "serves": True,
    "busy_hours_per_month": 730,
}
SERVER: dict[str, Any] = {
    "tensor_parallel": 2,
    "cpus": 19,
    "memory_gib": 162,
    "disk_gib": 28,
    "context_tokens": 4096,
    "most_sequences": 43,
    "min_servers": 4,
    "max_servers": 6,
    "concurrent_requests_per_server": 21,
    "spread_over_zones": True,
    "load_seconds": 335,
    "fetch_seconds": 150,
    "package": "vision",
    "buckets": PURPOSES,
    "key_classes": KEY_CLASSES,
    "image_tag": "0.1.0",
}
SERVING: dict[str, Any] = {
    "modes": ["eks"],
    "model_package_arn": PACKAGE,
    "network_isolation": False,
    "log_retention_days": 365,
}


def served(*, approved: bool = True, fidelity: str = "simulate", **changes: Any) -> Graph:
    """Return the graph of the environment; `changes` are settings of the server without their prefix."""
    return _served(approved, fidelity, json.dumps(changes, sort_keys=True))


@functools.cache
def _served(approved: bool, fidelity: str, changes: str) -> Graph:
    serving = {**SERVING, "model_package_arn": PACKAGE if approved else None}
    serving |= {f"eks_{key}": value for key, value in {**SERVER, **json.loads(changes)}.items()}
    programs = {
        "cluster": {**CLUSTER, "mirror_images": True, "mirror_servers": True, "gpu_node_groups": []},
        "kubernetes": {**KUBERNETES, "pools": [*KUBERNETES["pools"], POOL]},
        "serving": serving,
    }
    return small_repository.recorded(PLATFORM, programs, EXPORTS, fidelity=fidelity)[0]
