"""The job that answers a pipeline's request for training on a Kubernetes cluster: a TrainJob, or a RayJob.

Values in the form `${NAME}` are those of the request; whoever takes the requests fills them in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stacks.documents.cluster_training import VARIABLES
from stacks.documents.queue_quota import EFA, GPU, HUGE_PAGES, HUGE_PAGES_MIB

QUEUE_LABEL = "kueue.x-k8s.io/queue-name"
TRAINER_API, RAY_API = "trainer.kubeflow.org/v1alpha1", "ray.io/v1"
RUNTIME = "pipeline"
TORCH, RAY = "torch", "ray"
ENGINES = (TORCH, RAY)
SCRATCH_FOLDER = "/scratch"
USER_ID = 10001
MACHINE_SHARE = 0.85
"""Share of a machine that a job asks for: operating system and agents keep the rest, and a quota counts nine tenths."""
SHARED_MEMORY_SHARE = 0.25
HEAD_CPUS, HEAD_MEMORY_GIB = 1, 4
GRACE_SECONDS = 110
"""Between warning and end of a Spot machine are two minutes: time to bring the last checkpoint to safety."""
RESTARTS = 3
"""A machine that is lost lets the others fail too, and theirs may be the failure that is seen first."""
START_SECONDS = 1_800
"""From admission to training: machines start and pull the image."""
GPU_TOLERATION = {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}
HEALTHY = (
    "import urllib.request as r; "
    "assert b'success' in r.urlopen('http://localhost:52365/api/local_raylet_healthz', timeout=4).read()"
)
"""The images of this project have Python and no wget, which KubeRay's own probes call."""


@dataclass(frozen=True, kw_only=True)
class KubernetesJobFacts:
    """`nodes` pods, each of which takes a whole machine: its `vcpus`, `memory_gib`, `gpus` and EFA interfaces."""

    image_uri: str
    package: str
    engine: str
    queue: str
    service_account: str
    nodes: int
    vcpus: int
    memory_gib: int
    gpus: int
    efa_interfaces: int
    max_runtime_seconds: int
    environment: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse an engine that there is not.

        Raises:
            ValueError: with the engines that there are.
        """
        if self.engine not in ENGINES:
            raise ValueError(f"job:engine is {self.engine!r}, allowed: {', '.join(ENGINES)}")

    @property
    def cpus(self) -> int:
        """CPUs of one pod; with Ray the first machine also holds the head."""
        return max(1, int(self.vcpus * MACHINE_SHARE) - (HEAD_CPUS if self.engine == RAY else 0))

    @property
    def memory(self) -> int:
        """GiB of one pod."""
        return max(1, int(self.memory_gib * MACHINE_SHARE) - (HEAD_MEMORY_GIB if self.engine == RAY else 0))


def runtime(facts: KubernetesJobFacts) -> dict[str, Any]:
    """Return the spec of the TrainingRuntime: what every TrainJob of the pipeline is made of.

    A pod whose machine is taken back or lost starts all of them again, from their last checkpoint, as often as that
    happens; a pod that fails by itself ends the job, on several machines after some tries. Source: kubeflow/trainer
    v2.3.0, TrainingRuntime; JobSet 0.12, FailurePolicy; Kubernetes documentation, Pod failure policy, read 2026-11-25.
    """
    restarts = RESTARTS if facts.nodes > 1 else 0
    lost = {"action": "FailJob", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}
    again = {
        "name": "machineLost",
        "action": "RestartJobSetAndIgnoreMaxRestarts",
        "onJobFailureReasons": ["PodFailurePolicy"],
    }
    node = {
        "name": "node",
        "template": {
            "metadata": {"labels": {"trainer.kubeflow.org/trainjob-ancestor-step": "trainer"}},
            "spec": {
                "backoffLimit": 0,
                "podFailurePolicy": {"rules": [lost]},
                "template": {
                    "metadata": {"annotations": _UNDISTURBED},
                    "spec": {"restartPolicy": "Never", **_pod(facts, _trainer(facts))},
                },
            },
        },
    }
    return {
        "mlPolicy": {"numNodes": facts.nodes, "torch": {}},
        "template": {"spec": {"failurePolicy": {"maxRestarts": restarts, "rules": [again]}, "replicatedJobs": [node]}},
    }


def job(facts: KubernetesJobFacts) -> dict[str, Any]:
    """Return the job of one request, which waits in the queue until it is admitted."""
    values = {name: f"${{{name}}}" for name in VARIABLES}
    if facts.engine == RAY:
        return _object(RAY_API, "RayJob", facts, _ray(facts, values))
    variables = [{"name": name, "value": value} for name, value in values.items()]
    spec = {
        "runtimeRef": {"apiGroup": "trainer.kubeflow.org", "kind": "TrainingRuntime", "name": RUNTIME},
        "trainer": {"numNodes": facts.nodes, "env": variables},
        "suspend": True,
        "activeDeadlineSeconds": facts.max_runtime_seconds + START_SECONDS,
    }
    return _object(TRAINER_API, "TrainJob", facts, spec)


def _object(api: str, kind: str, facts: KubernetesJobFacts, spec: Mapping[str, Any]) -> dict[str, Any]:
    labels = {QUEUE_LABEL: facts.queue}
    return {"apiVersion": api, "kind": kind, "metadata": {"labels": labels}, "spec": dict(spec)}


def _ray(facts: KubernetesJobFacts, values: Mapping[str, str]) -> dict[str, Any]:
    """A cluster for one run: a head that only leads, and one worker on each machine.

    Source: ray-project/kuberay v1.7.0, RayJob; Kueue documentation, "Run a RayJob", read 2026-11-25.
    """
    head = {"cpu": str(HEAD_CPUS), "memory": f"{HEAD_MEMORY_GIB}Gi"}
    workers = {
        "groupName": "machines",
        "replicas": facts.nodes,
        "minReplicas": facts.nodes,
        "maxReplicas": facts.nodes,
        "rayStartParams": {"num-cpus": str(facts.cpus), "num-gpus": str(facts.gpus)},
        "template": {
            "metadata": {"annotations": _UNDISTURBED},
            "spec": _pod(facts, _ray_container("ray-worker", facts, _resources(facts))),
        },
    }
    step = f"python -m {facts.package}.ray_train"
    return {
        "entrypoint": f"{step} --nodes {facts.nodes} --cpus {facts.cpus} --gpus {facts.gpus}",
        "runtimeEnvYAML": json.dumps({"env_vars": dict(values)}),
        # The operator speaks with the head itself: no further pod waits in the queue.
        "submissionMode": "HTTPMode",
        "suspend": True,
        "shutdownAfterJobFinishes": True,
        "activeDeadlineSeconds": facts.max_runtime_seconds + START_SECONDS,
        "backoffLimit": RESTARTS,
        "rayClusterSpec": {
            "headGroupSpec": {
                "rayStartParams": {"num-cpus": "0", "num-gpus": "0", "dashboard-host": "0.0.0.0"},  # noqa: S104
                "template": {
                    "metadata": {"annotations": _UNDISTURBED},
                    "spec": _pod(facts, _ray_container("ray-head", facts, {"requests": head, "limits": head})),
                },
            },
            "workerGroupSpecs": [workers],
        },
    }


def _pod(facts: KubernetesJobFacts, container: dict[str, Any]) -> dict[str, Any]:
    shared_memory = {"medium": "Memory", "sizeLimit": f"{max(1, int(facts.memory * SHARED_MEMORY_SHARE))}Gi"}
    return {
        "serviceAccountName": facts.service_account,
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": GRACE_SECONDS,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER_ID,
            "runAsGroup": USER_ID,
            "fsGroup": USER_ID,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **({"tolerations": [GPU_TOLERATION]} if facts.gpus else {}),
        "containers": [container],
        "volumes": [
            {"name": "scratch", "emptyDir": {}},
            {"name": "temporary", "emptyDir": {}},
            {"name": "shared-memory", "emptyDir": shared_memory},
        ],
    }


def _trainer(facts: KubernetesJobFacts) -> dict[str, Any]:
    return {
        "name": "node",
        "command": ["python", "-m", f"{facts.package}.cluster"],
        **_container(facts, _resources(facts)),
    }


def _ray_container(name: str, facts: KubernetesJobFacts, resources: Mapping[str, Any]) -> dict[str, Any]:
    probe = {"exec": {"command": ["python", "-c", HEALTHY]}, "periodSeconds": 10, "timeoutSeconds": 5}
    return {
        "name": name,
        **_container(facts, resources),
        "readinessProbe": {**probe, "failureThreshold": 12},
        "livenessProbe": {**probe, "initialDelaySeconds": 60, "failureThreshold": 30},
    }


def _container(facts: KubernetesJobFacts, resources: Mapping[str, Any]) -> dict[str, Any]:
    # Libraries ask who runs them, and the user has no entry in the image's list.
    known = {"HOME": "/tmp", "USER": "training", **facts.environment}  # noqa: S108
    return {
        "image": facts.image_uri,
        "env": [{"name": name, "value": value} for name, value in sorted(known.items())],
        "resources": dict(resources),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        # What a failed pod said last reaches the pipeline.
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": [
            {"name": "scratch", "mountPath": SCRATCH_FOLDER},
            {"name": "temporary", "mountPath": "/tmp"},  # noqa: S108
            {"name": "shared-memory", "mountPath": "/dev/shm"},  # noqa: S108
        ],
    }


def _resources(facts: KubernetesJobFacts) -> dict[str, Any]:
    """Requests are limits: devices and huge pages allow nothing else, and nobody is put out for another's memory."""
    amounts = {"cpu": str(facts.cpus), "memory": f"{facts.memory}Gi"}
    if facts.gpus:
        amounts[GPU] = str(facts.gpus)
    if facts.efa_interfaces:
        amounts |= {EFA: str(facts.efa_interfaces), HUGE_PAGES: f"{HUGE_PAGES_MIB}Mi"}
    return {"requests": amounts, "limits": dict(amounts)}


# Karpenter leaves a machine alone while such a pod runs; AWS's own warnings still count.
_UNDISTURBED = {"karpenter.sh/do-not-disrupt": "true"}
