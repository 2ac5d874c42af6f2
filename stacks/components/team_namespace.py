"""A team's namespace: what its pods may be, may use, and may talk to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

HTTPS = 443
DNS = 53
# Pods that say nothing get this much; one that asks for no limit could starve its machine.
DEFAULTS = {"cpu": "1", "memory": "2Gi"}
MOST_PODS = 200


@dataclass(frozen=True, kw_only=True)
class TeamNamespaceArgs:
    """`limits` is the most that the team's pods may ask for together, by resource."""

    team: str
    project: str
    service_accounts: Sequence[str]
    limits: Mapping[str, str]


class TeamNamespace(pulumi.ComponentResource):
    """Namespace, quota, defaults, network rules, service account."""

    def __init__(self, name: str, args: TeamNamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:kubernetes:TeamNamespace", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        namespace = kubernetes.core.v1.Namespace(
            name,
            metadata={"name": args.team, "labels": _labels(args)},
            opts=child,
        )
        inside = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        kubernetes.core.v1.ResourceQuota(
            name,
            metadata={"name": "team", "namespace": args.team},
            spec={"hard": {"pods": str(MOST_PODS), **_requests(args.limits)}},
            opts=inside,
        )
        kubernetes.core.v1.LimitRange(
            name,
            metadata={"name": "defaults", "namespace": args.team},
            spec={"limits": [{"type": "Container", "default": DEFAULTS, "default_request": DEFAULTS}]},
            opts=inside,
        )
        for label, rules in (("closed", CLOSED), ("team", WITHIN), ("names", NAMES), ("services", SERVICES)):
            spec: Any = rules
            kubernetes.networking.v1.NetworkPolicy(
                f"{name}-{label}", metadata={"name": label, "namespace": args.team}, spec=spec, opts=inside
            )
        for account in args.service_accounts:
            kubernetes.core.v1.ServiceAccount(
                name if account == args.service_accounts[0] else f"{name}-{account}",
                metadata={"name": account, "namespace": args.team},
                # Pods of a job never call the Kubernetes API: EKS Pod Identity has a token of its own.
                automount_service_account_token=False,
                opts=inside,
            )
        self.register_outputs({})


def _labels(args: TeamNamespaceArgs) -> dict[str, str]:
    return {
        "team": args.team,
        "project": args.project,
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
    }


def _requests(limits: Mapping[str, str]) -> dict[str, str]:
    return {f"requests.{resource}": amount for resource, amount in limits.items()}


# Nothing passes but what a further policy lets through.
CLOSED: dict[str, Any] = {"pod_selector": {}, "policy_types": ["Ingress", "Egress"]}
WITHIN: dict[str, Any] = {
    "pod_selector": {},
    "policy_types": ["Ingress", "Egress"],
    "ingress": [{"from_": [{"pod_selector": {}}]}],
    "egress": [{"to": [{"pod_selector": {}}]}],
}
NAMES: dict[str, Any] = {
    "pod_selector": {},
    "policy_types": ["Egress"],
    "egress": [
        {
            "to": [{"namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": "kube-system"}}}],
            "ports": [{"protocol": protocol, "port": DNS} for protocol in ("UDP", "TCP")],
        }
    ],
}
# AWS services through their endpoints, and the agent that hands out a pod's identity (169.254.170.23).
SERVICES: dict[str, Any] = {
    "pod_selector": {},
    "policy_types": ["Egress"],
    "egress": [
        {"ports": [{"protocol": "TCP", "port": HTTPS}]},
        {
            "to": [{"ip_block": {"cidr": "169.254.170.23/32"}}],
            "ports": [{"protocol": "TCP", "port": 80}],
        },
    ],
}
