"""Logs, metrics, alarms, dashboards, canaries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.calendar import runs_per_month
from modelkeel.cost.facts import Facts, items, mapping, number
from modelkeel.cost.range import assumed, because, exactly
from modelkeel.cost.use import Gap, Part, Pricer, Use, assume
from modelkeel.graph import Resource, Stack

DAYS_A_MONTH = 30
NEVER_EXPIRES_DAYS = 3653
HIGH_RESOLUTION_SECONDS = 60
ENDPOINT_LOGS = "/aws/sagemaker/Endpoints"


def log_group(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Ingested and stored logs; what is stored grows with the days that the group keeps."""
    name = "endpoint_log_gb" if ENDPOINT_LOGS in str(resource.inputs.get("name", "")) else "log_gb"
    rare = resource.inputs.get("logGroupClass") == "INFREQUENT_ACCESS"
    yield Use(
        dimension="ingestion",
        sku="log-ingest-infrequent" if rare else "log-ingest",
        quantity=assumed(name),
        assumption=because(name),
    )
    days = number(resource.inputs.get("retentionInDays")) or Decimal(NEVER_EXPIRES_DAYS)
    yield Use(
        dimension="storage",
        sku="log-storage",
        quantity=assumed(name) * assumed("log_compression") * (days / DAYS_A_MONTH),
        assumption=f"kept {days} days; {because(name, 'log_compression')}",
    )


def metric_filter(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """The metric that a filter publishes, one for each value of its dimensions."""
    transformation = mapping(resource.inputs.get("metricTransformation"))
    if mapping(transformation.get("dimensions")):
        yield assume("metrics", "metric", "custom_metrics")
    else:
        yield Use(dimension="metric", sku="metric", quantity=exactly(1), assumption="one metric all month")


def alarm(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """An alarm costs by the metrics it looks at; high resolution and anomaly detection cost three times as much."""
    queries = [mapping(row) for row in items(resource.inputs.get("metricQueries"))]
    metrics = [mapping(row["metric"]) for row in queries if row.get("metric")]
    periods = [number(row.get("period")) for row in (metrics or [resource.inputs])]
    fast = any(period is not None and period < HIGH_RESOLUTION_SECONDS for period in periods)
    sku = "alarm-anomaly" if resource.inputs.get("thresholdMetricId") else "alarm"
    count = max(len(metrics), 1)
    yield Use(
        dimension="alarm",
        sku="alarm-high-resolution" if fast else sku,
        quantity=exactly(count),
        assumption=f"{count} metrics all month",
    )


def composite_alarm(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """An alarm over alarms."""
    yield Use(dimension="alarm", sku="alarm-composite", quantity=exactly(1), assumption="all month")


def dashboard(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """A dashboard."""
    yield Use(dimension="dashboard", sku="dashboard", quantity=exactly(1), assumption="all month")


def metric_stream(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Streamed metric updates have no row in the table."""
    yield Gap(dimension="metric updates", reason="the number of streamed metrics is not in the graph")


def canary(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Runs by schedule."""
    expression = mapping(resource.inputs.get("schedule")).get("expression")
    runs = runs_per_month(expression) if isinstance(expression, str) else None
    if runs is None:
        yield Gap(dimension="runs", reason=f"the schedule {expression!r} cannot be read as runs a month")
        return
    yield Use(dimension="runs", sku="canary-run", quantity=exactly(runs), assumption=str(expression))


PRICERS: Mapping[str, Pricer] = {
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": composite_alarm,
    "aws:cloudwatch/dashboard:Dashboard": dashboard,
    "aws:cloudwatch/logGroup:LogGroup": log_group,
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": metric_filter,
    "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
    "aws:cloudwatch/metricStream:MetricStream": metric_stream,
    "aws:synthetics/canary:Canary": canary,
}
