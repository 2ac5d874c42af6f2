"""SageMaker pipeline definitions: JSON text read into steps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from .values import Value, at, listed
from .view import Resource

PIPELINE = "aws:sagemaker/pipeline:Pipeline"


class Step(NamedTuple):
    """One step: its type, its arguments (those of the API call that it makes) and where it stands."""

    kind: str
    arguments: Mapping[str, Value]
    path: str


class Job(NamedTuple):
    """A training or processing job, with the parts that the two APIs name differently."""

    step: Step
    network: Mapping[str, Value]
    cluster: Mapping[str, Value]
    output: Mapping[str, Value]


def steps(pipeline: Resource) -> Iterator[Step]:
    """Yield all steps of a pipeline, those inside conditions too.

    Raises:
        ValueError: the definition is no JSON.
    """
    definition = pipeline["pipelineDefinition"]
    if definition is not None:
        yield from _parse(definition)


@lru_cache(maxsize=256)
def _parse(text: str) -> tuple[Step, ...]:
    try:
        document = json.loads(text)
    except (TypeError, ValueError) as error:
        raise ValueError(f"the pipeline definition is no JSON: {error}") from error
    return tuple(_walk(at(document, "Steps"), "pipelineDefinition.Steps"))


def _walk(rows: Value, path: str) -> Iterator[Step]:
    for index, row in enumerate(listed(rows)):
        here = f"{path}[{index}]"
        arguments = at(row, "Arguments") or {}
        yield Step(str(at(row, "Type")), arguments, f"{here}.Arguments")
        for branch in ("IfSteps", "ElseSteps"):
            yield from _walk(at(arguments, branch), f"{here}.Arguments.{branch}")


def jobs(pipeline: Resource) -> Iterator[Job]:
    """Yield the training, tuning and processing jobs of a pipeline."""
    for step in steps(pipeline):
        if step.kind == "Training":
            yield _training(step, step.arguments)
        elif step.kind == "Tuning":
            definition = at(step.arguments, "TrainingJobDefinition")
            for each in listed(at(step.arguments, "TrainingJobDefinitions")) or listed(definition):
                yield _training(step, each)
        elif step.kind == "Processing":
            yield Job(
                step,
                at(step.arguments, "NetworkConfig") or {},
                at(step.arguments, "ProcessingResources", "ClusterConfig") or {},
                at(step.arguments, "ProcessingOutputConfig") or {},
            )


def _training(step: Step, arguments: Mapping[str, Value]) -> Job:
    return Job(step, arguments, at(arguments, "ResourceConfig") or {}, at(arguments, "OutputDataConfig") or {})
