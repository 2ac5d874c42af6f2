"""Demand of real-time endpoints: the largest fleet that autoscaling allows, and the second one of an update."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from modelkeel.graph import Graph, Resource, Stack
from modelkeel.quotas.need import Demand
from modelkeel.quotas.value import count, items, mapping, parsed, text

ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
SCALING_TARGET = "aws:appautoscaling/target:Target"
PLANNED = ("planned_endpoint", "planned_multi_model", "planned_async", "planned_inference_components")
FLEETS = 2
HOST = "AWS::SageMaker::EndpointConfig"


def demands(graph: Graph, resource: Resource) -> Iterator[Demand]:
    """Yield what an endpoint takes, variant by variant, at its largest and while it is updated.

    Without a rolling policy SageMaker makes a second fleet of the same size before it ends the first. Source:
    SageMaker Developer Guide, Blue/green deployments; SageMaker API Reference, DeploymentConfig.
    """
    if resource.type != ENDPOINT:
        return
    configuration = _configuration(graph, resource)
    if configuration is None and (shared := _host(graph, resource)):
        yield from _managed(resource, shared)
        return
    if configuration is None:
        yield _unknown(resource.urn, f"{resource.name}: its configuration is not in the graph")
        return
    for key in ("productionVariants", "shadowProductionVariants"):
        for row in map(mapping, items(configuration.inputs.get(key))):
            if not mapping(row.get("serverlessConfig")):
                yield _variant(graph, resource, row)


def planned(stack: Stack, urn: str) -> Iterator[Demand]:
    """Yield what the endpoints will take that wait for an approved model, as exports like `planned_endpoint` say."""
    for name in PLANNED:
        yield from _announced(mapping(parsed(stack.exports.get(name))), urn)


def _announced(plan: Mapping[str, Any], urn: str) -> Iterator[Demand]:
    if not plan:
        return
    kind, most = text(plan.get("instance_type")), count(plan.get("max_capacity"))
    if not kind or most is None:
        yield _unknown(urn, "planned endpoint: its instance type or size is not exported")
        return
    said = f"endpoint once a model is approved: {most} at most, {FLEETS} fleets during an update: {FLEETS} * {most}"
    yield Demand(use="endpoint", instance_type=kind, count=FLEETS * most, urn=urn, formula=said)


def _variant(graph: Graph, endpoint: Resource, row: Mapping[str, Any]) -> Demand:
    name, kind = text(row.get("variantName")), text(row.get("instanceType"))
    sizes = [count(row.get("initialInstanceCount")), *_largest(graph, endpoint, name)]
    known = [size for size in sizes if size is not None]
    if not kind or not known or None in sizes[1:]:
        return _unknown(endpoint.urn, f"{endpoint.name}, variant {name}: instance type or size is decided at run time")
    most = max(known)
    batch = _rolling_batch(endpoint, most)
    if batch is None:
        said, needed = f"{FLEETS} fleets during an update: {FLEETS} * {most}", FLEETS * most
    else:
        said, needed = f"and {batch} more during a rolling update: {most} + {batch}", most + batch
    formula = f"{endpoint.name}, variant {name}: {most} at most, {said}"
    return Demand(use="endpoint", instance_type=kind, count=needed, urn=endpoint.urn, formula=formula)


def _unknown(urn: str, formula: str) -> Demand:
    return Demand(use="endpoint", instance_type="", count=None, urn=urn, formula=formula)


def _configuration(graph: Graph, endpoint: Resource) -> Resource | None:
    wanted = endpoint.inputs.get("endpointConfigName")
    found = [resource for _, resource in graph.resources() if resource.type == CONFIGURATION]
    by_name = [each for each in found if isinstance(wanted, str) and wanted in (each.outputs.get("name"), each.id)]
    by_urn = [each for each in found if each.urn in endpoint.dependencies]
    return next(iter(by_name or by_urn), None)


def _host(graph: Graph, endpoint: Resource) -> Mapping[str, Any]:
    """Return the desired state of a configuration that Cloud Control made: that of inference components."""
    for _, resource in graph.resources():
        if resource.inputs.get("typeName") == HOST:
            state = mapping(parsed(resource.inputs.get("desiredState")))
            if state.get("EndpointConfigName") == endpoint.inputs.get("endpointConfigName"):
                return state
    return {}


def _managed(endpoint: Resource, host: Mapping[str, Any]) -> Iterator[Demand]:
    """Copies are replaced in batches on the instances that are there, so there is no second fleet."""
    for row in map(mapping, items(host.get("ProductionVariants"))):
        kind = text(row.get("InstanceType"))
        most = count(mapping(row.get("ManagedInstanceScaling")).get("MaxInstanceCount"))
        formula = f"{endpoint.name}, inference components: {most} instances at most"
        yield Demand(use="endpoint", instance_type=kind, count=most, urn=endpoint.urn, formula=formula)


def _largest(graph: Graph, endpoint: Resource, variant: str) -> Iterator[int | None]:
    """Yield the upper bound of each scaling target of the variant; targets are tied by name, or by dependency."""
    name = text(endpoint.inputs.get("name")) or text(endpoint.outputs.get("name"))
    for _, target in graph.resources():
        if target.type == SCALING_TARGET:
            identity = text(target.inputs.get("resourceId"))
            is_tied = not identity and endpoint.urn in target.dependencies
            if is_tied or identity == f"endpoint/{name}/variant/{variant}":
                yield count(target.inputs.get("maxCapacity"))


def _rolling_batch(endpoint: Resource, fleet: int) -> int | None:
    """Return how many instances a rolling update adds, none for a blue/green update."""
    policy = mapping(mapping(endpoint.inputs.get("deploymentConfig")).get("rollingUpdatePolicy"))
    size = mapping(policy.get("maximumBatchSize"))
    value = count(size.get("value"))
    if value is None:
        return None
    return value if size.get("type") == "INSTANCE_COUNT" else math.ceil(fleet * value / 100)
