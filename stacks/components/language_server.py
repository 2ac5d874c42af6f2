"""vLLM in the Kubernetes cluster: a namespace that is closed, servers of the approved model, and what scales them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from stacks.charts import chart
from stacks.components.team_namespace import CLOSED, NAMES, SERVICES
from stacks.documents import language_server as documents
from stacks.documents.language_server import LABELS, NAME, NAMESPACE, PORT, SERVICE_ACCOUNT, ServerFacts
from stacks.settings import Platform

STEP_SECONDS = 60
KEPT_VERSIONS = 5
READY_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class LanguageServerArgs:
    """`facts` says what a server is; none: no model is approved, and no server stands.

    `start_seconds` is the longest from the wish for a server to a healthy one; `hours` are those in which servers
    stand, as KEDA's cron trigger takes them, empty where they stay; `network_cidr` is that of a load balancer.
    """

    platform: Platform
    facts: pulumi.Input[ServerFacts] | None
    min_servers: int
    max_servers: int
    concurrent_requests: int
    start_seconds: int
    spread_over_zones: bool
    hours: Mapping[str, str]
    network_cidr: str = ""


class LanguageServer(pulumi.ComponentResource):
    """Servers are replaced one by one: a new one is ready before an old one ends, and the old ones stay if none is.

    KEDA owns the number of servers, so the Deployment names none.
    """

    address: str

    def __init__(self, name: str, args: LanguageServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:LanguageServer", name, None, opts)
        namespace = kubernetes.core.v1.Namespace(
            name,
            metadata={
                "name": NAMESPACE,
                "labels": {
                    "project": args.platform.project,
                    **{f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn", "audit")},
                },
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        inside = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        _closed(name, args, inside)
        account = kubernetes.core.v1.ServiceAccount(
            name,
            metadata={"name": SERVICE_ACCOUNT, "namespace": NAMESPACE},
            # A server never calls the Kubernetes API: EKS Pod Identity has a token of its own.
            automount_service_account_token=False,
            opts=inside,
        )
        service = kubernetes.core.v1.Service(
            name,
            metadata={
                "name": NAME,
                "namespace": NAMESPACE,
                # It stands before its first server does.
                "annotations": {"pulumi.com/skipAwait": "true"},
            },
            spec={"selector": LABELS, "ports": [{"name": "http", "port": PORT, "target_port": PORT}]},
            opts=inside,
        )
        self.address = f"http://{NAME}.{NAMESPACE}.svc.cluster.local:{PORT}/v1"
        if args.facts is not None:
            _servers(name, args, args.facts, pulumi.ResourceOptions(parent=self, depends_on=[account, service]))
        self.register_outputs({"address": self.address})


def _closed(name: str, args: LanguageServerArgs, inside: pulumi.ResourceOptions) -> None:
    reached = documents.callers(args.platform, chart("keda")["namespace"], args.network_cidr)
    rules = {"closed": CLOSED, "callers": reached, "names": NAMES, "services": SERVICES}
    for label, spec in rules.items():
        given: Any = spec
        kubernetes.networking.v1.NetworkPolicy(
            f"{name}-{label}", metadata={"name": label, "namespace": NAMESPACE}, spec=given, opts=inside
        )


def _servers(
    name: str, args: LanguageServerArgs, facts: pulumi.Input[ServerFacts], opts: pulumi.ResourceOptions
) -> None:
    spec = pulumi.Output.from_input(facts).apply(lambda known: _deployment(args, known))
    deployment = kubernetes.apps.v1.Deployment(
        name,
        metadata={"name": NAME, "namespace": NAMESPACE, "annotations": _patience(args)},
        spec=spec,
        opts=pulumi.ResourceOptions.merge(
            opts, pulumi.ResourceOptions(ignore_changes=["spec.replicas"], custom_timeouts=_timeouts(args))
        ),
    )
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[deployment]))
    kubernetes.policy.v1.PodDisruptionBudget(
        name,
        metadata={"name": NAME, "namespace": NAMESPACE},
        spec={"max_unavailable": 1, "selector": {"match_labels": LABELS}},
        opts=opts,
    )
    kubernetes.apiextensions.CustomResource(
        name,
        api_version="keda.sh/v1alpha1",
        kind="ScaledObject",
        metadata={"name": NAME, "namespace": NAMESPACE},
        spec=_scaled(args),
        opts=after,
    )


def _deployment(args: LanguageServerArgs, facts: ServerFacts) -> Any:
    return {
        "strategy": {"type": "RollingUpdate", "rolling_update": {"max_surge": 1, "max_unavailable": 0}},
        "min_ready_seconds": READY_SECONDS,
        "progress_deadline_seconds": args.start_seconds,
        "revision_history_limit": KEPT_VERSIONS,
        "selector": {"match_labels": LABELS},
        "template": {
            "metadata": {"labels": LABELS},
            "spec": {
                **documents.pod(facts),
                "topology_spread_constraints": documents.spread(over_zones=args.spread_over_zones),
            },
        },
    }


def _patience(args: LanguageServerArgs) -> dict[str, str]:
    """An environment that rests has no server at night, so an update there does not wait for one."""
    return {"pulumi.com/skipAwait": "true"} if args.hours else {}


def _timeouts(args: LanguageServerArgs) -> pulumi.CustomTimeouts:
    """Servers are replaced one after the other, each within its time."""
    longest = f"{args.start_seconds * (args.max_servers + 1)}s"
    return pulumi.CustomTimeouts(create=longest, update=longest)


def _scaled(args: LanguageServerArgs) -> dict[str, Any]:
    hours = {**args.hours, "desiredReplicas": str(args.min_servers)} if args.hours else {}
    calm = {"stabilizationWindowSeconds": documents.CALM_SECONDS}
    step = {"type": "Pods", "value": 1, "periodSeconds": documents.CALM_SECONDS}
    grow = {"type": "Percent", "value": 100, "periodSeconds": STEP_SECONDS}
    return {
        "scaleTargetRef": {"name": NAME},
        "minReplicaCount": 0 if args.hours else args.min_servers,
        "maxReplicaCount": args.max_servers,
        "pollingInterval": 30,
        "cooldownPeriod": documents.CALM_SECONDS,
        # Without what servers say, as many stand as at least must.
        **({} if args.hours else {"fallback": {"failureThreshold": 5, "replicas": args.min_servers}}),
        "advanced": {
            "horizontalPodAutoscalerConfig": {
                "behavior": {
                    "scaleDown": {**calm, "policies": [step]},
                    "scaleUp": {"stabilizationWindowSeconds": STEP_SECONDS, "policies": [grow]},
                }
            }
        },
        "triggers": documents.triggers(args.concurrent_requests, hours),
    }
