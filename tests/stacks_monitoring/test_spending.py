from __future__ import annotations

import json
from typing import Any

import pytest
from small_repository import of_type, one
from stacks_models.aws_shapes import problems
from stacks_models.model_project import ACCOUNT, REGION, recorded
from stacks_serving.modes import SIZES

from modelkeel.graph import Graph

TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:fraud-prod-alerts"


def _stopping(*modes: str) -> Graph:
    sizes = {key: value for mode in modes for key, value in SIZES[mode].items()}
    return recorded(
        serving={"modes": list(modes), **sizes},
        monitoring={"serving_modes": list(modes), "over_budget": "stop", "stop_at_percent": 120},
    )


def _machine(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(str(one(graph, "StateMachine", "budget-stop").inputs["definition"]))
    return found


def _statements(graph: Graph) -> list[dict[str, Any]]:
    text = str(one(graph, "iam/policy:Policy", "budget-stop").inputs["policy"])
    found: list[dict[str, Any]] = json.loads(text)["Statement"]
    return found


def test_an_environment_that_only_alerts_is_never_stopped() -> None:
    assert [r.name for r in of_type(recorded(), "StateMachine") if r.name == "budget-stop"] == []


@pytest.mark.parametrize(("modes", "endpoints"), [(("realtime", "async"), 2), (("batch",), 0)])
def test_above_the_budget_every_endpoint_is_deleted(modes: tuple[str, ...], endpoints: int) -> None:
    graph = _stopping(*modes)

    deleted = _machine(graph)["States"]["DeleteEndpoints"]["Items"]

    assert sorted(deleted) == sorted(r.inputs["name"] for r in of_type(graph, "sagemaker/endpoint:Endpoint"))
    assert len(deleted) == endpoints


def test_components_lose_their_copies_since_their_endpoint_cannot_be_deleted() -> None:
    states = _machine(_stopping("inference_components"))["States"]

    assert states["SleepComponents"]["Items"] == ["fraud-prod-ic-model"]
    assert states["DeleteEndpoints"]["Items"] == []


def test_the_budget_that_is_read_is_the_one_that_is_made() -> None:
    graph = _stopping("realtime")
    read = _machine(graph)["States"]["ReadBudget"]

    assert read["Arguments"] == {"AccountId": ACCOUNT, "BudgetName": one(graph, "budgets/budget:Budget").inputs["name"]}
    assert "* 120 / 100" in read["Assign"]["over"]


def test_its_role_stops_and_does_nothing_else() -> None:
    actions = {action for row in _statements(_stopping("realtime")) for action in row["Action"]}

    assert {action for action in actions if action.startswith(("sagemaker:", "budgets:", "application-"))} == {
        "application-autoscaling:DeregisterScalableTarget",
        "budgets:ViewBudget",
        "sagemaker:DeleteEndpoint",
        "sagemaker:ListPipelineExecutions",
        "sagemaker:StopPipelineExecution",
        "sagemaker:UpdateInferenceComponentRuntimeConfig",
    }
    assert [row["Sid"] for row in _statements(_stopping("realtime")) if row["Resource"] == "*"] == ["DeliverLogs"]


def test_every_call_is_what_its_service_takes() -> None:
    states = _machine(_stopping("realtime", "inference_components"))["States"]
    calls = {name: state for name, state in states.items() if state["Type"] == "Task"}
    calls |= {name: row["ItemProcessor"]["States"]["Stop"] for name, row in states.items() if row["Type"] == "Map"}

    assert len(calls) == 6
    for name, call in calls.items():
        service, action = call["Resource"].rsplit(":", 2)[1:]
        given = json.loads(json.dumps(call["Arguments"]).replace("{% $uuid() %}", "0" * 32))
        assert problems(service, action[0].upper() + action[1:], given) == "", name


def test_people_are_told_of_what_was_stopped_and_not_every_hour() -> None:
    states = _machine(_stopping("realtime"))["States"]

    assert states["IsNews"]["Default"] == "Within"
    assert states["Tell"]["Arguments"]["TopicArn"] == TOPIC


def test_unusual_costs_are_told_once_a_day() -> None:
    graph = recorded(monitoring={"anomaly_usd": 150})
    subscription = one(graph, "costexplorer/anomalySubscription:AnomalySubscription").inputs
    specification = json.loads(str(one(graph, "AnomalyMonitor").inputs["monitorSpecification"]))

    assert specification["Tags"]["Values"] == ["fraud"]
    assert subscription["frequency"] == "DAILY"
    assert subscription["thresholdExpression"]["dimension"]["values"] == ["150"]
    assert subscription["subscribers"] == [{"type": "EMAIL", "address": "owner@example.com"}]


@pytest.mark.parametrize(
    ("mode", "signals"),
    [
        ("realtime", {"latency", "errors", "rejects", "cpu", "memory", "disk"}),
        ("async", {"latency", "errors", "rejects", "cpu", "memory", "disk", "gpu", "backlog"}),
        ("serverless", {"latency", "errors", "rejects", "memory", "concurrency"}),
        ("inference_components", {"latency", "errors", "rejects", "cpu", "memory", "disk", "gpu"}),
    ],
)
def test_each_way_of_serving_has_the_alarms_of_its_own_metrics(mode: str, signals: set[str]) -> None:
    """An asynchronous endpoint counts no invocations, a serverless one has no instances."""
    graph = recorded(
        serving={"modes": [mode], **SIZES[mode]},
        monitoring={"serving_modes": [mode], "gpu_modes": ["async", "inference_components"]},
    )
    name = {"realtime": "endpoint", "inference_components": "components"}.get(mode, mode)
    alarms = {r.name: r.inputs for r in of_type(graph, "MetricAlarm") if "EndpointAlarms" in str(r.parent)}

    assert {alarm.removeprefix(f"{name}-") for alarm in alarms} == signals
    assert {row["dimensions"]["EndpointName"] for row in alarms.values()} == {f"fraud-prod-{name}"}
    assert all(row["alarmActions"] == [TOPIC] for row in alarms.values())
    assert "Invocations" not in {row["metricName"] for row in alarms.values()}


def test_each_mode_that_leaves_records_has_a_drift_job_of_its_own() -> None:
    modes = ["realtime", "async", "batch"]
    graph = recorded(
        serving={"modes": modes, **{k: v for mode in modes for k, v in SIZES[mode].items()}},
        monitoring={
            "serving_modes": modes,
            "async_drift_schedule_expression": "cron(0 7 * * ? *)",
            "batch_drift_schedule_expression": "cron(0 7 * * ? *)",
        },
    )
    alarms = {r.name: r.inputs for r in of_type(graph, "MetricAlarm") if "DriftAlarms" in str(r.parent)}
    sources = {row["dimensions"]["Source"] for row in alarms.values()}

    assert sources == {"fraud-prod-endpoint", "fraud-prod-async", "fraud-prod-scoring"}
    assert {"drift-features", "drift-async-features", "drift-batch-features"} <= set(alarms)
    assert len({row["name"] for row in alarms.values()}) == len(alarms)
