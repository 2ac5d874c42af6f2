"""vLLM in a Kubernetes cluster: the pod of a server, what reaches it, what it may do, by what it is scaled.

Sources, read 2026-11-26: vLLM 0.33.0, `vllm serve` and its metrics; KEDA 2.20 documentation, "Metrics API" and "Cron";
Kubernetes documentation, "Configure Liveness, Readiness and Startup Probes", "Pod Lifecycle" and "Sidecar Containers".
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stacks import names, placement, shared_registry
from stacks.documents.grant import Grants
from stacks.documents.kubernetes_job import GPU_TOLERATION, USER_ID
from stacks.documents.queue_quota import GPU
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

NAMESPACE = "language-server"
NAME = "vllm"
SERVICE_ACCOUNT = "vllm"
PORT = 8000
MODEL_FOLDER = "/model"
CACHE_FOLDER = "/cache"
SERVING_MACHINES = {"purpose": "serving"}
ZONE = "topology.kubernetes.io/zone"
RUNNING, WAITING = "vllm:num_requests_running", "vllm:num_requests_waiting"
PROBE_SECONDS = 10
LEAVE_SECONDS = 15
"""From the end of a server's turn until nothing sends to it any more: it goes on answering meanwhile."""
CALM_SECONDS = 900
SIDE_SIZE = {"cpu": "100m", "memory": "512Mi"}
LABELS = {"app": NAME}
_SAFE = {
    "allow_privilege_escalation": False,
    "read_only_root_filesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


@dataclass(frozen=True, kw_only=True)
class ServerFacts:
    """Sizes as in `serving:eks_*`; `project_image` fetches the model and sends the metrics, `image` serves."""

    image: str
    project_image: str
    package: str
    model_name: str
    model_package_arn: str
    region: str
    metric_namespace: str
    metric_dimension: str
    tensor_parallel: int
    cpus: int
    memory_gib: int
    disk_gib: int
    context_tokens: int
    most_sequences: int
    load_seconds: int
    drain_seconds: int
    extra_arguments: str


def arguments(facts: ServerFacts) -> list[str]:
    """Return the command of the server; it takes `drain_seconds` to answer what it has begun."""
    return [
        "vllm",
        "serve",
        MODEL_FOLDER,
        f"--served-model-name={facts.model_name}",
        f"--port={PORT}",
        f"--tensor-parallel-size={facts.tensor_parallel}",
        f"--max-model-len={facts.context_tokens}",
        f"--max-num-seqs={facts.most_sequences}",
        f"--shutdown-timeout={facts.drain_seconds}",
        *shlex.split(facts.extra_arguments),
    ]


def pod(facts: ServerFacts) -> dict[str, Any]:
    """Return the pod: it fetches the approved model onto its machine's disk, serves it, and tells what it does."""
    return {
        "service_account_name": SERVICE_ACCOUNT,
        "automount_service_account_token": False,
        "node_selector": SERVING_MACHINES,
        "tolerations": [GPU_TOLERATION],
        "termination_grace_period_seconds": LEAVE_SECONDS + facts.drain_seconds + PROBE_SECONDS,
        "security_context": {
            "run_as_non_root": True,
            "run_as_user": USER_ID,
            "run_as_group": USER_ID,
            "fs_group": USER_ID,
            "seccomp_profile": {"type": "RuntimeDefault"},
        },
        "init_containers": [_fetch(facts), _measure(facts)],
        "containers": [_server(facts)],
        "volumes": [
            # Machines with NVMe disks give pods their room there.
            {"name": "model", "empty_dir": {"size_limit": f"{facts.disk_gib}Gi"}},
            {"name": "cache", "empty_dir": {}},
            {"name": "temporary", "empty_dir": {}},
            {"name": "shared-memory", "empty_dir": {"medium": "Memory", "size_limit": _shared_memory(facts)}},
        ],
    }


def spread(*, over_zones: bool) -> list[dict[str, Any]]:
    """Return how servers spread: over zones, which may be a must, and then over machines."""
    rows = ((ZONE, "DoNotSchedule" if over_zones else "ScheduleAnyway"), ("kubernetes.io/hostname", "ScheduleAnyway"))
    return [
        {
            "max_skew": 1,
            "topology_key": key,
            "when_unsatisfiable": otherwise,
            "label_selector": {"match_labels": LABELS},
            # Only servers of one version count: an update brings a whole new set.
            "match_label_keys": ["pod-template-hash"],
        }
        for key, otherwise in rows
    ]


def triggers(concurrent_requests: int, hours: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what KEDA scales by: requests that servers answer, requests that wait, and working hours if there are any.

    KEDA asks each server behind the service, adds up what they say, and divides by the target.
    """
    url = f"http://{NAME}.{NAMESPACE}.svc.cluster.local:{PORT}/metrics"
    measured = [
        {
            "type": "metrics-api",
            "metadata": {
                "url": url,
                "format": "prometheus",
                "valueLocation": metric,
                "targetValue": str(concurrent_requests),
                "aggregateFromKubeServiceEndpoints": "true",
                "aggregationType": "sum",
            },
        }
        for metric in (RUNNING, WAITING)
    ]
    return [*measured, *([{"type": "cron", "metadata": dict(hours)}] if hours else [])]


def permissions(grants: Grants, model_package_arn: str) -> Document:
    """Return what a server may do: know its package, read what the registry's models are made of, tell what it does.

    Which object it is stands in the package, so the role reads below the folder that pipelines write models to.
    """
    platform = grants.platform
    shared = shared_registry.tooling(platform)
    home = names.bucket_arn(platform, placement.bucket_of("models", grants.buckets))
    folders = [f"{home}/{shared_registry.MODELS}"]
    if shared is not None:
        # One registry serves all environments: what one trained, another serves.
        folders.append(f"{names.bucket_arn(shared, 'models')}/{shared_registry.MODELS}")
    metrics = {"cloudwatch:namespace": [f"{platform.project}/{platform.environment}*"]}
    return document(
        [
            allow("KnowPackage", ["sagemaker:DescribeModelPackage"], model_package_arn),
            allow("ReadModel", ["s3:GetObject", "s3:GetObjectVersion"], [f"{folder}/*" for folder in folders]),
            allow(
                "FindFiles",
                ["s3:ListBucket"],
                [folder.partition("/")[0] for folder in folders],
                StringLike={"s3:prefix": [f"{shared_registry.MODELS}/*"]},
            ),
            grants.use_keys(["models"], ("s3",)),
            allow("Metrics", ["cloudwatch:PutMetricData"], "*", StringLike=metrics),
        ]
    )


def callers(platform: Platform, scaler_namespace: str, network_cidr: str = "") -> dict[str, Any]:
    """Return who reaches a server: pods of the project's namespaces, what scales it, a load balancer of the network."""
    port = [{"protocol": "TCP", "port": PORT}]
    own: list[dict[str, Any]] = [
        {"namespace_selector": {"match_labels": {"project": platform.project}}},
        {"namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": scaler_namespace}}},
    ]
    balancer = [{"ip_block": {"cidr": network_cidr}}] if network_cidr else []
    return {
        "pod_selector": {"match_labels": LABELS},
        "policy_types": ["Ingress"],
        "ingress": [{"from_": [*own, *balancer], "ports": port}],
    }


def _fetch(facts: ServerFacts) -> dict[str, Any]:
    return {
        "name": "fetch",
        "image": facts.project_image,
        "command": ["python", "-m", f"{facts.package}.language_server", "fetch"],
        "env": _environment({"MODEL_PACKAGE_ARN": facts.model_package_arn, "MODEL_FOLDER": MODEL_FOLDER}, facts),
        "resources": {"requests": SIDE_SIZE, "limits": {"memory": "2Gi"}},
        "security_context": _SAFE,
        "termination_message_policy": "FallbackToLogsOnError",
        "volume_mounts": [{"name": "model", "mount_path": MODEL_FOLDER}, _TEMPORARY],
    }


def _measure(facts: ServerFacts) -> dict[str, Any]:
    """A sidecar: it starts before the server, and ends after it."""
    told = {
        "METRICS_URL": f"http://localhost:{PORT}/metrics",
        "METRIC_NAMESPACE": facts.metric_namespace,
        "METRIC_DIMENSION": facts.metric_dimension,
    }
    return {
        "name": "measure",
        "image": facts.project_image,
        "restart_policy": "Always",
        "command": ["python", "-m", f"{facts.package}.language_server", "measure"],
        "env": _environment(told, facts),
        "resources": {"requests": SIDE_SIZE, "limits": SIDE_SIZE},
        "security_context": _SAFE,
        "volume_mounts": [_TEMPORARY],
    }


def _server(facts: ServerFacts) -> dict[str, Any]:
    amounts = {"memory": f"{facts.memory_gib}Gi", GPU: str(facts.tensor_parallel)}
    health = {"http_get": {"path": "/health", "port": PORT}, "period_seconds": PROBE_SECONDS, "timeout_seconds": 5}
    return {
        "name": NAME,
        "image": facts.image,
        "command": arguments(facts),
        "env": _environment(
            {
                # Nothing is fetched from elsewhere, and nobody is told who uses it.
                "HF_HUB_OFFLINE": "1",
                "TRANSFORMERS_OFFLINE": "1",
                "VLLM_NO_USAGE_STATS": "1",
                "VLLM_CACHE_ROOT": f"{CACHE_FOLDER}/vllm",
                "TRITON_CACHE_DIR": f"{CACHE_FOLDER}/triton",
                "TORCHINDUCTOR_CACHE_DIR": f"{CACHE_FOLDER}/inductor",
            },
            facts,
            home=CACHE_FOLDER,
        ),
        "working_dir": CACHE_FOLDER,
        "ports": [{"name": "http", "container_port": PORT}],
        "resources": {"requests": {"cpu": str(facts.cpus), **amounts}, "limits": amounts},
        "startup_probe": {**health, "failure_threshold": -(-facts.load_seconds // PROBE_SECONDS)},
        "readiness_probe": {**health, "failure_threshold": 3},
        # A server that is slow is not dead: it must be silent for a minute.
        "liveness_probe": {**health, "failure_threshold": 6},
        "lifecycle": {"pre_stop": {"sleep": {"seconds": LEAVE_SECONDS}}},
        "security_context": _SAFE,
        "termination_message_policy": "FallbackToLogsOnError",
        "volume_mounts": [
            {"name": "model", "mount_path": MODEL_FOLDER, "read_only": True},
            {"name": "cache", "mount_path": CACHE_FOLDER},
            {"name": "shared-memory", "mount_path": "/dev/shm"},  # noqa: S108
            _TEMPORARY,
        ],
    }


def _environment(values: Mapping[str, str], facts: ServerFacts, home: str = "/tmp") -> list[dict[str, str]]:  # noqa: S108
    # Libraries ask who runs them, and the user has no entry in the image's list.
    known = {"AWS_REGION": facts.region, "HOME": home, "USER": NAME, **values}
    return [{"name": name, "value": value} for name, value in sorted(known.items())]


def _shared_memory(facts: ServerFacts) -> str:
    """GPUs of one server exchange what they compute through shared memory, which counts as the pod's memory."""
    return f"{max(1, min(16, facts.memory_gib // 4))}Gi"


_TEMPORARY = {"name": "temporary", "mount_path": "/tmp"}  # noqa: S108
