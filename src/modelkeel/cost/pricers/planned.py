"""What a program will create once a person allows it: the endpoint or the job that waits for an approved model."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from modelkeel.cost.calendar import hours_between, runs_per_month
from modelkeel.cost.facts import PLANNED_ENDPOINTS, PLANNED_TRANSFORM, Facts, exported, fleet_hours, number
from modelkeel.cost.jobs import Job
from modelkeel.cost.pricers.cluster import planned_nodes
from modelkeel.cost.pricers.idle import idle_fleet
from modelkeel.cost.pricers.machines import planned_jobs
from modelkeel.cost.pricers.sagemaker import captured_requests
from modelkeel.cost.range import assumed, because, exactly
from modelkeel.cost.use import Gap, Part, Use
from modelkeel.graph import Stack

KB_A_GB = 1_000_000
MILLION = 1_000_000


def planned(facts: Facts, stack: Stack) -> Iterator[Part]:
    """Everything that a stack announces in its exports."""
    for key in PLANNED_ENDPOINTS:
        yield from _endpoint(facts, stack, key)
    yield from _transform(stack)
    for key in ("planned_async", "planned_inference_components"):
        yield from _idle(stack, key)
    yield from _serverless(stack)
    yield from planned_nodes(stack)
    yield from planned_jobs(stack)


def _transform(stack: Stack) -> Iterator[Part]:
    """Scheduled scoring, as the export `planned_transform` describes it; none without a schedule."""
    plan = exported(stack, PLANNED_TRANSFORM)
    if not plan:
        return
    kind, expression = plan.get("instance_type"), plan.get("schedule_expression")
    job = Job(
        kind="planned transform",
        name="",
        instance_type=kind if isinstance(kind, str) else None,
        count=number(plan.get("instance_count")),
        seconds=None,
        volume_gib=Decimal(0),
        spot=False,
    )
    runs = runs_per_month(expression) if isinstance(expression, str) else None
    if runs is None:
        yield from job.uses(assumed("hand_started_runs"), because("hand_started_runs"))
    else:
        yield from job.uses(exactly(runs), f"{expression}: {runs:.4g} runs a month once a model is approved")


def _idle(stack: Stack, key: str) -> Iterator[Part]:
    """A fleet that shrinks to its least while nobody asks."""
    plan = exported(stack, key)
    kind = plan.get("instance_type")
    fewest, most = number(plan.get("min_capacity")), number(plan.get("max_capacity"))
    if plan and isinstance(kind, str) and fewest is not None and most is not None:
        yield from idle_fleet(kind, fewest, max(fewest, most), "requests come, once a model is approved")
    elif plan:
        yield Gap(dimension=key.replace("_", " "), reason="instance type or size of the planned fleet is not exported")


def _serverless(stack: Stack) -> Iterator[Part]:
    memory = number(exported(stack, "planned_serverless").get("memory_mb"))
    if memory is not None:
        yield Use(
            dimension="planned serverless endpoint",
            sku="sagemaker-serverless",
            quantity=assumed("serverless_requests_millions") * MILLION * assumed("lambda_seconds") * (memory / 1024),
            assumption=because("serverless_requests_millions", "lambda_seconds"),
        )


def _endpoint(facts: Facts, stack: Stack, key: str) -> Iterator[Part]:
    """The fleet that the export `planned_endpoint` or its like describes, its data and its captured requests.

    Keys of the export: `instance_type`, `min_capacity`, `max_capacity`, `capture_percent` and
    `target_invocations_per_instance_per_minute`, as in the serving program's configuration.
    """
    plan = exported(stack, key)
    if not plan:
        return
    kind = plan.get("instance_type")
    fewest, most = number(plan.get("min_capacity")), number(plan.get("max_capacity"))
    if not isinstance(kind, str) or fewest is None or most is None:
        yield Gap(dimension="planned endpoint", reason="instance type or size of the planned fleet is not exported")
        return
    start, stop = plan.get("start_schedule_expression"), plan.get("stop_schedule_expression")
    hours = hours_between(start, stop) if isinstance(start, str) and isinstance(stop, str) else None
    yield Use(
        dimension=f"planned endpoint: {kind}",
        sku=f"sagemaker-instance:{kind}",
        # A fleet that rests at night does not scale: it is made anew with its least instances.
        quantity=fleet_hours(fewest, max(fewest, most)) if hours is None else exactly(fewest * hours),
        assumption=f"{fewest} to {most} instances once a model is approved; {because('busy_hours')}"
        if hours is None
        else f"{fewest} instances for {hours:.0f} hours a month once a model is approved: {start} to {stop}",
    )
    yield Use(
        dimension="planned endpoint: data in and out",
        sku="sagemaker-data",
        quantity=facts.predictions_millions(stack) * MILLION * assumed("request_kb") * (Decimal(1) / KB_A_GB),
        assumption=because("utilisation", "request_kb"),
    )
    yield from captured_requests(facts, stack, number(plan.get("capture_percent")) or Decimal(0))
