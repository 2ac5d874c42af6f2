"""The bodies of the three dashboards: for who pays, for who is on call, for who answers for the model.

Source of the format: "Dashboard body structure and syntax", CloudWatch API Reference, read 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from stacks import alerts

WIDTH = 24
HEIGHT = 6
COLUMNS = 3
DAY = 86_400
HOUR = 3_600
CALLS, INSTANCES = "AWS/SageMaker", "/aws/sagemaker/Endpoints"

_SATURATION = {
    "serverless": ("MemoryUtilization",),
    "realtime": ("CPUUtilizationNormalized", "MemoryUtilization", "DiskUtilization"),
}
_LOADING = (
    ("Wait for a model to be loaded", CALLS, "ModelLoadingWaitTime"),
    ("Share that found its model loaded", CALLS, "ModelCacheHit"),
    ("Models in memory", INSTANCES, "LoadedModelCount"),
)


@dataclass(frozen=True, kw_only=True)
class EndpointFacts:
    """One endpoint and the way it serves."""

    mode: str
    endpoint_name: str
    variant_name: str


@dataclass(frozen=True, kw_only=True)
class DashboardFacts:
    """What the widgets show. `sources` are the models that drift is watched of, `alarm_arns` the alarms on them.

    `judged` are those among them that late labels judge.
    """

    region: str
    title: str
    endpoints: Sequence[EndpointFacts]
    sources: Sequence[str]
    pipeline_name: str
    metric_namespace: str
    budget_name: str
    review_queue_name: str
    review_workflow_arn: str
    alarm_arns: Sequence[str] = field(default_factory=tuple)
    judged: Sequence[str] = field(default_factory=tuple)


def executive(facts: DashboardFacts) -> dict[str, Any]:
    """Return what tells in a minute whether the service keeps its promise: answers, share of failures, latency, drift.

    What it costs is no CloudWatch metric; the text names the budget that counts it.
    """
    said = f"Costs: budget **{facts.budget_name}** in AWS Budgets, counted by the tags of this environment."
    graphs = [graph for endpoint in facts.endpoints for graph in _promise(endpoint)]
    return _body(
        f"{facts.title}: how the service does\n{said}", facts.region, [*graphs, *_drift(facts), *_quality(facts)]
    )


def operations(facts: DashboardFacts) -> dict[str, Any]:
    """Return what somebody on call looks at: latency, errors, saturation, backlog, records, training runs."""
    graphs = [graph for endpoint in facts.endpoints for graph in _endpoint(endpoint)]
    return _body(facts.title, facts.region, [*graphs, *_drift(facts), *_records(facts), *_pipeline(facts)])


def governance(facts: DashboardFacts) -> dict[str, Any]:
    """Return what somebody who answers for the model looks at: its alarms, drift, records, cases and training runs."""
    body = _body(
        f"{facts.title}: is the model still the one that was approved",
        facts.region,
        [
            *_drift(facts),
            *_quality(facts),
            *_bias(facts),
            *_labels(facts),
            *_records(facts),
            *_cases(facts),
            *_pipeline(facts),
        ],
    )
    if facts.alarm_arns:
        body["widgets"].insert(
            1,
            {
                "type": "alarm",
                "x": 0,
                "y": 1,
                "width": WIDTH,
                "height": 3,
                "properties": {"title": "Alarms on the model", "alarms": list(facts.alarm_arns)},
            },
        )
        for widget in body["widgets"][2:]:
            widget["y"] += 3
    return body


def _body(title: str, region: str, graphs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a title, then graphs in rows of three."""
    text = {"type": "text", "x": 0, "y": 0, "width": WIDTH, "height": 1, "properties": {"markdown": f"# {title}"}}
    width = WIDTH // COLUMNS
    placed = [
        {
            "type": "metric",
            "x": index % COLUMNS * width,
            "y": 1 + index // COLUMNS * HEIGHT,
            "width": width,
            "height": HEIGHT,
            "properties": {"region": region, "view": "timeSeries", "stacked": False, **graph},
        }
        for index, graph in enumerate(graphs)
    ]
    return {"widgets": [text, *placed]}


def _which(endpoint: EndpointFacts) -> list[Any]:
    return ["EndpointName", endpoint.endpoint_name, "VariantName", endpoint.variant_name]


def _promise(endpoint: EndpointFacts) -> list[dict[str, Any]]:
    which, mode = _which(endpoint), endpoint.mode
    return [
        # Asynchronous endpoints publish no count of invocations; every answer has one latency.
        _graph(f"Answers a day, {mode}", DAY, [[CALLS, "ModelLatency", *which, {"stat": "SampleCount"}]]),
        _graph(f"Share of failures, {mode}", HOUR, [[CALLS, "Invocation5XXErrors", *which, {"stat": "Average"}]]),
        _graph(f"Latency p99, {mode}", HOUR, [[CALLS, "ModelLatency", *which, {"stat": "p99"}]]),
    ]


def _endpoint(endpoint: EndpointFacts) -> list[dict[str, Any]]:
    which, mode = _which(endpoint), endpoint.mode
    kinds = ("4XX", "5XX")
    graphs = [
        _graph(f"Latency, {mode}", 60, [[CALLS, "ModelLatency", *which, {"stat": s}] for s in ("p50", "p90", "p99")]),
        _graph(f"Errors, {mode}", 60, [[CALLS, f"Invocation{kind}Errors", *which, {"stat": "Sum"}] for kind in kinds]),
        _graph(
            f"Saturation, {mode}",
            300,
            [
                [INSTANCES, metric, *which, {"stat": "Average"}]
                for metric in _SATURATION.get(mode, _SATURATION["realtime"])
            ],
        ),
    ]
    if mode == "async":
        name = ["EndpointName", endpoint.endpoint_name]
        waiting = ("ApproximateBacklogSize", "ApproximateBacklogSizePerInstance", "HasBacklogWithoutCapacity")
        graphs += [_graph("Backlog", 60, [[CALLS, metric, *name, {"stat": "Average"}] for metric in waiting])]
    else:
        graphs += [_graph(f"Invocations, {mode}", 60, [[CALLS, "Invocations", *which, {"stat": "Sum"}]])]
    if mode == "multi_model":
        graphs += [
            _graph(title, 300, [[namespace, metric, *which, {"stat": "Average"}]])
            for title, namespace, metric in _LOADING
        ]
    return graphs


def _own(facts: DashboardFacts, metric: str, stat: str, sources: Sequence[str] | None = None) -> list[list[Any]]:
    watched = facts.sources if sources is None else sources
    return [[facts.metric_namespace, metric, "Source", source, {"stat": stat}] for source in watched]


def _drift(facts: DashboardFacts) -> list[dict[str, Any]]:
    if not facts.sources:
        return []
    metrics = (alerts.DRIFTED_SHARE, alerts.PREDICTION_SHIFT)
    return [_graph("Drift", HOUR, [row for metric in metrics for row in _own(facts, metric, "Maximum")])]


def _records(facts: DashboardFacts) -> list[dict[str, Any]]:
    if not facts.sources:
        return []
    return [_graph("Captured records", HOUR, _own(facts, alerts.CAPTURED_RECORDS, "Sum"))]


def _quality(facts: DashboardFacts) -> list[dict[str, Any]]:
    """Return what late labels say of the model; nothing where no job judges it."""
    if not facts.judged:
        return []
    return [_graph("Quality by late labels", DAY, _own(facts, alerts.MODEL_QUALITY, "Minimum", facts.judged))]


def _bias(facts: DashboardFacts) -> list[dict[str, Any]]:
    if not facts.judged:
        return []
    metrics = ((alerts.BIAS_GAP, "Maximum"), (alerts.ATTRIBUTION_AGREEMENT, "Minimum"))
    rows = [row for metric, stat in metrics for row in _own(facts, metric, stat, facts.judged)]
    return [_graph("Bias gap, agreement of reasons", DAY, rows)]


def _labels(facts: DashboardFacts) -> list[dict[str, Any]]:
    if not facts.judged:
        return []
    counts = (alerts.LABELLED_RECORDS, alerts.UNKNOWN_LABELS, alerts.DUPLICATE_LABELS, alerts.LATE_LABELS)
    rows = [row for metric in counts for row in _own(facts, metric, "Sum", facts.judged)]
    age = _own(facts, alerts.LABEL_AGE_DAYS, "Maximum", facts.judged)
    return [_graph("Labels of the judged window", DAY, rows), _graph("Days since the newest label", DAY, age)]


def _cases(facts: DashboardFacts) -> list[dict[str, Any]]:
    queue = ["QueueName", facts.review_queue_name]
    machine = ["StateMachineArn", facts.review_workflow_arn]
    return [
        _graph(
            "Cases that wait, oldest in seconds",
            HOUR,
            [["AWS/SQS", "ApproximateAgeOfOldestMessage", *queue, {"stat": "Maximum"}]],
        ),
        _graph(
            "Cases opened, decided, expired",
            DAY,
            [
                ["AWS/States", metric, *machine, {"stat": "Sum"}]
                for metric in ("ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsTimedOut")
            ],
        ),
    ]


def _pipeline(facts: DashboardFacts) -> list[dict[str, Any]]:
    namespace = "AWS/Sagemaker/ModelBuildingPipeline"
    return [
        _graph(
            "Training runs",
            DAY,
            [
                [namespace, metric, "PipelineName", facts.pipeline_name, {"stat": "Sum"}]
                for metric in ("ExecutionStarted", "ExecutionSucceeded", "ExecutionFailed")
            ],
        )
    ]


def _graph(title: str, period: int, metrics: list[list[Any]]) -> dict[str, Any]:
    return {"title": title, "period": period, "metrics": metrics}
