"""The add-ons of a Kubernetes cluster that AWS keeps: network, names, identities, volumes, metrics, repair."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

# Needed before the first machine joins; the others wait for machines to run on.
BEFORE_NODES = ("eks-pod-identity-agent", "kube-proxy", "vpc-cni")
AFTER_NODES = (
    "amazon-cloudwatch-observability",
    "aws-ebs-csi-driver",
    "coredns",
    "eks-node-monitoring-agent",
    "metrics-server",
)
# The service account of an add-on that calls AWS, and the role that it takes.
# https://docs.aws.amazon.com/eks/latest/userguide/add-ons-iam.html, read 2026-11-23
SERVICE_ACCOUNTS: Mapping[str, tuple[str, str]] = {
    "vpc-cni": ("aws-node", "cluster-network"),
    "aws-ebs-csi-driver": ("ebs-csi-controller-sa", "cluster-volumes"),
    "amazon-cloudwatch-observability": ("cloudwatch-agent", "cluster-observe"),
}
# Prefix delegation gives a machine room for its pods; network policies are enforced by the same agent.
# GPUs and EFA are measured by default, queues of Kueue only on request.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html, read
# 2026-11-25
_INSIGHTS = {
    "enhanced_container_insights": True,
    "accelerated_compute_metrics": True,
    "kueue_container_insights": True,
}
SETTINGS: Mapping[str, Mapping[str, object]] = {
    "amazon-cloudwatch-observability": {
        "agent": {"config": {"logs": {"metrics_collected": {"kubernetes": _INSIGHTS}}}}
    },
    "vpc-cni": {"enableNetworkPolicy": "true", "env": {"ENABLE_PREFIX_DELEGATION": "true"}},
}


@dataclass(frozen=True, kw_only=True)
class EksAddonsArgs:
    """`role_arns` are those of the add-ons that call AWS; `versions` pins add-ons, others follow the cluster."""

    cluster_name: pulumi.Input[str]
    addons: Sequence[str]
    role_arns: Mapping[str, pulumi.Input[str]]
    versions: Mapping[str, str]


class EksAddons(pulumi.ComponentResource):
    """Add-ons, each with an identity of its own instead of the machine's."""

    def __init__(self, name: str, args: EksAddonsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:EksAddons", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for addon in args.addons:
            account = SERVICE_ACCOUNTS.get(addon)
            identities: list[aws.eks.AddonPodIdentityAssociationArgsDict] | None = None
            if account is not None:
                identities = [{"service_account": account[0], "role_arn": args.role_arns[account[1]]}]
            settings = SETTINGS.get(addon)
            aws.eks.Addon(
                addon,
                cluster_name=args.cluster_name,
                addon_name=addon,
                addon_version=args.versions.get(addon),
                configuration_values=json.dumps(settings) if settings else None,
                pod_identity_associations=identities,
                resolve_conflicts_on_create="OVERWRITE",
                resolve_conflicts_on_update="PRESERVE",
                opts=child,
            )
        self.register_outputs({})
