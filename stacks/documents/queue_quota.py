"""Quotas of the teams' queues: each has its share of every resource of the machines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GPU = "nvidia.com/gpu"
EFA = "vpc.amazonaws.com/efa"
HUGE_PAGES = "hugepages-2Mi"
# What the kubelet, the node's agents and EFA's huge pages leave to pods.
ALLOCATABLE = 0.9
HUGE_PAGES_MIB = 5120


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """What all machines together give to pods."""

    cpus: int
    memory_gib: int
    gpus: int
    efa: int
    huge_pages_mib: int


def capacity(pools: Sequence[Mapping[str, Any]]) -> Capacity:
    """Return the capacity of pools at their largest."""

    def total(key: str) -> float:
        return sum(float(row.get(key, 0)) * int(row["most_nodes"]) for row in pools)

    with_efa = sum(int(row["most_nodes"]) for row in pools if row.get("efa_interfaces"))
    return Capacity(
        cpus=int(total("vcpus") * ALLOCATABLE),
        memory_gib=int(total("memory_gib") * ALLOCATABLE),
        gpus=int(total("gpus")),
        efa=int(total("efa_interfaces")),
        huge_pages_mib=with_efa * HUGE_PAGES_MIB,
    )


def quotas(teams: Sequence[Mapping[str, Any]], whole: Capacity) -> dict[str, dict[str, str]]:
    """Return the quota of each team by resource: its GPUs, and of all else the share that goes with them.

    Where there are no GPUs the teams share in equal parts.

    Raises:
        ValueError: the teams are promised more GPUs than the machines have at their largest.
    """
    promised = sum(int(team["gpus"]) for team in teams)
    if promised > whole.gpus:
        named = ", ".join(f"{team['name']} {team['gpus']}" for team in teams)
        raise ValueError(
            f"kubernetes:teams promises {promised} GPUs ({named}), the machines have {whole.gpus} at their largest: "
            "give the teams fewer, or raise most_nodes of a pool"
        )
    return {team["name"]: _quota(_share(team, len(teams), whole), int(team["gpus"]), whole) for team in teams}


def unpromised(teams: Sequence[Mapping[str, Any]], whole: Capacity) -> dict[str, str]:
    """Return what is no team's own: what the quotas of all teams leave of each resource, roundings included."""
    own = quotas(teams, whole).values()
    return {name: _less(amount, [quota[name] for quota in own]) for name, amount in everything(whole).items()}


def team_limits(
    own: Mapping[str, dict[str, str]], whole: Capacity, *, borrowing: Collection[str]
) -> dict[str, dict[str, str]]:
    """Return the most that each team's pods may ask for: all of the machines for teams that borrow, else their own."""
    return {team: everything(whole) if team in borrowing else quota for team, quota in own.items()}


def _less(amount: str, taken: Sequence[str]) -> str:
    unit = amount.lstrip("0123456789")
    return f"{int(amount.removesuffix(unit)) - sum(int(each.removesuffix(unit)) for each in taken)}{unit}"


def everything(whole: Capacity) -> dict[str, str]:
    """Return all that the machines give to pods, by resource."""
    return _quota(1.0, whole.gpus, whole)


def _share(team: Mapping[str, Any], count: int, whole: Capacity) -> float:
    return int(team["gpus"]) / whole.gpus if whole.gpus else 1 / count


def _quota(share: float, gpus: int, whole: Capacity) -> dict[str, str]:
    found = {"cpu": str(int(whole.cpus * share)), "memory": f"{int(whole.memory_gib * share)}Gi"}
    if whole.gpus:
        found[GPU] = str(gpus)
    if whole.efa:
        found[EFA] = str(int(whole.efa * share))
        found[HUGE_PAGES] = f"{int(whole.huge_pages_mib * share)}Mi"
    return found
