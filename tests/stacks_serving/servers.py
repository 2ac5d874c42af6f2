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


BALANCER: dict[str, Any] = {
    "balanced": True,
    "balancer_certificate_arn": f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1234abcd-12ab-34cd-56ef-1234567890ab",
    "balancer_caller_cidrs": ["10.20.0.0/18"],
    "balancer_deletion_protection": True,
    "balancer_latency_p99_ms": 13_000,
    "balancer_log_retention_days": 365,
    "balancer_network_cidr": "10.20.0.0/18",
}


def served(*, approved: bool = True, fidelity: str = "simulate", **changes: Any) -> Graph:
    """Return the graph of the environment; `changes` are settings of the server without their prefix."""
    return _served(approved, fidelity, json.dumps(changes, sort_keys=True))


@functools.cache
def _served(approved: bool, fidelity: str, changes: str) -> Graph:
    serving = {**SERVING, "model_package_arn": PACKAGE if approved else None}
    given = json.loads(changes)
    targets = {"balancer_targets": True} if given.get("balanced") else {}
    before = BALANCER if given.pop("balanced", False) else {}
    serving |= {f"eks_{key}": value for key, value in {**SERVER, **given}.items()} | before
    exports = {**EXPORTS, "data": {"logs_bucket_name": f"vision-prod-logs-{ACCOUNT}"}}
    programs = {
        "cluster": {**CLUSTER, "mirror_images": True, "mirror_servers": True, "gpu_node_groups": [], **targets},
        "kubernetes": {**KUBERNETES, **targets, "pools": [*KUBERNETES["pools"], POOL]},
        "serving": serving,
    }
    return small_repository.recorded(PLATFORM, programs, exports, fidelity=fidelity)[0]
