"""Alarms on GPUs, EFA, machines and queues of the Kubernetes cluster, from Container Insights and the audit log.

Names and dimensions: "Amazon EKS and Kubernetes Container Insights with enhanced observability metrics", Amazon
CloudWatch User Guide, and the metric declarations of the CloudWatch agent (aws/amazon-cloudwatch-agent), read
2026-11-25. Broken GPUs are told by the node monitoring agent: it sets a condition of the machine with a reason such as
NvidiaXID79Error, which the audit log holds, and EKS or Karpenter replaces the machine ("Detect node health issues",
Amazon EKS User Guide).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform

INSIGHTS = "ContainerInsights"
GPU_ERRORS = "GpuErrors"
GPU_ERROR_PATTERN = "%Nvidia[A-Za-z0-9]+Error%"
MEMORY_PERCENT = 95
IDLE_PERCENT = 10
IDLE_HOURS = 6
HOUR = 3_600


@dataclass(frozen=True, kw_only=True)
class AcceleratorAlarmsArgs:
    """`log_group_name` holds the audit log of the cluster; `queue_hours` is how long a queue may stay filled."""

    platform: Platform
    cluster_name: str
    log_group_name: str
    metric_namespace: str
    efa: bool
    queues: bool
    queue_hours: int
    alarm_topic_arn: pulumi.Input[str]


class AcceleratorAlarms(pulumi.ComponentResource):
    """A cluster without machines sends nothing: missing data is no alarm, since Karpenter scales to none."""

    alarm_names: list[pulumi.Output[str]]

    def __init__(self, name: str, args: AcceleratorAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:AcceleratorAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        prefix = names.resource_name(args.platform, name)
        errors = aws.cloudwatch.LogMetricFilter(
            f"{name}-errors",
            name=f"{prefix}-errors",
            log_group_name=args.log_group_name,
            pattern=GPU_ERROR_PATTERN,
            metric_transformation={"name": GPU_ERRORS, "namespace": args.metric_namespace, "value": "1"},
            opts=child,
        )
        after = {"errors": pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[errors]))}
        made = [
            aws.cloudwatch.MetricAlarm(
                f"{name}-{signal}",
                name=f"{prefix}-{signal}",
                treat_missing_data="notBreaching",
                alarm_actions=[args.alarm_topic_arn],
                opts=after.get(signal, child),
                **row,
            )
            for signal, row in _rows(args).items()
        ]
        self.alarm_names = [alarm.name for alarm in made]
        self.register_outputs({})


def _rows(args: AcceleratorAlarmsArgs) -> dict[str, dict[str, Any]]:
    rows = {
        "errors": {
            "alarm_description": "A GPU reported an error (XID, ECC, NVLink); its machine is being replaced",
            "namespace": args.metric_namespace,
            "metric_name": GPU_ERRORS,
            "statistic": "Sum",
            "period": 300,
            "evaluation_periods": 1,
            "comparison_operator": "GreaterThanThreshold",
            "threshold": 0,
        },
        "memory": _insight(args, "node_gpu_memory_utilization", "Maximum", 300, 3, MEMORY_PERCENT)
        | {"alarm_description": f"Memory of a GPU is above {MEMORY_PERCENT} % for a quarter of an hour"},
        "idle": _insight(args, "node_gpu_utilization", "Maximum", HOUR, IDLE_HOURS, IDLE_PERCENT)
        | {
            "alarm_description": f"No GPU of the cluster was used above {IDLE_PERCENT} % for {IDLE_HOURS} hours",
            "comparison_operator": "LessThanThreshold",
        },
        "machines": _insight(args, "cluster_failed_node_count", "Maximum", 300, 3, 0)
        | {"alarm_description": "A machine of the cluster is not ready for a quarter of an hour"},
    }
    if args.efa:
        rows["efa"] = _insight(args, "node_efa_rx_dropped", "Maximum", 300, 3, 0) | {
            "alarm_description": "EFA drops packets: a collective that waits for them stalls all machines"
        }
    if args.queues:
        rows["queues"] = _insight(args, "kueue_pending_workloads", "Maximum", 900, 4 * args.queue_hours, 0) | {
            "alarm_description": f"Jobs have been waiting in a queue for {args.queue_hours} hours without a break"
        }
    return rows


def _insight(
    args: AcceleratorAlarmsArgs, metric: str, statistic: str, period: int, periods: int, threshold: float
) -> dict[str, Any]:
    return {
        "namespace": INSIGHTS,
        "metric_name": metric,
        "dimensions": {"ClusterName": args.cluster_name},
        "statistic": statistic,
        "period": period,
        "evaluation_periods": periods,
        "comparison_operator": "GreaterThanThreshold",
        "threshold": threshold,
    }
