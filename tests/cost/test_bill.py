"""What a graph costs: facts about bills of small graphs."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from cost import platform_graph as make
from json_schema import problems

from modelkeel import cost
from modelkeel.graph import Graph
from modelkeel.tables.prices import Prices, prices
from modelkeel.tables.usage import usages


def one(kind: str, inputs: dict[str, Any] | None = None, **more: Any) -> Graph:
    return make.graph(make.stack("data", make.resource("data", kind, "it", inputs, **more)))


def lines(graph: Graph) -> dict[str, cost.CostLine]:
    return {line.dimension: line for line in cost.price(graph).lines}


def test_the_document_obeys_its_schema() -> None:
    assert problems(json.loads(cost.dumps(cost.price(make.platform()))), "cost") == []


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert cost.dumps(cost.price(make.platform())) == cost.dumps(cost.price(make.platform()))


def test_low_base_and_high_keep_their_order_in_every_line_and_total() -> None:
    bill = cost.price(make.platform())

    for row in (*bill.lines, bill.totals, *bill.by_program().values()):
        assert 0 <= row.low <= row.base <= row.high


def test_totals_are_the_sums_of_the_lines_that_are_printed() -> None:
    document = cost.to_document(cost.price(make.platform()))

    for bound in ("low", "base", "high"):
        assert Decimal(document["totals"][bound]) == sum(Decimal(line[bound]) for line in document["lines"])


def test_the_platform_is_priced_without_a_gap() -> None:
    assert cost.price(make.platform()).unpriced == ()


def test_the_three_largest_drivers_are_named_with_all_their_dimensions() -> None:
    bill = cost.price(make.platform())
    sums: dict[str, Decimal] = {}
    for line in bill.lines:
        sums[line.urn] = sums.get(line.urn, Decimal(0)) + line.base

    assert [driver.totals.base for driver in bill.drivers()] == sorted(sums.values(), reverse=True)[:3]


def test_a_type_nobody_knows_is_named_and_counts_as_nothing() -> None:
    bill = cost.price(one("aws:neptune/cluster:Cluster"))

    assert [(row.type, row.dimension) for row in bill.unpriced] == [("aws:neptune/cluster:Cluster", "all")]
    assert (bill.lines, bill.totals.high) == ((), 0)


def test_an_instance_type_without_a_price_is_named() -> None:
    bill = cost.price(make.graph(make.serving(instance_type="ml.imaginary.xlarge")))

    gaps = {row.dimension: row.reason for row in bill.unpriced}
    assert gaps["live: ml.imaginary.xlarge"] == "no price of sagemaker-instance:ml.imaginary.xlarge in eu-west-1"
    assert "live: ml.imaginary.xlarge" not in {line.dimension for line in bill.lines}


def test_a_region_without_prices_leaves_everything_unpriced() -> None:
    graph = make.graph(replace(make.serving(), region="mars-north-1"))

    assert cost.price(graph).lines == ()
    assert len(cost.price(graph).unpriced) > 4


def test_a_table_without_a_price_does_not_make_it_free() -> None:
    known = prices()
    fewer = Prices(rows={key: row for key, row in known.rows.items() if key[0] != "kms-key"}, factors=known.factors)

    bill = cost.price(one("aws:kms/key:Key"), fewer)

    assert [row.dimension for row in bill.unpriced] == ["key"]
    assert [line.dimension for line in bill.lines] == ["requests"]


def test_a_count_that_only_the_deployment_knows_is_a_gap_and_no_zero() -> None:
    unknown = {"$unknown": True}
    graph = one("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Interface", "subnetIds": unknown})

    assert [row.reason for row in cost.price(graph).unpriced] == ["the endpoint's subnets are unknown until deployment"]


def test_components_looked_up_resources_and_providers_cost_nothing() -> None:
    bill = cost.price(
        make.graph(
            make.stack(
                "data",
                make.component("data", "modelkeel:data:PrivateBucket", "raw"),
                make.resource("data", "aws:s3/bucket:Bucket", "theirs", read=True),
                make.resource("data", "pulumi:providers:aws", "home"),
            )
        )
    )

    assert (bill.lines, bill.unpriced, bill.free) == ((), (), ())


def test_a_cloud_control_resource_goes_by_its_cloudformation_type() -> None:
    bill = cost.price(one("aws:cloudcontrol/resource:Resource", {"typeName": "AWS::SageMaker::Cluster"}))

    assert [row.type for row in bill.unpriced] == ["AWS::SageMaker::Cluster"]


def test_an_endpoint_runs_all_month() -> None:
    line = lines(make.graph(make.serving()))["live: ml.c7i.2xlarge"]

    assert line.quantity == 3 * 730
    assert line.base == (line.quantity * line.unit_price).quantize(Decimal("0.0001"))


def test_an_autoscaled_fleet_costs_its_smallest_size_at_least_and_its_largest_at_most() -> None:
    bill = cost.price(make.graph(make.serving(fewest=3, most=12, started=3)))
    hourly = {line.dimension: line for line in bill.lines}
    fleet = [line for name, line in hourly.items() if name.endswith("ml.c7i.2xlarge")]
    price = prices().find("sagemaker-instance:ml.c7i.2xlarge", "eu-west-1")

    assert price is not None
    assert sum(line.low for line in fleet) == (3 * 730 * price.low).quantize(Decimal("0.0001"))
    assert sum(line.high for line in fleet) == (12 * 730 * price.high).quantize(Decimal("0.0001"))
    assert sum(line.base for line in fleet) == pytest.approx(
        Decimal(3 * 730 + 9 * 243) * price.usd, abs=Decimal("0.001")
    )


def test_instances_above_the_first_configuration_are_counted_once() -> None:
    """The configuration starts one instance, the target keeps two: the second is the target's."""
    quantities = {
        line.dimension: line.quantity
        for line in cost.price(make.graph(make.serving(fewest=2, most=2, started=1))).lines
    }

    assert quantities["live: ml.c7i.2xlarge"] == 730
    assert quantities["added instances: ml.c7i.2xlarge"] == 730


def test_captured_data_follows_the_sampling_percentage() -> None:
    def captured(percent: int) -> Decimal:
        stack = make.serving()
        changed = tuple(
            replace(
                row,
                inputs={
                    **row.inputs,
                    "dataCaptureConfig": {"enableCapture": True, "initialSamplingPercentage": percent},
                },
            )
            if "endpointConfiguration" in row.type
            else row
            for row in stack.resources
        )
        return lines(make.graph(replace(stack, resources=changed)))["captured requests stored"].base

    assert captured(100) == pytest.approx(captured(50) * 2, abs=Decimal("0.001"))


def test_without_capture_the_configuration_is_free() -> None:
    bill = cost.price(one("aws:sagemaker/endpointConfiguration:EndpointConfiguration", {"productionVariants": []}))

    assert [row.type for row in bill.free] == ["aws:sagemaker/endpointConfiguration:EndpointConfiguration"]


def test_a_daily_schedule_pays_for_thirty_runs_of_its_pipeline() -> None:
    bill = cost.price(make.graph(make.training()))
    by_hand = next(row for row in bill.lines if "Pipeline" in row.urn and row.dimension.startswith("training"))
    daily = next(row for row in bill.lines if "Schedule" in row.urn and row.dimension.startswith("training"))

    assert by_hand.quantity == Decimal("0.35") * 2 * 4
    assert daily.quantity == (Decimal("0.35") * 2 * 730 / 24).quantize(Decimal("0.000001"))


def test_a_job_may_use_its_whole_time_limit_at_most() -> None:
    daily = next(row for row in cost.price(make.graph(make.training())).lines if "Schedule" in row.urn)
    price = prices().find("sagemaker-instance:ml.m7i.4xlarge", "eu-west-1")

    assert price is not None
    assert daily.high == (2 * Decimal(730) / 24 * price.high).quantize(Decimal("0.0001"))


def test_an_interface_endpoint_costs_by_the_zone_and_a_gateway_endpoint_nothing() -> None:
    bill = cost.price(make.graph(make.foundation()))
    hours = [line.quantity for line in bill.lines if line.dimension == "endpoint hours"]

    assert hours == [3 * 730] * 4
    assert "gateway endpoints are free" in {row.reason for row in bill.free}


def test_a_log_group_that_forgets_soon_does_not_make_flow_logs_cheaper() -> None:
    group = make.resource("data", "aws:cloudwatch/logGroup:LogGroup", "flow", {"retentionInDays": 14})
    flow = make.resource("data", "aws:ec2/flowLog:FlowLog", "flow", on=[group.urn])

    alone = cost.price(make.graph(make.stack("data", flow))).totals
    together = cost.price(make.graph(make.stack("data", group, flow))).totals

    assert together.low > alone.low
    assert together.base > alone.base
    assert together.high > alone.high


def test_a_stream_carries_what_predictions_bring() -> None:
    """The stream alone has its assumed traffic; beside an endpoint it has the endpoint's too."""
    alone = lines(make.graph(make.data()))["data in"]
    beside = lines(make.graph(make.data(), make.serving()))["data in"]

    assert beside.quantity > 10 * alone.quantity


def test_the_size_that_the_data_program_exports_is_stored() -> None:
    assert lines(make.graph(make.data()))["data set"].quantity == 12288


@pytest.mark.parametrize(
    ("kind", "inputs", "dimension", "sku_price"),
    [
        ("aws:cloudwatch/metricAlarm:MetricAlarm", {"period": 60}, "alarm", "0.10"),
        ("aws:cloudwatch/compositeAlarm:CompositeAlarm", {}, "alarm", "0.55"),
        ("aws:kms/key:Key", {}, "key", "1.00"),
        ("aws:ec2/eip:Eip", {}, "address", "3.65"),
        ("aws:ec2/natGateway:NatGateway", {}, "gateway", "35.04"),
        ("aws:secretsmanager/secret:Secret", {}, "secret", "0.40"),
        ("aws:cloudwatch/dashboard:Dashboard", {}, "dashboard", "3.30"),
    ],
)
def test_a_thing_that_costs_by_being_there(kind: str, inputs: dict[str, Any], dimension: str, sku_price: str) -> None:
    assert lines(one(kind, inputs))[dimension].base == Decimal(sku_price)


def test_a_high_resolution_alarm_costs_three_times_as_much() -> None:
    fast = lines(one("aws:cloudwatch/metricAlarm:MetricAlarm", {"period": 10}))["alarm"]

    assert fast.base == pytest.approx(Decimal("0.33"))


def test_an_alarm_costs_by_the_metrics_it_looks_at() -> None:
    queries = [{"id": "m1", "metric": {"period": 60}}, {"id": "m2", "metric": {"period": 60}}, {"id": "e1"}]

    assert lines(one("aws:cloudwatch/metricAlarm:MetricAlarm", {"metricQueries": queries}))["alarm"].base == Decimal(
        "0.20"
    )


def test_a_trail_pays_for_data_events_only_when_it_logs_them() -> None:
    kind = "aws:cloudtrail/trail:Trail"
    selector = {
        "fieldSelectors": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": ["AWS::S3::Object"]},
        ]
    }

    assert cost.price(one(kind)).lines == ()
    assert list(lines(one(kind, {"advancedEventSelectors": [selector]}))) == ["data events"]


def test_a_disabled_schedule_costs_nothing() -> None:
    graph = one("aws:scheduler/schedule:Schedule", {"scheduleExpression": "rate(1 hour)", "state": "DISABLED"})

    assert cost.price(graph).lines == ()


def test_a_schedule_that_cannot_be_read_is_named() -> None:
    graph = one("aws:scheduler/schedule:Schedule", {"scheduleExpression": "whenever"})

    assert [row.dimension for row in cost.price(graph).unpriced] == ["runs"]


def copies(*arns: Any) -> Graph:
    rules = [
        {"ruleName": "daily", "schedule": "cron(0 2 * * ? *)", "lifecycle": {"deleteAfter": 35}},
        {"ruleName": "monthly", "schedule": "cron(0 4 1 * ? *)", "lifecycle": {"deleteAfter": 90}},
    ]
    plan = make.resource("data", "aws:backup/plan:Plan", "backup", {"rules": rules})
    selection = make.resource(
        "data", "aws:backup/selection:Selection", "copies", {"planId": plan.id, "resources": list(arns)}
    )
    return make.graph(make.stack("data", plan, selection))


def test_a_bucket_is_copied_by_its_changes_and_a_table_in_full_each_time() -> None:
    """35 daily copies and 3 monthly ones of a table live at a time."""
    found = lines(copies("arn:aws:s3:::a", "arn:aws:s3:::b", "arn:aws:dynamodb:eu-west-1:1:table/cases"))

    assert found["copies of buckets"].quantity == 2 * usages()["backup_gb"].base
    assert found["copies of tables"].quantity == (35 + 3) * usages()["table_gb"].base
    assert found["copies of tables"].unit_price > found["copies of buckets"].unit_price


def test_copies_of_what_is_not_known_yet_are_a_gap() -> None:
    assert [row.dimension for row in cost.price(copies({"$unknown": True})).unpriced] == ["copies"]
