"""The body of a team's dashboard: its pods in the cluster, and what its own code counts.

Container Insights sends the metrics of a namespace: "Amazon EKS and Kubernetes Container Insights metrics", Amazon
CloudWatch User Guide, read 2026-11-25.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT, PERIOD_SECONDS = 12, 6, 300
INSIGHTS = "ContainerInsights"
PODS = {
    "Running pods": ("namespace_number_of_running_pods", "Maximum"),
    "Processors of its pods, % of the node": ("pod_cpu_utilization", "Average"),
    "Memory of its pods, % of the node": ("pod_memory_utilization", "Average"),
    "Network of its pods, bytes/s": ("pod_network_rx_bytes", "Average"),
}


def body(
    *, title: str, told: str, region: str, cluster: str, team: str, own: str, models: Sequence[str]
) -> dict[str, Any]:
    """Return the dashboard of `team`: `told` is its text, `own` the metric namespace that its code writes to."""
    of_team = ["Namespace", team, "ClusterName", cluster]
    pods = [
        _graph(label, region, [[INSIGHTS, metric, *of_team]], statistic) for label, (metric, statistic) in PODS.items()
    ]
    drift = [
        _graph("Share of drifted inputs", region, [[own, "DriftedShare", "Model", name] for name in models], "Maximum")
    ]
    graphs = [*(pods if cluster else []), *(drift if models else [])]
    text = {"type": "text", "x": 0, "y": 0, "width": 2 * WIDTH, "height": 2}
    return {
        "widgets": [
            {**text, "properties": {"markdown": f"# {title}\n{told}"}},
            *(
                {**graph, "x": WIDTH * (place % 2), "y": 2 + HEIGHT * (place // 2), "width": WIDTH, "height": HEIGHT}
                for place, graph in enumerate(graphs)
            ),
        ]
    }


def _graph(title: str, region: str, metrics: list[list[str]], statistic: str) -> dict[str, Any]:
    properties = {
        "title": title,
        "region": region,
        "metrics": metrics,
        "stat": statistic,
        "period": PERIOD_SECONDS,
        "view": "timeSeries",
    }
    return {"type": "metric", "properties": properties}
