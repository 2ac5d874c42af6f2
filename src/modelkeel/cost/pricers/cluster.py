"""Kubernetes clusters: control plane, the machines of node groups, the machines that a scheduler starts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.facts import MONTH_HOURS, PLANNED_NODES, Facts, fleet_hours, items, mapping, number
from modelkeel.cost.range import Range, assumed, because, exactly
from modelkeel.cost.use import Gap, Part, Pricer, Use
from modelkeel.graph import Resource, Stack

LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
CAPACITY_BLOCK = "CAPACITY_BLOCK"


def control_plane(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """All month; extended support, which costs more, is switched off by the upgrade policy."""
    yield Use(dimension="control plane", sku="eks-cluster", quantity=exactly(MONTH_HOURS), assumption="all month")
    extended = mapping(resource.inputs.get("upgradePolicy")).get("supportType") != "STANDARD"
    if extended:
        yield Gap(dimension="extended support", reason="after standard support each hour costs six times as much")
    yield Use(
        dimension="control plane logs",
        sku="log-ingest",
        quantity=assumed("control_plane_log_gb"),
        assumption=because("control_plane_log_gb"),
    )


def node_group(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Machines from the smallest to the largest size, at the size asked for; disks by the launch template."""
    sizes = mapping(resource.inputs.get("scalingConfig"))
    least, wanted, most = (number(sizes.get(key)) for key in ("minSize", "desiredSize", "maxSize"))
    template = facts.referred(resource, "launchTemplate", LAUNCH_TEMPLATE)
    kinds = items(resource.inputs.get("instanceTypes"))
    kind = kinds[0] if kinds else template.inputs.get("instanceType") if template else None
    if not isinstance(kind, str) or least is None or wanted is None or most is None:
        yield Gap(dimension="machines", reason="type or number of the machines is decided at run time")
        return
    if resource.inputs.get("capacityType") == CAPACITY_BLOCK:
        yield Gap(dimension=f"machines: {kind}", reason="a capacity block is paid when it is bought, at its own price")
        return
    spot = resource.inputs.get("capacityType") == "SPOT"
    hours = Range(least * MONTH_HOURS, wanted * MONTH_HOURS, most * MONTH_HOURS)
    yield Use(
        dimension=f"machines: {kind}",
        sku=f"ec2-instance:{kind}",
        quantity=hours * assumed("spot_share") if spot else hours,
        assumption=f"{wanted} machines all month, {least} to {most}" + (f"; {because('spot_share')}" if spot else ""),
    )
    gib = sum((_gib(mapping(row)) for row in items(template.inputs.get("blockDeviceMappings"))) if template else ())
    if gib:
        yield Use(
            dimension="disks",
            sku="ebs-gp3",
            quantity=Range(least * gib, wanted * gib, most * gib),
            assumption=f"{gib} GiB a machine",
        )


def planned_nodes(stack: Stack) -> Iterator[Part]:
    """The machines that Karpenter starts for jobs, as the export `planned_nodes` lists them."""
    for row in map(mapping, items(_parsed(stack.exports.get(PLANNED_NODES)))):
        kind, most, hours = (
            row.get("instance_type"),
            number(row.get("most_nodes")),
            number(row.get("busy_hours_per_month")),
        )
        if not isinstance(kind, str) or most is None or hours is None:
            yield Gap(dimension="machines on demand", reason="type, number or hours of a pool are not exported")
            continue
        if row.get("reserved") is True:
            yield Gap(dimension=f"machines on demand: {kind}", reason="a reservation is paid where it was bought")
            continue
        least = number(row.get("least_nodes"))
        if least is not None:
            yield _standing(kind, least, most, hours)
            continue
        spot = row.get("spot") is True
        busy = (assumed("job_runtime_share") * (hours * most)).at_most(most * MONTH_HOURS)
        said = f"at most {most} machines, {hours} hours a month each; {because('job_runtime_share')}"
        yield Use(
            dimension=f"machines on demand: {kind}",
            sku=f"ec2-instance:{kind}",
            quantity=busy * assumed("spot_share") if spot else busy,
            assumption=said + (f"; {because('spot_share')}" if spot else ""),
        )


def _standing(kind: str, least: Decimal, most: Decimal, hours: Decimal) -> Use:
    """Machines of servers: the least of them all the time, more while many ask; one of `most` is for an update."""
    rests = hours < MONTH_HOURS
    return Use(
        dimension=f"machines that serve: {kind}",
        sku=f"ec2-instance:{kind}",
        quantity=exactly(least * hours) if rests else fleet_hours(least, max(least, most - 1)),
        assumption=f"{least} machines for {hours} hours a month"
        if rests
        else f"{least} to {most - 1} machines; {because('busy_hours')}",
    )


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _gib(row: Mapping[str, object]) -> Decimal:
    return number(mapping(row.get("ebs")).get("volumeSize")) or Decimal(0)


PRICERS: Mapping[str, Pricer] = {
    "aws:eks/cluster:Cluster": control_plane,
    "aws:eks/nodeGroup:NodeGroup": node_group,
}
