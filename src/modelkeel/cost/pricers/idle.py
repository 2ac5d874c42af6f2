"""Fleets that shrink to nothing: asynchronous endpoints, and the instances that inference components share."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from modelkeel.cost.facts import MONTH_HOURS, Facts, items, mapping, number
from modelkeel.cost.range import assumed, because, exactly
from modelkeel.cost.use import Free, Gap, Part, Pricer, Use
from modelkeel.graph import Resource, Stack

HOST = "AWS::SageMaker::EndpointConfig"
COMPONENT = "AWS::SageMaker::InferenceComponent"
COPIES = "sagemaker:inference-component:DesiredCopyCount"


def idle_fleet(kind: str, fewest: Decimal, most: Decimal, why: str) -> Iterator[Part]:
    """Yield the hours of a fleet of `fewest` instances that grows to `most` while there is work."""
    yield Use(
        dimension=f"instances: {kind}",
        sku=f"sagemaker-instance:{kind}",
        quantity=exactly(fewest * MONTH_HOURS) + assumed("idle_fleet_hours") * (most - fewest),
        assumption=f"{fewest} to {most} instances, more than {fewest} only while {why}; {because('idle_fleet_hours')}",
    )


def host(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Instances that managed scaling starts for copies of models, between its two bounds."""
    variants = [mapping(row) for row in items(desired(resource).get("ProductionVariants"))]
    if not variants:
        yield Gap(dimension="instances", reason="the configuration's variants are unknown until deployment")
    for variant in variants:
        scaling = mapping(variant.get("ManagedInstanceScaling"))
        kind = variant.get("InstanceType")
        fewest, most = number(scaling.get("MinInstanceCount")), number(scaling.get("MaxInstanceCount"))
        if not isinstance(kind, str) or fewest is None or most is None:
            yield Gap(dimension="instances", reason="instance type or bounds of the fleet are not in the configuration")
        else:
            yield from idle_fleet(kind, fewest, max(fewest, most), "copies answer")


def component(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """A component has no charge of its own."""
    yield Free(reason="copies run on instances that are priced with their endpoint configuration")


def component_host(facts: Facts, endpoint: Resource) -> Resource | None:
    """Return the configuration of an endpoint that Cloud Control made, if it is one of inference components."""
    wanted = endpoint.inputs.get("endpointConfigName")
    for _, candidate in facts.of_type(HOST):
        if isinstance(wanted, str) and desired(candidate).get("EndpointConfigName") == wanted:
            return candidate
    return None


def desired(resource: Resource) -> Mapping[str, Any]:
    """Return the desired state of a Cloud Control resource, empty while it is unknown."""
    text = resource.inputs.get("desiredState")
    if not isinstance(text, str):
        return {}
    try:
        return mapping(json.loads(text))
    except ValueError:
        return {}


PRICERS: Mapping[str, Pricer] = {HOST: host, COMPONENT: component}
