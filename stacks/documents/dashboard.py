"""The body of the operations dashboard.

Source of the format: "Dashboard body structure and syntax", CloudWatch API Reference, read 2026-11-23.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stacks import alerts

WIDTH = 24
HEIGHT = 6
COLUMNS = 3


@dataclass(frozen=True, kw_only=True)
class DashboardFacts:
    """What the widgets show; without `endpoint_name` those of an endpoint are left out."""

    region: str
    title: str
    endpoint_name: str | None
    variant_name: str | None
    pipeline_name: str
    metric_namespace: str
    source: str


def body(facts: DashboardFacts) -> dict[str, Any]:
    """Return the dashboard: a title, then graphs in rows of three."""
    graphs = [*_endpoint(facts), *_drift(facts), *_pipeline(facts)]
    title = {
        "type": "text",
        "x": 0,
        "y": 0,
        "width": WIDTH,
        "height": 1,
        "properties": {"markdown": f"# {facts.title}"},
    }
    width = WIDTH // COLUMNS
    placed = [
        {
            "type": "metric",
            "x": index % COLUMNS * width,
            "y": 1 + index // COLUMNS * HEIGHT,
            "width": width,
            "height": HEIGHT,
            "properties": {"region": facts.region, "view": "timeSeries", "stacked": False, **graph},
        }
        for index, graph in enumerate(graphs)
    ]
    return {"widgets": [title, *placed]}


def _endpoint(facts: DashboardFacts) -> list[dict[str, Any]]:
    if facts.endpoint_name is None:
        return []
    which = ["EndpointName", facts.endpoint_name, "VariantName", facts.variant_name]
    calls, instances = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
    return [
        _graph("Latency", 60, [[calls, "ModelLatency", *which, {"stat": stat}] for stat in ("p50", "p90", "p99")]),
        _graph("Invocations", 60, [[calls, "Invocations", *which, {"stat": "Sum"}]]),
        _graph(
            "Errors",
            60,
            [[calls, f"Invocation{kind}Errors", *which, {"stat": "Sum"}] for kind in ("4XX", "5XX")],
        ),
        _graph(
            "Saturation",
            300,
            [
                [instances, metric, *which, {"stat": "Average"}]
                for metric in ("CPUUtilizationNormalized", "MemoryUtilization", "DiskUtilization")
            ],
        ),
    ]


def _drift(facts: DashboardFacts) -> list[dict[str, Any]]:
    def own(metric: str, stat: str) -> list[Any]:
        return [facts.metric_namespace, metric, "Source", facts.source, {"stat": stat}]

    return [
        _graph("Drift", 3600, [own(alerts.DRIFTED_SHARE, "Maximum"), own(alerts.PREDICTION_SHIFT, "Maximum")]),
        _graph("Captured records", 3600, [own(alerts.CAPTURED_RECORDS, "Sum")]),
    ]


def _pipeline(facts: DashboardFacts) -> list[dict[str, Any]]:
    namespace = "AWS/Sagemaker/ModelBuildingPipeline"
    return [
        _graph(
            "Training runs",
            86400,
            [
                [namespace, metric, "PipelineName", facts.pipeline_name, {"stat": "Sum"}]
                for metric in ("ExecutionStarted", "ExecutionSucceeded", "ExecutionFailed")
            ],
        )
    ]


def _graph(title: str, period: int, metrics: list[list[Any]]) -> dict[str, Any]:
    return {"title": title, "period": period, "metrics": metrics}
