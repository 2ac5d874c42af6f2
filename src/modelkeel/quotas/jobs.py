"""Demand of jobs: pipelines, state machines, schedules, and the transform job that waits for an approved model."""

from __future__ import annotations

from collections.abc import Iterator

from modelkeel.graph import Resource, Stack
from modelkeel.quotas.need import Demand
from modelkeel.quotas.peak import Peak, pipeline_peak, workflow_peak
from modelkeel.quotas.value import count, mapping, parsed, text

PIPELINE = "aws:sagemaker/pipeline:Pipeline"
STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"
SCHEDULE = "aws:scheduler/schedule:Schedule"
PLANNED_TRANSFORM = "planned_transform"


def demands(resource: Resource, runs_at_once: int) -> Iterator[Demand]:
    """Yield what the jobs take that a resource starts; `runs_at_once` executions of a pipeline overlap."""
    if resource.type == PIPELINE:
        limits = mapping(resource.inputs.get("parallelismConfiguration"))
        found = pipeline_peak(
            mapping(parsed(resource.inputs.get("pipelineDefinition"))), count(limits.get("maxParallelExecutionSteps"))
        )
        yield from _counted(resource, found, runs_at_once, "run")
    elif resource.type == STATE_MACHINE:
        yield from _counted(resource, workflow_peak(mapping(parsed(resource.inputs.get("definition")))), 1, "execution")
    elif resource.type == SCHEDULE:
        request = parsed(mapping(resource.inputs.get("target")).get("input"))
        state = {"States": {"start": {"Type": "Task", "Parameters": request}}}
        yield from _counted(resource, workflow_peak(state), 1, "job")


def planned(stack: Stack, urn: str) -> Iterator[Demand]:
    """Yield what scheduled scoring will take once a model is approved, as the export `planned_transform` says."""
    plan = mapping(parsed(stack.exports.get(PLANNED_TRANSFORM)))
    if not plan:
        return
    kind, instances = text(plan.get("instance_type")), count(plan.get("instance_count"))
    size = "its size is not exported" if instances is None or not kind else str(instances)
    yield Demand(
        use="transform",
        instance_type=kind,
        count=instances if kind else None,
        urn=urn,
        formula=f"scoring once a model is approved: {size}",
    )


def _counted(resource: Resource, peak: Peak, times: int, noun: str) -> Iterator[Demand]:
    for (use, instance_type), size in sorted(peak.sizes.items()):
        runs = f"{times} {noun}{'s' * (times > 1)} of {resource.name} at once"
        yield Demand(
            use=use,
            instance_type=instance_type,
            count=times * size,
            urn=resource.urn,
            formula=f"{runs}: {times} * {size}" if times > 1 else f"{runs}: {size}",
        )
    for use in sorted(peak.unknown):
        yield Demand(
            use=use,
            instance_type="",
            count=None,
            urn=resource.urn,
            formula=f"{resource.name}: instance type or count is decided at run time",
        )
