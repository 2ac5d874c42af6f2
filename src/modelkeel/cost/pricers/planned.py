"""What a program will create once a person allows it: the endpoint that waits for an approved model."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from modelkeel.cost.facts import PLANNED_ENDPOINT, Facts, fleet_hours, mapping, number
from modelkeel.cost.pricers.sagemaker import captured_requests
from modelkeel.cost.range import assumed, because
from modelkeel.cost.use import Gap, Part, Use
from modelkeel.graph import Stack

KB_A_GB = 1_000_000
MILLION = 1_000_000


def planned_endpoint(facts: Facts, stack: Stack) -> Iterator[Part]:
    """The fleet that the export `planned_endpoint` describes, its data and its captured requests.

    Keys of the export: `instance_type`, `min_capacity`, `max_capacity`, `capture_percent` and
    `target_invocations_per_instance_per_minute`, as in the serving program's configuration.
    """
    plan = mapping(stack.exports.get(PLANNED_ENDPOINT))
    if not plan:
        return
    kind = plan.get("instance_type")
    fewest, most = number(plan.get("min_capacity")), number(plan.get("max_capacity"))
    if not isinstance(kind, str) or fewest is None or most is None:
        yield Gap(dimension="planned endpoint", reason="instance type or size of the planned fleet is not exported")
        return
    yield Use(
        dimension=f"planned endpoint: {kind}",
        sku=f"sagemaker-instance:{kind}",
        quantity=fleet_hours(fewest, max(fewest, most)),
        assumption=f"{fewest} to {most} instances once a model is approved; {because('busy_hours')}",
    )
    yield Use(
        dimension="planned endpoint: data in and out",
        sku="sagemaker-data",
        quantity=facts.predictions_millions(stack) * MILLION * assumed("request_kb") * (Decimal(1) / KB_A_GB),
        assumption=because("utilisation", "request_kb"),
    )
    yield from captured_requests(facts, stack, number(plan.get("capture_percent")) or Decimal(0))
