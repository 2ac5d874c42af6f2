"""Machines that Karpenter starts when pods wait for them: of one type, encrypted, without metadata for pods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from stacks import efa, provider
from stacks.settings import Platform

KEYS = frozenset(
    {
        *("name", "instance_type", "vcpus", "memory_gib", "gpus", "most_nodes", "spot", "efa"),
        *("efa_interfaces", "busy_hours_per_month", "reservation_id", "serves", "least_nodes"),
    }
)
SYSTEM_VOLUME = "50Gi"
GPU_VOLUME = "300Gi"
# Machines are replaced after this time, so that none runs an old image for long.
LONGEST_LIFE = "720h"


@dataclass(frozen=True, kw_only=True)
class NodePoolArgs:
    """`row` is one of `kubernetes:pools`; the rest is what the cluster program exports.

    Raises:
        ValueError: a key that no pool has, one that is missing, EFA on a type that has none, or a reserved Spot pool.
    """

    platform: Platform
    row: Mapping[str, Any]
    subnet_ids: pulumi.Input[Sequence[str]]
    security_group_ids: Sequence[pulumi.Input[str]]
    instance_profile_name: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    placement_group_name: pulumi.Input[str] | None

    def __post_init__(self) -> None:
        """Refuse a row that Karpenter would never fill."""
        unknown = sorted(set(self.row) - KEYS)
        missing = sorted({"name", "instance_type", "vcpus", "most_nodes"} - set(self.row))
        if unknown or missing:
            said = [f"unknown: {', '.join(unknown)}"] if unknown else []
            said += [f"missing: {', '.join(missing)}"] if missing else []
            raise ValueError(f"a row of kubernetes:pools has keys {'; '.join(said)}; known: {', '.join(sorted(KEYS))}")
        if self.row.get("efa"):
            efa.layout(self.row["instance_type"])
        if self.row.get("reservation_id") and self.row.get("spot"):
            raise ValueError(f"pool {self.row['name']} is reserved and Spot: leave out one of the two")


class NodePool(pulumi.ComponentResource):
    """A pool and the class of its machines."""

    def __init__(self, name: str, args: NodePoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:kubernetes:NodePool", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        machines = kubernetes.apiextensions.CustomResource(
            f"{name}-class",
            api_version="karpenter.k8s.aws/v1",
            kind="EC2NodeClass",
            metadata={"name": name},
            spec=_class(args),
            opts=child,
        )
        kubernetes.apiextensions.CustomResource(
            name,
            api_version="karpenter.sh/v1",
            kind="NodePool",
            metadata={"name": name},
            spec=_pool(name, args.row),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[machines]),
        )
        self.register_outputs({})


def _class(args: NodePoolArgs) -> dict[str, Any]:
    # What was reserved stands in the zone, and beside each other, where it was bought.
    reserved = args.row.get("reservation_id")
    gpu, together = bool(args.row.get("gpus")), bool(args.row.get("efa")) and not reserved
    # EFA does not cross zones.
    subnets = pulumi.Output.from_input(args.subnet_ids).apply(lambda ids: list(ids)[:1] if together else list(ids))
    spec: dict[str, Any] = {
        "amiSelectorTerms": [{"alias": "bottlerocket@latest" if args.platform.use_fips else "al2023@latest"}],
        "instanceProfile": args.instance_profile_name,
        "subnetSelectorTerms": subnets.apply(lambda ids: [{"id": each} for each in ids]),
        "securityGroupSelectorTerms": [{"id": each} for each in args.security_group_ids],
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 1,
        },
        "blockDeviceMappings": [
            {
                "deviceName": "/dev/xvdb" if args.platform.use_fips else "/dev/xvda",
                "ebs": {
                    "volumeSize": GPU_VOLUME if gpu else SYSTEM_VOLUME,
                    "volumeType": "gp3",
                    "encrypted": True,
                    "kmsKeyID": args.kms_key_arn,
                    "deleteOnTermination": True,
                },
            }
        ],
        "tags": provider.tags(args.platform, "kubernetes"),
    }
    if gpu:
        spec["instanceStorePolicy"] = "RAID0"
    if reserved:
        spec["capacityReservationSelectorTerms"] = [{"id": reserved}]
    if together and args.placement_group_name is not None:
        spec["placementGroupSelector"] = {"name": args.placement_group_name}
    return spec


def _pool(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    gpu = int(row.get("gpus", 0))
    # Jobs are sent to machines for jobs: those that serve carry another purpose.
    purpose = "serving" if row.get("serves") else "gpu" if gpu else "general"
    labels = {"purpose": purpose, **({"nvidia.com/gpu.present": "true"} if gpu else {})}
    most = int(row["most_nodes"])
    limits: dict[str, Any] = {"cpu": str(int(row["vcpus"]) * most)}
    if gpu:
        limits["nvidia.com/gpu"] = str(gpu * most)
    template: dict[str, Any] = {
        "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": name},
        "expireAfter": LONGEST_LIFE,
        "requirements": [
            _one_of("node.kubernetes.io/instance-type", [row["instance_type"]]),
            _one_of("karpenter.sh/capacity-type", [_bought(row)]),
        ],
    }
    if gpu:
        template["taints"] = [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}]
    return {
        "template": {"metadata": {"labels": labels}, "spec": template},
        "limits": limits,
        # A machine whose job still runs is never taken to pack pods closer.
        "disruption": {"consolidationPolicy": "WhenEmpty", "consolidateAfter": "5m"},
    }


def _bought(row: Mapping[str, Any]) -> str:
    """Machines of a reservation come from there only. Source: Karpenter 1.14, On-Demand Capacity Reservations."""
    if row.get("reservation_id"):
        return "reserved"
    return "spot" if row.get("spot") else "on-demand"


def _one_of(key: str, values: list[str]) -> dict[str, Any]:
    return {"key": key, "operator": "In", "values": values}
