"""The machines that a cluster keeps, from its settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from stacks.components.eks_cluster import EksCluster
from stacks.components.eks_node_group import GPU_VOLUME_GIB, SYSTEM_VOLUME_GIB, EksNodeGroup, EksNodeGroupArgs
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What all machines of the cluster share."""

    platform: Platform
    cluster: EksCluster
    kubernetes_version: str
    role_arn: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[str]]
    kms_key_arn: pulumi.Input[str]
    efa_security_group_id: pulumi.Input[str]

    def arguments(self) -> dict[str, Any]:
        """Return the arguments that are the same for every node group."""
        return {
            "platform": self.platform,
            "cluster_name": self.cluster.cluster_name,
            "kubernetes_version": self.kubernetes_version,
            "role_arn": self.role_arn,
            "subnet_ids": self.subnet_ids,
            "security_group_id": self.cluster.security_group_id,
            "kms_key_arn": self.kms_key_arn,
            "efa_security_group_id": self.efa_security_group_id,
        }


KEYS = frozenset(
    {
        *("name", "instance_type", "min_size", "desired_size", "max_size"),
        *("efa", "purchase", "reservation_id", "volume_gib"),
    }
)


def bought(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows whose machines can be made: those of a block that is not bought yet are named, and wait."""
    reserved = ("capacity_block", "reservation")
    waiting = [row for row in rows if row.get("purchase") in reserved and row.get("reservation_id") == ""]
    for row in waiting:
        pulumi.log.info(
            f"node group {row.get('name')}: buy its capacity, set the id (cr-...) as reservation_id in "
            "cluster:gpu_node_groups, and run this program again"
        )
    return [row for row in rows if row not in waiting]


def system_node_group(ground: Ground, instance_type: str, count: int, opts: pulumi.ResourceOptions) -> EksNodeGroup:
    """Return the machines of add-ons and controllers, one more than usual while one is replaced."""
    return EksNodeGroup(
        "system",
        EksNodeGroupArgs(
            **ground.arguments(),
            instance_type=instance_type,
            min_size=count,
            desired_size=count,
            max_size=count + 1,
            volume_gib=SYSTEM_VOLUME_GIB,
            labels={"purpose": "system"},
        ),
        opts,
    )


def gpu_node_group(ground: Ground, row: Mapping[str, Any], opts: pulumi.ResourceOptions) -> EksNodeGroup:
    """Return the machines of one row of `cluster:gpu_node_groups`.

    Raises:
        ValueError: a key that no row has, one that is missing, or sizes and purchases that EC2 refuses.
    """
    unknown = sorted(set(row) - KEYS)
    missing = sorted({"name", "instance_type", "max_size"} - set(row))
    if unknown or missing:
        said = [f"unknown: {', '.join(unknown)}"] if unknown else []
        said += [f"missing: {', '.join(missing)}"] if missing else []
        raise ValueError(
            f"a row of cluster:gpu_node_groups has keys {'; '.join(said)}; known: {', '.join(sorted(KEYS))}"
        )
    least = int(row.get("min_size", 0))
    return EksNodeGroup(
        row["name"],
        EksNodeGroupArgs(
            **ground.arguments(),
            instance_type=row["instance_type"],
            min_size=least,
            desired_size=int(row.get("desired_size", least)),
            max_size=int(row["max_size"]),
            volume_gib=int(row.get("volume_gib", GPU_VOLUME_GIB)),
            gpu=True,
            efa=bool(row.get("efa", False)),
            purchase=row.get("purchase", "on_demand"),
            reservation_id=row.get("reservation_id", ""),
            labels={"purpose": "gpu", "node-group": row["name"]},
        ),
        opts,
    )
