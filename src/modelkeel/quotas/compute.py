"""Demand of EC2 capacity (vCPUs) and of HyperPod clusters (instances)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from modelkeel.graph import Resource
from modelkeel.quotas.need import Demand
from modelkeel.quotas.value import count, items, mapping, parsed, text
from modelkeel.tables.instance import instances

INSTANCE = "aws:ec2/instance:Instance"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
COMPUTE_ENVIRONMENT = "aws:batch/computeEnvironment:ComputeEnvironment"
CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"
CLUSTER = "AWS::SageMaker::Cluster"
KAFKA = "aws:msk/cluster:Cluster"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
EKS_DEFAULT_TYPE = "t3.medium"
STANDARD = frozenset("acdhimrtz")
OTHER_FAMILIES = {"g": "g", "gr": "g", "vt": "g", "p": "p", "inf": "inf", "trn": "trn", "dl": "dl"}
SIZES = {"nano": 2, "micro": 2, "small": 2, "medium": 2, "large": 2, "xlarge": 4}


def demands(resource: Resource) -> Iterator[Demand]:
    """Yield the vCPUs or instances that a resource takes at its largest.

    Capacity blocks draw on no On-Demand quota. Karpenter's pools count at their limit; what a job starts later is not
    in the graph.
    """
    inputs = resource.inputs
    if resource.type == INSTANCE:
        market = mapping(inputs.get("instanceMarketOptions")).get("marketType")
        if market != "capacity-block":
            yield _vcpus(resource, [text(inputs.get("instanceType"))], 1, spot=market == "spot")
    elif resource.type == NODE_GROUP:
        kinds = [text(kind) for kind in items(inputs.get("instanceTypes"))] or [EKS_DEFAULT_TYPE]
        most = count(mapping(inputs.get("scalingConfig")).get("maxSize"))
        if inputs.get("capacityType") != "CAPACITY_BLOCK":
            yield _vcpus(resource, kinds, most, spot=inputs.get("capacityType") == "SPOT")
    elif resource.type == NODE_POOL:
        yield _pool(resource)
    elif resource.type == KAFKA:
        brokers = count(inputs.get("numberOfBrokerNodes"))
        said = f"Kafka cluster {resource.name}: {brokers} brokers"
        yield Demand(use="kafka_brokers", instance_type="", count=brokers, urn=resource.urn, formula=said)
    elif resource.type == COMPUTE_ENVIRONMENT:
        yield from _batch(resource)
    elif resource.type == CLOUD_CONTROL and inputs.get("typeName") == CLUSTER:
        yield from _cluster(resource)


def vcpus_of(instance_type: str) -> int | None:
    """Return the vCPUs of a type: from the instance table, else by the size in its name; none for bare metal."""
    known = instances().get(instance_type)
    if known is not None:
        return known.vcpus
    size = instance_type.partition(".")[2]
    times = re.fullmatch(r"(\d+)xlarge", size)
    return 4 * int(times[1]) if times else SIZES.get(size)


def use_of(instance_type: str, *, spot: bool) -> str:
    """Return the quota that a type counts towards: `ec2_p_spot`; empty for families that have none here.

    Source: Amazon EC2 User Guide, On-Demand Instance quotas and Spot Instance quotas.
    """
    family = instance_type.partition(".")[0]
    letters = re.match(r"[a-z]*", family)[0]  # type: ignore[index]  # matches the empty text too
    group = OTHER_FAMILIES.get(letters, "standard" if letters[:1] in STANDARD and letters not in {"hpc", "mac"} else "")
    if spot and group == "p":
        group = {"4": "p", "3": "p", "2": "p", "5": "p5"}.get(family[1:2], "")
    return f"ec2_{group}{'_spot' * spot}" if group else ""


def _vcpus(resource: Resource, kinds: Sequence[str], most: int | None, *, spot: bool) -> Demand:
    sizes = [vcpus_of(kind) for kind in kinds]
    uses = {use_of(kind, spot=spot) for kind in kinds}
    if most is None or None in sizes or len(uses) != 1 or "" in uses:
        said = (
            f"{resource.name}: its size, or the quota of {', '.join(kinds) or 'its type'}, is not known before it runs"
        )
        return Demand(use="ec2_standard", instance_type="", count=None, urn=resource.urn, formula=said)
    largest = max(size for size in sizes if size is not None)
    said = f"{resource.name}: {most} of at most {largest} vCPUs: {most} * {largest}"
    return Demand(use=uses.pop(), instance_type="", count=most * largest, urn=resource.urn, formula=said)


def _pool(resource: Resource) -> Demand:
    spec = mapping(resource.inputs.get("spec"))
    most = count(mapping(spec.get("limits")).get("cpu"))
    asked = {
        text(each.get("key")): [text(value) for value in items(each.get("values"))]
        for each in map(mapping, items(mapping(mapping(spec.get("template")).get("spec")).get("requirements")))
    }
    kinds = asked.get("node.kubernetes.io/instance-type", [])
    spot = asked.get("karpenter.sh/capacity-type") == ["spot"]
    uses = {use_of(kind, spot=spot) for kind in kinds} - {""}
    known = len(uses) == 1 and most is not None
    return Demand(
        use=uses.pop() if known else "ec2_standard",
        instance_type="",
        count=most if known else None,
        urn=resource.urn,
        formula=f"{resource.name}: {most} vCPUs at most" if known else f"{resource.name}: types decided at run time",
    )


def _batch(resource: Resource) -> Iterator[Demand]:
    resources = mapping(resource.inputs.get("computeResources"))
    market = text(resources.get("type"))
    if market.startswith("FARGATE"):
        return
    most = count(resources.get("maxVcpus"))
    kinds = [text(kind) for kind in items(resources.get("instanceTypes"))]
    for use in sorted({use_of(kind, spot=market == "SPOT") for kind in kinds} - {""}) or ["ec2_standard"]:
        said = "size decided at run time" if most is None else f"{most} vCPUs at most"
        yield Demand(use=use, instance_type="", count=most, urn=resource.urn, formula=f"{resource.name}: {said}")


def _cluster(resource: Resource) -> Iterator[Demand]:
    state: Any = mapping(parsed(resource.inputs.get("desiredState")))
    for group in map(mapping, items(state.get("InstanceGroups"))):
        kind, size = text(group.get("InstanceType")), count(group.get("InstanceCount"))
        name = text(group.get("InstanceGroupName"))
        known = size is not None and kind != ""
        yield Demand(
            use="cluster",
            instance_type=kind,
            count=size if known else None,
            urn=resource.urn,
            formula=f"{resource.name}, group {name}: {size if known else 'decided at run time'}",
        )
