"""Looks things up in a graph: who refers to whom, typed values, and what follows for the load."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from modelkeel.cost.range import ZERO, Range, assumed, exactly, total
from modelkeel.graph import Graph, Resource, Stack

CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"
ENDPOINT = "aws:sagemaker/endpoint:Endpoint"
SCALING_TARGET = "aws:appautoscaling/target:Target"
SCALING_POLICY = "aws:appautoscaling/policy:Policy"
INVOCATIONS = "SageMakerVariantInvocationsPerInstance"
PLANNED_ENDPOINTS = ("planned_endpoint", "planned_multi_model")
PLANNED_TRANSFORM = "planned_transform"
PLANNED_NODES = "planned_nodes"
MONTH_HOURS = 730
MINUTES = 60


class Facts:
    """An index over one graph; every lookup is pure and ordered as the document is."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.by_urn: dict[str, Resource] = {}
        self._by_type: dict[str, list[tuple[Stack, Resource]]] = defaultdict(list)
        for stack, resource in graph.resources():
            self.by_urn[resource.urn] = resource
            self._by_type[priced_type(resource)].append((stack, resource))

    def of_type(self, kind: str) -> list[tuple[Stack, Resource]]:
        """Return the managed resources of a type, with their stacks."""
        return [pair for pair in self._by_type.get(kind, ()) if not pair[1].read]

    def referred(self, resource: Resource, key: str, kind: str) -> Resource | None:
        """Return the resource of type `kind` that the input `key` points to, by dependency or by value."""
        urns = (*resource.property_dependencies.get(key, ()), *resource.dependencies)
        for urn in urns:
            found = self.by_urn.get(urn)
            if found is not None and priced_type(found) == kind:
                return found
        value = resource.inputs.get(key)
        return self._by_identity(kind).get(value) if isinstance(value, str) else None

    def _by_identity(self, kind: str) -> Mapping[str, Resource]:
        if kind not in self._identities:
            known: dict[str, Resource] = {}
            for _, resource in self._by_type.get(kind, ()):
                for text in identities(resource):
                    known.setdefault(text, resource)
            self._identities[kind] = known
        return self._identities[kind]

    @cached_property
    def _identities(self) -> dict[str, Mapping[str, Resource]]:
        return {}

    @cached_property
    def _predictions(self) -> Mapping[tuple[str, str], Range]:
        sums: dict[tuple[str, str], list[Range]] = defaultdict(list)
        for stack, _ in self.of_type(ENDPOINT):
            sums[stack.account, stack.stack].append(assumed("predictions_millions"))
        for stack, policy in self.of_type(SCALING_POLICY):
            sums[stack.account, stack.stack].append(self._predictions_of(policy))
        for stack in self.graph.stacks:
            for key in PLANNED_ENDPOINTS:
                plan = exported(stack, key)
                rate = number(plan.get("target_invocations_per_instance_per_minute"))
                sums[stack.account, stack.stack].append(
                    _load(rate, number(plan.get("min_capacity")), number(plan.get("max_capacity")))
                )
        return {key: total(ranges) for key, ranges in sums.items()}

    def predictions_millions(self, stack: Stack) -> Range:
        """Return the real-time predictions a month, in millions, of the environment that `stack` belongs to.

        A target-tracking policy says how many invocations a minute an instance shall take; the fleet's typical
        size and an assumed utilisation make it a number. Each endpoint adds a small assumed load.
        """
        return self._predictions.get((stack.account, stack.stack), ZERO)

    def _predictions_of(self, policy: Resource) -> Range:
        tracking = mapping(policy.inputs.get("targetTrackingScalingPolicyConfiguration"))
        predefined = mapping(tracking.get("predefinedMetricSpecification"))
        rate = number(tracking.get("targetValue"))
        target = self.referred(policy, "resourceId", SCALING_TARGET)
        if predefined.get("predefinedMetricType") != INVOCATIONS or target is None:
            return ZERO
        return _load(rate, number(target.inputs.get("minCapacity")), number(target.inputs.get("maxCapacity")))


def _load(rate: Decimal | None, fewest: Decimal | None, most: Decimal | None) -> Range:
    """Millions of predictions a month of a fleet that takes `rate` a minute and instance; unknown is no load."""
    if rate is None or fewest is None or most is None:
        return ZERO
    # The fleet is at its largest because of a peak: the mean load goes by its typical size, never the largest.
    typical = fleet_hours(fewest, max(fewest, most)).base
    return assumed("utilisation") * (typical * rate * MINUTES / 1_000_000)


def fleet_hours(fewest: Decimal, most: Decimal) -> Range:
    """Return the instance hours a month of a fleet that scales between two sizes.

    Low is the smallest fleet all month, high the largest; base adds the difference for the busy hours.
    """
    return exactly(fewest * MONTH_HOURS) + assumed("busy_hours") * (most - fewest)


def priced_type(resource: Resource) -> str:
    """Return the type that prices go by: a Cloud Control resource stands for its CloudFormation type."""
    if resource.type == CLOUD_CONTROL:
        return str(resource.inputs.get("typeName", resource.type))
    return resource.type


def identities(resource: Resource) -> Iterator[str]:
    """Yield the texts by which other resources refer to this one: id, ARN, name."""
    for value in (resource.id, *(resource.outputs.get(key) for key in ("arn", "id", "name", "resourceId", "url"))):
        if isinstance(value, str) and value:
            yield value


def number(value: Any) -> Decimal | None:
    """Return a JSON number, or a text that is one, as Decimal; None for all else, unknowns included."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 else None


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def exported(stack: Stack, key: str) -> Mapping[str, Any]:
    """Return the JSON object that a stack exports as text, or an empty one."""
    value = stack.exports.get(key)
    if not isinstance(value, str):
        return mapping(value)
    try:
        return mapping(json.loads(value))
    except ValueError:
        return {}


def items(value: Any) -> list[Any]:
    """Return a JSON list, or an empty one for anything else."""
    return list(value) if isinstance(value, list | tuple) else []
