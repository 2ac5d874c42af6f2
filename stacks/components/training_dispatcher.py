"""What takes the pipeline's requests inside the cluster: each becomes a job in the queue, each job an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from stacks.components.operator_chart import SYSTEM_MACHINES
from stacks.documents.kubernetes_job import USER_ID

NAMESPACE = "training-requests"
SERVICE_ACCOUNT = "dispatcher"
MANIFEST_FOLDER, MANIFEST = "/etc/training", "job.json"
QUIET_SECONDS = 300
"""Longest time without a round of work before the pod is taken to hang; a round waits 20 seconds for a request."""
SIZE = {"cpu": "200m", "memory": "512Mi"}
VERBS = ("create", "delete", "get", "list", "patch")
RAY_NAMESPACE, RAY_DASHBOARD = "ray-system", 8265


@dataclass(frozen=True, kw_only=True)
class TrainingDispatcherArgs:
    """`job` is the manifest with the request's values left open; jobs stand in `jobs_namespace`.

    `give_up_seconds` is the longest from request to answer, waiting included.
    """

    image_uri: pulumi.Input[str]
    package: str
    region: str
    requests_url: pulumi.Input[str]
    jobs_namespace: str
    jobs_service_account: str
    job: pulumi.Input[Mapping[str, Any]]
    kind: str
    api_group: str
    give_up_seconds: int


class TrainingDispatcher(pulumi.ComponentResource):
    """One pod that asks for requests from inside: nothing outside ever reaches the Kubernetes API."""

    def __init__(self, name: str, args: TrainingDispatcherArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:kubernetes:TrainingDispatcher", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        namespace = kubernetes.core.v1.Namespace(
            NAMESPACE,
            metadata={"name": NAMESPACE, "labels": {"pod-security.kubernetes.io/enforce": "restricted"}},
            opts=child,
        )
        inside = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        for_jobs = kubernetes.core.v1.ServiceAccount(
            f"{name}-jobs",
            metadata={"name": args.jobs_service_account, "namespace": args.jobs_namespace},
            # Pods of a job never call the Kubernetes API: EKS Pod Identity has a token of its own.
            automount_service_account_token=False,
            opts=child,
        )
        if args.kind == "RayJob":
            _ray_dashboard(f"{name}-ray", args.jobs_namespace, child)
        account = kubernetes.core.v1.ServiceAccount(
            name, metadata={"name": SERVICE_ACCOUNT, "namespace": NAMESPACE}, opts=inside
        )
        rights = _rights(name, args, inside)
        manifest = kubernetes.core.v1.ConfigMap(
            name,
            metadata={"name": "job", "namespace": NAMESPACE},
            data={MANIFEST: pulumi.Output.from_input(args.job).apply(lambda job: json.dumps(job, indent=2))},
            opts=inside,
        )
        kubernetes.networking.v1.NetworkPolicy(
            name, metadata={"name": "closed", "namespace": NAMESPACE}, spec=_CLOSED, opts=inside
        )
        kubernetes.apps.v1.Deployment(
            name,
            metadata={
                "name": SERVICE_ACCOUNT,
                "namespace": NAMESPACE,
                # Before the first image is pushed there is nothing to run: the deployment does not wait for it.
                "annotations": {"pulumi.com/skipAwait": "true"},
            },
            spec=_deployment(args, manifest),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[account, for_jobs, *rights]),
        )
        self.register_outputs({})


def _ray_dashboard(name: str, namespace: str, opts: pulumi.ResourceOptions) -> pulumi.Resource:
    """Return the way of KubeRay to the head of a Ray cluster in `namespace`: it submits the run and asks for it."""
    operator: Any = {"namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": RAY_NAMESPACE}}}
    return kubernetes.networking.v1.NetworkPolicy(
        name,
        metadata={"name": "ray-operator", "namespace": namespace},
        spec={
            "pod_selector": {"match_labels": {"ray.io/node-type": "head"}},
            "policy_types": ["Ingress"],
            "ingress": [{"from_": [operator], "ports": [{"protocol": "TCP", "port": RAY_DASHBOARD}]}],
        },
        opts=opts,
    )


def _rights(name: str, args: TrainingDispatcherArgs, inside: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    """Jobs of one kind in one namespace, and what their pods said last; nothing of the cluster."""
    role = kubernetes.rbac.v1.Role(
        name,
        metadata={"name": NAMESPACE, "namespace": args.jobs_namespace},
        rules=[
            {"api_groups": [args.api_group], "resources": [f"{args.kind.lower()}s"], "verbs": list(VERBS)},
            {"api_groups": [""], "resources": ["pods"], "verbs": ["list"]},
        ],
        opts=inside,
    )
    binding = kubernetes.rbac.v1.RoleBinding(
        name,
        metadata={"name": NAMESPACE, "namespace": args.jobs_namespace},
        role_ref={"api_group": "rbac.authorization.k8s.io", "kind": "Role", "name": NAMESPACE},
        subjects=[{"kind": "ServiceAccount", "name": SERVICE_ACCOUNT, "namespace": NAMESPACE}],
        opts=inside,
    )
    return [role, binding]


def _deployment(args: TrainingDispatcherArgs, manifest: kubernetes.core.v1.ConfigMap) -> Any:
    labels = {"app": SERVICE_ACCOUNT}
    pod: dict[str, Any] = {
        "service_account_name": SERVICE_ACCOUNT,
        "node_selector": SYSTEM_MACHINES,
        "security_context": {
            "run_as_non_root": True,
            "run_as_user": USER_ID,
            "seccomp_profile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(args)],
        "volumes": [
            {"name": "manifest", "config_map": {"name": manifest.metadata["name"]}},
            {"name": "temporary", "empty_dir": {}},
        ],
    }
    return {
        # Two would take each other's jobs for unanswered ones.
        "replicas": 1,
        "strategy": {"type": "Recreate"},
        "selector": {"match_labels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }


def _container(args: TrainingDispatcherArgs) -> dict[str, Any]:
    values: dict[str, pulumi.Input[str]] = {
        "AWS_REGION": args.region,
        "GIVE_UP_SECONDS": str(args.give_up_seconds),
        "JOBS_NAMESPACE": args.jobs_namespace,
        "MANIFEST": f"{MANIFEST_FOLDER}/{MANIFEST}",
        "REQUESTS_URL": args.requests_url,
    }
    stale = f"test $(($(date +%s) - $(stat -c %Y /tmp/alive))) -lt {QUIET_SECONDS}"
    return {
        "name": SERVICE_ACCOUNT,
        "image": args.image_uri,
        "command": ["python", "-m", f"{args.package}.dispatch"],
        "env": [{"name": name, "value": value} for name, value in values.items()],
        "resources": {"requests": SIZE, "limits": SIZE},
        "liveness_probe": {
            "exec_": {"command": ["sh", "-c", stale]},
            "initial_delay_seconds": 60,
            "period_seconds": 60,
            "failure_threshold": 3,
        },
        "security_context": {
            "allow_privilege_escalation": False,
            "read_only_root_filesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volume_mounts": [
            {"name": "manifest", "mount_path": MANIFEST_FOLDER, "read_only": True},
            {"name": "temporary", "mount_path": "/tmp"},  # noqa: S108
        ],
    }


# Nobody speaks to it; it speaks with AWS, the Kubernetes API, the names' service and the agent of its identity.
_CLOSED: Any = {
    "pod_selector": {},
    "policy_types": ["Ingress", "Egress"],
    "egress": [
        {"ports": [{"protocol": "TCP", "port": 443}]},
        {
            "to": [{"namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": "kube-system"}}}],
            "ports": [{"protocol": protocol, "port": 53} for protocol in ("UDP", "TCP")],
        },
        {"to": [{"ip_block": {"cidr": "169.254.170.23/32"}}], "ports": [{"protocol": "TCP", "port": 80}]},
    ],
}
