"""The instances of one SageMaker job, as a request to create it describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modelkeel.quotas.value import count, items, mapping, text

NESTED_STEPS = frozenset({"IfSteps", "ElseSteps"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """`instances` and `instance_type` (then empty) are unknown where they are decided at run time."""

    use: str
    instance_type: str
    instances: int | None


def jobs_in(node: Any, parameters: Mapping[str, Any], parallel: int = 1) -> Iterator[Job]:
    """Yield the jobs that a request or a step starts at once, searched to any depth but not in nested steps.

    A tuning job counts as often as `MaxParallelTrainingJobs` says. Source: request syntax of CreateTrainingJob,
    CreateProcessingJob, CreateTransformJob and CreateHyperParameterTuningJob, SageMaker API Reference.
    """
    if isinstance(node, list):
        for item in node:
            yield from jobs_in(item, parameters, parallel)
    elif isinstance(node, Mapping):
        limits = mapping(mapping(node.get("HyperParameterTuningJobConfig")).get("ResourceLimits"))
        parallel = count(resolved(limits.get("MaxParallelTrainingJobs"), parameters)) or parallel
        yield from _job(node, parameters, parallel)
        for key, value in node.items():
            if key not in NESTED_STEPS:
                yield from jobs_in(value, parameters, parallel)


def resolved(value: Any, parameters: Mapping[str, Any]) -> Any:
    """Return the default of the pipeline parameter that `{"Get": "Parameters.Name"}` names, else the value itself."""
    name = text(mapping(value).get("Get"))
    return parameters.get(name.removeprefix("Parameters.")) if name.startswith("Parameters.") else value


def _job(node: Mapping[str, Any], parameters: Mapping[str, Any], parallel: int) -> Iterator[Job]:
    spot = resolved(node.get("EnableManagedSpotTraining"), parameters) is True
    sizes = {
        "spot_training" if spot else "training": mapping(node.get("ResourceConfig")),
        "processing": mapping(mapping(node.get("ProcessingResources")).get("ClusterConfig")),
        "transform": mapping(node.get("TransformResources")),
    }
    for use, size in sizes.items():
        groups = [mapping(row) for row in items(size.get("InstanceGroups"))] or ([size] if size else [])
        for group in groups:
            instances = count(resolved(group.get("InstanceCount"), parameters))
            kind = text(resolved(group.get("InstanceType"), parameters))
            yield Job(
                use=use,
                # An expression such as JSONata's is a text too, but no instance type.
                instance_type=kind if kind.startswith("ml.") else "",
                instances=None if instances is None else instances * parallel,
            )
