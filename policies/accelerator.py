"""Accelerated instances: which of them a resource starts, which an environment may use, which talk over EFA."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .pipeline import PIPELINE, jobs
from .values import Value, at, listed
from .view import Resource

TABLE = Path(__file__).resolve().parent / "accelerators.toml"
CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"
HYPERPOD = "AWS::SageMaker::Cluster"
_ACCELERATED = re.compile(r"^(?:ml\.)?((?:g\d|gr\d|p\d|trn\d|inf\d)[a-z0-9-]*)\.([a-z0-9-]+)$")
_EFA = re.compile(r"^(?:ml\.)?(p4d|p4de|p5\w*|p6\S*|trn1n?|trn2)\.")


@cache
def _lists() -> dict[str, list[str]]:
    with TABLE.open("rb") as stream:
        lists: dict[str, list[str]] = tomllib.load(stream)["environment"]
    return lists


def allowed(environment: str) -> list[str]:
    """Return the families and types that an environment may use."""
    return _lists().get(environment, _lists()["default"])


def is_listed(instance_type: str, environment: str) -> bool:
    """Return whether `instance_type` (`ml.g5.xlarge`) may run there; one without an accelerator always may."""
    found = _ACCELERATED.match(instance_type)
    return found is None or not {found[1], f"{found[1]}.{found[2]}"}.isdisjoint(allowed(environment))


def talks_over_efa(instance_type: str) -> bool:
    """Return whether several of these train together over EFA.

    Source: Amazon SageMaker AI Developer Guide, "Run training with EFA", read 2026-11-25.
    """
    return _EFA.match(instance_type) is not None


def instance_types(resource: Resource) -> Iterator[tuple[str, Value]]:
    """Yield the instance types that a resource starts, and the property that names each."""
    if resource.type == PIPELINE:
        for job in jobs(resource):
            yield f"{job.step.path}.InstanceType", at(job.cluster, "InstanceType")
    elif resource.type == CLOUD_CONTROL:
        for index, group in enumerate(listed(at(hyperpod(resource), "InstanceGroups"))):
            yield f"desiredState.InstanceGroups[{index}].InstanceType", at(group, "InstanceType")
    else:
        yield "instanceType", resource["instanceType"]
        for kind in listed(resource["instanceTypes"]):
            yield "instanceTypes", kind
        for kind in listed(at(resource["computeResources"], "instanceTypes")):
            yield "computeResources.instanceTypes", kind
        for index, variant in enumerate(listed(resource["productionVariants"])):
            yield f"productionVariants[{index}].instanceType", at(variant, "instanceType")


def hyperpod(resource: Resource) -> Value:
    """Return what a Cloud Control resource asks of HyperPod; None where it is of another kind."""
    if resource["typeName"] != HYPERPOD:
        return None
    state = resource["desiredState"]
    return json.loads(state) if isinstance(state, str) else state
