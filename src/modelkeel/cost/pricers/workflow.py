"""Schedules, state machines, events, queues, topics and functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.calendar import runs_per_month
from modelkeel.cost.facts import Facts, items, mapping, number
from modelkeel.cost.jobs import jobs_in
from modelkeel.cost.range import Range, assumed, because, exactly
from modelkeel.cost.use import Free, Gap, Part, Pricer, Use, assume
from modelkeel.graph import Resource, Stack

PIPELINE = "aws:sagemaker/pipeline:Pipeline"
MACHINE = "aws:sfn/stateMachine:StateMachine"
RULE = "aws:cloudwatch/eventRule:EventRule"
MILLION = 1_000_000


def schedule(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Invocations, and the jobs of what the schedule starts."""
    if resource.inputs.get("state") == "DISABLED":
        yield Free(reason="the schedule is off")
        return
    expression = resource.inputs.get("scheduleExpression")
    runs = runs_per_month(expression) if isinstance(expression, str) else None
    if runs is None:
        yield Gap(dimension="runs", reason=f"the schedule {expression!r} cannot be read as runs a month")
        return
    said = f"{expression}: {runs:.4g} runs a month"
    yield _millions("invocations", "scheduler-invocation", exactly(runs), said)
    yield from _started(facts, resource, "target", exactly(runs), said)


def event_target(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """What a rule starts: on a schedule by that, on events by an assumption."""
    rule = facts.referred(resource, "rule", RULE)
    expression = rule.inputs.get("scheduleExpression") if rule is not None else None
    if not isinstance(expression, str):
        yield Free(reason="targets of events are free; what they start is priced with its own assumption")
        return
    runs = runs_per_month(expression)
    if runs is None:
        yield Gap(dimension="runs", reason=f"the schedule {expression!r} cannot be read as runs a month")
        return
    said = f"{expression}: {runs:.4g} runs a month"
    yield _millions("invocations", "event-custom", exactly(runs), said)
    yield from _started(facts, resource, "arn", exactly(runs), said)


def _started(facts: Facts, resource: Resource, key: str, runs: Range, said: str) -> Iterator[Part]:
    started = _target(facts, resource, key)
    if started is None:
        definition = mapping(resource.inputs.get("target")).get("input", resource.inputs.get("input"))
        for job in jobs_in(definition):
            yield from job.uses(runs, said)
        return
    text = started.inputs.get("pipelineDefinition", started.inputs.get("definition"))
    for job in jobs_in(text):
        yield from job.uses(runs, said)
    if started.type == MACHINE:
        yield _transitions(text, runs, said)


def _target(facts: Facts, resource: Resource, key: str) -> Resource | None:
    wanted = mapping(resource.inputs.get("target")).get("arn", resource.inputs.get("arn"))
    for kind in (PIPELINE, MACHINE):
        for _, candidate in facts.of_type(kind):
            if isinstance(wanted, str) and wanted == candidate.outputs.get("arn"):
                return candidate
    for kind in (PIPELINE, MACHINE):
        found = facts.referred(resource, key, kind)
        if found is not None:
            return found
    return None


def state_machine(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Executions that no schedule starts; a machine with jobs is started by hand, others by events."""
    definition = resource.inputs.get("definition")
    jobs = jobs_in(definition)
    name = "hand_started_runs" if jobs else "executions"
    yield _transitions(definition, assumed(name), because(name))
    for job in jobs:
        yield from job.uses(assumed(name), because(name))


def _transitions(definition: object, runs: Range, said: str) -> Use:
    states = definition.count('"Type"') if isinstance(definition, str) else 0
    each = assumed("transitions_per_execution") + exactly(states)
    text = f"{said}; {because('transitions_per_execution')}"
    return _millions("state transitions", "step-transitions", runs * each, text)


def event_bus(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Own events."""
    yield assume("own events", "event-custom", "scheduled_event_millions")


def event_archive(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Archived events."""
    yield assume("archived events", "event-archive", "log_gb")


def topic(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Requests to publish."""
    yield assume("requests", "sns-requests", "topic_requests_millions")


def subscription(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Messages by e-mail; deliveries to queues and functions are free."""
    if resource.inputs.get("protocol") == "https":
        yield Free(reason="alarms are few: 100,000 deliveries over HTTPS a month are free")
        return
    if not str(resource.inputs.get("protocol", "")).startswith("email"):
        yield Free(reason="deliveries to queues and functions are free")
        return
    yield _millions("messages", "sns-email", assumed("email_messages"), because("email_messages"))


def queue(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Requests, most of them polls."""
    sku = "sqs-fifo-requests" if resource.inputs.get("fifoQueue") is True else "sqs-requests"
    yield assume("requests", sku, "queue_requests_millions")


def function(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Invocations and compute time by memory and architecture."""
    memory = (number(resource.inputs.get("memorySize")) or Decimal(128)) / 1024
    arm = "arm64" in items(resource.inputs.get("architectures"))
    calls = assumed("lambda_invocations_millions")
    yield assume("invocations", "lambda-requests", "lambda_invocations_millions")
    yield Use(
        dimension="compute",
        sku="lambda-compute-arm" if arm else "lambda-compute",
        quantity=calls * MILLION * assumed("lambda_seconds") * memory,
        assumption=because("lambda_invocations_millions", "lambda_seconds"),
    )


def _millions(dimension: str, sku: str, quantity: Range, said: str) -> Use:
    return Use(dimension=dimension, sku=sku, quantity=quantity * (Decimal(1) / MILLION), assumption=said)


PRICERS: Mapping[str, Pricer] = {
    "aws:cloudwatch/eventArchive:EventArchive": event_archive,
    "aws:cloudwatch/eventBus:EventBus": event_bus,
    "aws:cloudwatch/eventTarget:EventTarget": event_target,
    "aws:lambda/function:Function": function,
    "aws:scheduler/schedule:Schedule": schedule,
    "aws:sfn/stateMachine:StateMachine": state_machine,
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicSubscription:TopicSubscription": subscription,
    "aws:sqs/queue:Queue": queue,
}
