"""GPUs of the cluster and of training jobs: what rings, and what the dashboard shows."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from stacks_models.model_project import recorded

from modelkeel import answers, plan
from modelkeel.graph import Graph
from stacks.components.accelerator_alarms import GPU_ERROR_PATTERN
from stacks.components.eks_addons import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
CLUSTER: dict[str, Any] = {"cluster_gpus": True, "cluster_efa": True, "cluster_queues": True, "queue_hours": 2}


@cache
def watched() -> Graph:
    return recorded(monitoring={**CLUSTER, "training_gpus": True})


def _inputs(graph: Graph, kind: str) -> dict[str, dict[str, Any]]:
    return {
        row.name: dict(row.inputs)
        for stack in graph.stacks
        for row in stack.resources
        if row.type.endswith(kind) and row.name.startswith("gpus")
    }


def test_memory_idleness_errors_machines_efa_and_queues_ring() -> None:
    said = {
        name.removeprefix("gpus-"): (row["metricName"], row["comparisonOperator"], row["threshold"])
        for name, row in _inputs(watched(), ":MetricAlarm").items()
    }

    assert said == {
        "errors": ("GpuErrors", "GreaterThanThreshold", 0),
        "memory": ("node_gpu_memory_utilization", "GreaterThanThreshold", 95),
        "idle": ("node_gpu_utilization", "LessThanThreshold", 10),
        "machines": ("cluster_failed_node_count", "GreaterThanThreshold", 0),
        "efa": ("node_efa_rx_dropped", "GreaterThanThreshold", 0),
        "queues": ("kueue_pending_workloads", "GreaterThanThreshold", 0),
    }


def test_a_cluster_that_scaled_to_nothing_is_quiet() -> None:
    alarms = _inputs(watched(), ":MetricAlarm").values()

    assert {row["treatMissingData"] for row in alarms} == {"notBreaching"}
    assert all(row["period"] * row["evaluationPeriods"] <= 86_400 for row in alarms)


def test_metrics_are_those_of_the_cluster() -> None:
    insights = [row for row in _inputs(watched(), ":MetricAlarm").values() if row["namespace"] == "ContainerInsights"]

    assert {row["dimensions"]["ClusterName"] for row in insights} == {"fraud-prod-cluster"}
    assert len(insights) == 5


def test_broken_gpus_are_read_from_the_audit_log_of_the_cluster() -> None:
    found = _inputs(watched(), ":LogMetricFilter")["gpus-errors"]

    assert found["logGroupName"] == "/aws/eks/fraud-prod-cluster/cluster"
    assert found["pattern"] == GPU_ERROR_PATTERN
    assert found["metricTransformation"]["name"] == "GpuErrors"


def test_the_agent_is_told_to_measure_queues_and_accelerators() -> None:
    asked = SETTINGS["amazon-cloudwatch-observability"]["agent"]["config"]["logs"]["metrics_collected"]  # type: ignore[index]

    assert asked["kubernetes"]["kueue_container_insights"] is True
    assert asked["kubernetes"]["accelerated_compute_metrics"] is True


def test_the_dashboard_shows_cluster_and_training_jobs() -> None:
    text = _inputs(watched(), ":Dashboard")["gpus"]["dashboardBody"]
    widgets = json.loads(text)["widgets"]

    for metric in ("node_gpu_utilization", "node_efa_rx_dropped", "kueue_pending_workloads", "GpuErrors"):
        assert metric in text
    assert "GPUMemoryUtilization" in text
    assert len({(row["x"], row["y"]) for row in widgets}) == len(widgets)


def test_without_efa_or_queues_nothing_rings_for_them() -> None:
    graph = recorded(monitoring={"cluster_gpus": True})

    assert set(_inputs(graph, ":MetricAlarm")) == {"gpus-errors", "gpus-memory", "gpus-idle", "gpus-machines"}


def test_without_gpus_nothing_is_made() -> None:
    assert not _inputs(recorded(), ":Dashboard")


@pytest.mark.parametrize(("example", "watches"), [("shared_platform", True), ("fraud_realtime", False)])
def test_the_plan_watches_what_has_gpus(example: str, watches: bool) -> None:
    given = answers.load(ROOT / "examples" / example / "answers.yml", preset=None, data=())
    made = plan.build(given)
    config = next(dict(row.config) for row in made.stacks if (row.program, row.environment) == ("monitoring", "prod"))

    assert (config.get("monitoring:cluster_gpus") is True) == watches
