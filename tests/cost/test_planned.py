"""What a program announces for the day when a model is approved."""

import json
from decimal import Decimal
from typing import Any

import pytest
from cost import platform_graph as make

from modelkeel import cost
from modelkeel.graph import Graph


def waiting(key: str = "planned_endpoint", **plan: Any) -> Graph:
    root = make.resource("serving", "pulumi:pulumi:Stack", "fraud-serving-prod", custom=False)
    return make.graph(make.data(), make.stack("serving", root, exports={key: json.dumps(plan)}))


def test_an_endpoint_that_waits_for_its_model_is_already_paid_for() -> None:
    """Before the first approval the graph has no endpoint; a budget that leaves it out would be worth nothing."""
    plan = {"min_capacity": 3, "max_capacity": 12, "target_invocations_per_instance_per_minute": 6000}
    planned = cost.price(waiting(instance_type="ml.c7i.2xlarge", capture_percent=100, **plan))
    real = cost.price(make.graph(make.data(), make.serving()))

    assert {"planned endpoint: ml.c7i.2xlarge", "captured requests stored"} <= {
        line.dimension for line in planned.lines
    }
    assert planned.totals.base == pytest.approx(real.totals.base, rel=Decimal("0.02"))


def test_an_endpoint_that_rests_at_night_is_paid_for_its_hours() -> None:
    schedule = {
        "start_schedule_expression": "cron(0 8 ? * MON-FRI *)",
        "stop_schedule_expression": "cron(0 18 ? * MON-FRI *)",
    }
    plan = {"instance_type": "ml.c7i.2xlarge", "min_capacity": 2, "max_capacity": 3}
    always, resting = (
        next(line for line in cost.price(waiting(**made)).lines if line.dimension.startswith("planned endpoint: ml."))
        for made in (plan, plan | schedule)
    )

    assert resting.quantity == pytest.approx(2 * 50 * Decimal(730) / 168, rel=Decimal("1e-6"))
    assert resting.base < always.base * Decimal("0.31")


def test_a_planned_endpoint_without_its_size_is_named() -> None:
    assert [row.dimension for row in cost.price(waiting(instance_type="ml.c7i.xlarge")).unpriced] == [
        "planned endpoint"
    ]


def test_scheduled_scoring_that_waits_for_its_model_is_already_paid_for() -> None:
    plan = {"instance_type": "ml.m5.xlarge", "instance_count": 2, "schedule_expression": "rate(1 day)"}
    lines = {line.dimension: line for line in cost.price(waiting("planned_transform", **plan)).lines}

    assert lines["planned transform: ml.m5.xlarge"].quantity == pytest.approx(Decimal(2 * 730) / 24)


@pytest.mark.parametrize("text", ["", "no json", "[1]", "null"])
def test_an_export_that_is_no_plan_announces_nothing(text: str) -> None:
    root = make.resource("serving", "pulumi:pulumi:Stack", "fraud-serving-prod", custom=False)
    graph = make.graph(make.stack("serving", root, exports={"planned_endpoint": text, "planned_transform": text}))

    assert (cost.price(graph).lines, cost.price(graph).unpriced) == ((), ())
