"""The body of the dashboard of GPUs: those of the Kubernetes cluster, and those of training jobs.

Metrics: as in stacks/components/accelerator_alarms.py; "Amazon SageMaker AI metrics in Amazon CloudWatch", SageMaker
Developer Guide, read 2026-11-25.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT, COLUMNS = 8, 6, 3
INSIGHTS = "ContainerInsights"
JOBS = "/aws/sagemaker/TrainingJobs"
_CLUSTER = (
    ("Use of GPUs, %", (("node_gpu_utilization", "Average"), ("node_gpu_utilization", "Maximum"))),
    ("Memory of GPUs, %", (("node_gpu_memory_utilization", "Average"), ("node_gpu_memory_utilization", "Maximum"))),
    ("Temperature of GPUs, degrees Celsius", (("node_gpu_temperature", "Maximum"),)),
    ("GPUs asked for, and there", (("cluster_gpu_request", "Maximum"), ("cluster_gpu_total", "Maximum"))),
    ("Machines, and those that failed", (("cluster_node_count", "Maximum"), ("cluster_failed_node_count", "Maximum"))),
)
_EFA = (
    ("EFA, bytes/s", (("node_efa_rx_bytes", "Average"), ("node_efa_tx_bytes", "Average"))),
    ("EFA, dropped packets/s", (("node_efa_rx_dropped", "Maximum"),)),
)
_QUEUES = (
    (
        "Jobs that wait, and that run",
        (("kueue_pending_workloads", "Maximum"), ("kueue_admitted_active_workloads", "Maximum")),
    ),
)


@dataclass(frozen=True, kw_only=True)
class AcceleratorFacts:
    """What there is to show; `cluster_name` is empty without a cluster, `jobs` are training jobs on GPUs."""

    region: str
    title: str
    cluster_name: str
    efa: bool
    queues: bool
    jobs: bool
    metric_namespace: str
    errors_metric: str


def body(facts: AcceleratorFacts) -> dict[str, Any]:
    """Return the dashboard, in rows of three graphs."""
    text = {"type": "text", "x": 0, "y": 0, "width": WIDTH * COLUMNS, "height": 1}
    return {
        "widgets": [
            {**text, "properties": {"markdown": f"# {facts.title}"}},
            *(
                {
                    "type": "metric",
                    "x": WIDTH * (place % COLUMNS),
                    "y": 1 + HEIGHT * (place // COLUMNS),
                    "width": WIDTH,
                    "height": HEIGHT,
                    "properties": {"region": facts.region, "view": "timeSeries", "period": 300, **graph},
                }
                for place, graph in enumerate(_graphs(facts))
            ),
        ]
    }


def _graphs(facts: AcceleratorFacts) -> list[dict[str, Any]]:
    graphs: list[dict[str, Any]] = []
    if facts.cluster_name:
        rows = [*_CLUSTER, *(_EFA if facts.efa else ()), *(_QUEUES if facts.queues else ())]
        graphs += [{"title": title, "metrics": _of_cluster(facts, metrics)} for title, metrics in rows]
        errors = [[facts.metric_namespace, facts.errors_metric, {"stat": "Sum"}]]
        graphs.append({"title": "Errors of GPUs", "metrics": errors})
    if facts.jobs:
        # A job's name is known when it runs, so its metrics are found by a search; it finds those of the account.
        graphs += [
            {
                "title": f"{title} of training jobs, %, sum over a machine",
                "metrics": [[{"expression": _search(metric)}]],
            }
            for title, metric in (("Use of GPUs", "GPUUtilization"), ("Memory of GPUs", "GPUMemoryUtilization"))
        ]
    return graphs


def _of_cluster(facts: AcceleratorFacts, metrics: Sequence[tuple[str, str]]) -> list[list[Any]]:
    return [[INSIGHTS, metric, "ClusterName", facts.cluster_name, {"stat": stat}] for metric, stat in metrics]


def _search(metric: str) -> str:
    return f"SEARCH('{{{JOBS},Host}} MetricName=\"{metric}\"', 'Average', 300)"
