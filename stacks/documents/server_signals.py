"""What the servers of a language model in the cluster tell CloudWatch, which of it is too much, and how it is drawn.

The servers' sidecar sends the metrics (`<package>.server_metrics`), with the dimension `Server`. Percentiles hold for
data sent as values with counts: Amazon CloudWatch API Reference, MetricDatum, read 2026-11-26.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

RUNNING, WAITING, CACHE = "RequestsRunning", "RequestsWaiting", "CacheUsePercent"
ANSWER, FIRST_TOKEN = "AnswerSeconds", "FirstTokenSeconds"
REQUESTS, FAILED, REFUSED = "Requests", "FailedRequests", "RefusedRequests"
DIMENSION = "Server"
FULL_CACHE_PERCENT = 95
PERIOD_SECONDS, PERIODS = 300, 3
WIDTH, HEIGHT, COLUMNS = 8, 6, 3


@dataclass(frozen=True, kw_only=True)
class ServerLimits:
    """Latency in milliseconds, shares in percent, requests that wait at once at a server.

    `rests`: no server stands at night, so silence tells nothing.
    """

    latency_p99_ms: int
    error_percent: float
    client_error_percent: float
    waiting_requests: int
    rests: bool


@dataclass(frozen=True, kw_only=True)
class ServerSignal:
    """A metric, or a share of all requests, beyond a threshold; `felt` by callers now, or told for working hours."""

    name: str
    metric: str
    statistic: str
    threshold: float
    description: str
    share: bool = False
    below: bool = False
    felt: bool = False


def signals(limits: ServerLimits) -> list[ServerSignal]:
    """Return the signals of the servers; the last one, silence, where some server always stands."""
    seconds = limits.latency_p99_ms / 1000
    found = [
        ServerSignal(
            name="latency",
            metric=ANSWER,
            statistic="p99",
            threshold=seconds,
            description=f"p99 of whole answers above {seconds:g} s",
            felt=True,
        ),
        ServerSignal(
            name="errors",
            metric=FAILED,
            statistic="Sum",
            threshold=limits.error_percent,
            description=f"More than {limits.error_percent} % answered 5xx",
            share=True,
            felt=True,
        ),
        ServerSignal(
            name="rejects",
            metric=REFUSED,
            statistic="Sum",
            threshold=limits.client_error_percent,
            description=f"More than {limits.client_error_percent} % refused",
            share=True,
        ),
        ServerSignal(
            name="waiting",
            metric=WAITING,
            statistic="Average",
            threshold=limits.waiting_requests,
            description=f"More than {limits.waiting_requests} requests wait at a server: more servers did not come",
        ),
        ServerSignal(
            name="cache",
            metric=CACHE,
            statistic="Average",
            threshold=FULL_CACHE_PERCENT,
            description=f"The cache of the servers is above {FULL_CACHE_PERCENT} %: requests are begun anew",
        ),
    ]
    silence = ServerSignal(
        name="silence",
        metric=RUNNING,
        statistic="SampleCount",
        threshold=1,
        description="No server has told anything for a quarter of an hour",
        below=True,
        felt=True,
    )
    return found if limits.rests else [*found, silence]


def dashboard(namespace: str, server: str, region: str, title: str) -> dict[str, Any]:
    """Return the dashboard of the servers, in rows of three graphs."""
    graphs: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
        ("Whole answers, s", ((ANSWER, "p50"), (ANSWER, "p99"))),
        ("First token, s", ((FIRST_TOKEN, "p50"), (FIRST_TOKEN, "p99"))),
        ("Requests that are answered, and that wait, at a server", ((RUNNING, "Average"), (WAITING, "Maximum"))),
        ("Requests", ((REQUESTS, "Sum"), (FAILED, "Sum"), (REFUSED, "Sum"))),
        ("Use of the cache, %", ((CACHE, "Average"), (CACHE, "Maximum"))),
        ("Servers that tell, a minute", ((RUNNING, "SampleCount"),)),
    )
    text = {"type": "text", "x": 0, "y": 0, "width": WIDTH * COLUMNS, "height": 1}
    widgets = [
        {
            "type": "metric",
            "x": WIDTH * (place % COLUMNS),
            "y": 1 + HEIGHT * (place // COLUMNS),
            "width": WIDTH,
            "height": HEIGHT,
            "properties": {
                "title": label,
                "region": region,
                "view": "timeSeries",
                "period": 60,
                "metrics": [[namespace, metric, DIMENSION, server, {"stat": stat}] for metric, stat in metrics],
            },
        }
        for place, (label, metrics) in enumerate(graphs)
    ]
    return {"widgets": [{**text, "properties": {"markdown": f"# {title}"}}, *widgets]}
