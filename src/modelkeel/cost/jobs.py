"""SageMaker jobs found in the definitions of pipelines, state machines and schedules."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from modelkeel.cost.facts import items, mapping, number
from modelkeel.cost.range import Range, assumed, because
from modelkeel.cost.use import Gap, Part, Use

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Instances that a definition starts: how many, of which type, for how long at most.

    `seconds` is None where the definition sets no limit; `count` and `instance_type` are None where they
    are decided at run time. `warm_seconds` is how long its machines are kept for the next one.
    """

    kind: str
    name: str
    instance_type: str | None
    count: Decimal | None
    seconds: Decimal | None
    volume_gib: Decimal
    spot: bool
    warm_seconds: Decimal = Decimal(0)

    def hours(self) -> Range:
        """Return the hours of one run: a share of the longest allowed time, or an assumed time without a limit."""
        if self.seconds is None:
            return assumed("job_hours")
        return assumed("job_runtime_share") * (self.seconds / SECONDS_AN_HOUR)

    def uses(self, runs: Range, said: str) -> Iterator[Part]:
        """Yield what `runs` runs a month use; `said` tells where the number of runs comes from."""
        label = f"{self.kind} {self.name}".strip()
        if self.instance_type is None or self.count is None:
            yield Gap(dimension=label, reason="instance type or count of the job is decided at run time")
            return
        hours = self.hours() * self.count * runs
        limit = because("job_runtime_share") if self.seconds is not None else because("job_hours")
        spot = f"; {because('spot_share')}" if self.spot else ""
        yield Use(
            dimension=f"{label}: {self.instance_type}",
            sku=f"sagemaker-instance:{self.instance_type}",
            quantity=hours * assumed("spot_share") if self.spot else hours,
            assumption=f"{said}; {limit}{spot}",
        )
        if self.warm_seconds:
            yield Use(
                dimension=f"{label}: warm pool of {self.instance_type}",
                sku=f"sagemaker-instance:{self.instance_type}",
                quantity=runs * self.count * (self.warm_seconds / SECONDS_AN_HOUR),
                assumption=f"{said}; machines are kept {self.warm_seconds} s after each run",
            )
        if self.volume_gib:
            yield Use(
                dimension=f"{label}: storage",
                sku="sagemaker-volume",
                quantity=hours * (self.volume_gib / 730),
                assumption=f"{said}; {self.volume_gib} GiB while the job runs",
            )


def jobs_in(definition: Any) -> list[Job]:
    """Return the jobs in a definition: JSON text or parsed JSON, searched to any depth.

    Source: request syntax of CreateTrainingJob, CreateProcessingJob, CreateTransformJob and
    CreateHyperParameterTuningJob in the SageMaker API reference, which pipelines, Step Functions and
    EventBridge Scheduler share; read 2026-11-23.
    """
    parsed = _parsed(definition)
    parameters = {
        str(row.get("Name")): row.get("DefaultValue") for row in items(mapping(parsed).get("Parameters")) if row
    }
    return list(_walk(parsed, "", parameters, 1))


def _parsed(definition: Any) -> Any:
    if not isinstance(definition, str):
        return definition
    try:
        return json.loads(definition)
    except ValueError:
        return None


def _walk(node: Any, name: str, parameters: Mapping[str, Any], times: Decimal | int) -> Iterator[Job]:
    if isinstance(node, list):
        for item in node:
            yield from _walk(item, name, parameters, times)
    elif isinstance(node, Mapping):
        own = node.get("Name")
        name = own if isinstance(own, str) and own else name
        most = mapping(mapping(node.get("HyperParameterTuningJobConfig")).get("ResourceLimits"))
        times = number(most.get("MaxNumberOfTrainingJobs")) or times
        yield from _job(node, name, parameters, times)
        for key, value in node.items():
            yield from _walk(value, key if key[:1].isupper() and name == "" else name, parameters, times)


def _job(node: Mapping[str, Any], name: str, parameters: Mapping[str, Any], times: Decimal | int) -> Iterator[Job]:
    kinds = {
        "training": node.get("ResourceConfig"),
        "processing": mapping(node.get("ProcessingResources")).get("ClusterConfig"),
        "transform": node.get("TransformResources"),
    }
    for kind, found in kinds.items():
        size = mapping(found)
        if not size:
            continue
        count = number(_resolved(size.get("InstanceCount"), parameters))
        instance_type = _resolved(size.get("InstanceType"), parameters)
        limit = _resolved(mapping(node.get("StoppingCondition")).get("MaxRuntimeInSeconds"), parameters)
        yield Job(
            kind=kind,
            name=name,
            instance_type=instance_type if isinstance(instance_type, str) else None,
            count=None if count is None else count * times,
            seconds=None if kind == "transform" else number(limit),
            volume_gib=number(_resolved(size.get("VolumeSizeInGB"), parameters)) or Decimal(0),
            spot=_resolved(node.get("EnableManagedSpotTraining"), parameters) is True,
            warm_seconds=number(_resolved(size.get("KeepAlivePeriodInSeconds"), parameters)) or Decimal(0),
        )


def _resolved(value: Any, parameters: Mapping[str, Any]) -> Any:
    """A pipeline writes `{"Get": "Parameters.Name"}` for a parameter; its default is what a schedule uses."""
    get = mapping(value).get("Get")
    if isinstance(get, str) and get.startswith("Parameters."):
        return parameters.get(get.removeprefix("Parameters."))
    return value
