"""Alarms on the health of a Kafka cluster.

Names, dimensions and statistics: Amazon MSK Developer Guide, "Monitor an Amazon MSK cluster" (metrics of Standard
brokers, level DEFAULT) and AWS's own recommendations for alarms on them, read 2026-11-26. What only the controller
knows is 0 from every other broker, so those are read as the maximum, never as the average.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform

DISK_PERCENT = 85
BEHIND_MINUTES = 15
NO_CONTROLLER_MINUTES = 5


@dataclass(frozen=True, kw_only=True)
class _Alarm:
    suffix: str
    metric: str
    comparison: str
    threshold: int
    minutes: int
    description: str


OF_CLUSTER = (
    _Alarm(
        suffix="no-controller",
        metric="ActiveControllerCount",
        comparison="LessThanThreshold",
        threshold=1,
        minutes=NO_CONTROLLER_MINUTES,
        description="No broker of Kafka leads the others",
    ),
    _Alarm(
        suffix="offline",
        metric="OfflinePartitionsCount",
        comparison="GreaterThanThreshold",
        threshold=0,
        minutes=1,
        description="Partitions of Kafka can be neither written nor read",
    ),
    _Alarm(
        suffix="disk",
        metric="KafkaDataLogsDiskUsed",
        comparison="GreaterThanThreshold",
        threshold=DISK_PERCENT,
        minutes=5,
        description=f"A disk of Kafka is fuller than {DISK_PERCENT} %, and has not grown in time",
    ),
)
OF_BROKERS = (
    _Alarm(
        suffix="under-replicated",
        metric="UnderReplicatedPartitions",
        comparison="GreaterThanThreshold",
        threshold=0,
        minutes=BEHIND_MINUTES,
        description="Copies of Kafka's partitions lag behind for longer than a broker takes to restart",
    ),
)


def kafka_alarms(
    name: str,
    platform: Platform,
    cluster_name: pulumi.Output[str],
    topic_arn: str,
    opts: pulumi.ResourceOptions,
) -> None:
    """Create the alarms of a cluster; those on brokers look at all of them by a query."""
    for alarm in (*OF_CLUSTER, *OF_BROKERS):
        every_broker = alarm in OF_BROKERS
        aws.cloudwatch.MetricAlarm(
            f"{name}-{alarm.suffix}",
            name=names.resource_name(platform, f"{name}-{alarm.suffix}"),
            alarm_description=alarm.description,
            namespace=None if every_broker else "AWS/Kafka",
            metric_name=None if every_broker else alarm.metric,
            dimensions=None if every_broker else {"Cluster Name": cluster_name},
            statistic=None if every_broker else "Maximum",
            period=None if every_broker else 60,
            metric_queries=[_worst(alarm.metric, cluster_name)] if every_broker else None,
            evaluation_periods=alarm.minutes,
            datapoints_to_alarm=alarm.minutes,
            comparison_operator=alarm.comparison,
            threshold=alarm.threshold,
            # Where nobody says who leads, nobody does.
            treat_missing_data="breaching" if alarm.metric == "ActiveControllerCount" else "notBreaching",
            alarm_actions=[topic_arn],
            opts=opts,
        )


def _worst(metric: str, cluster_name: pulumi.Output[str]) -> aws.cloudwatch.MetricAlarmMetricQueryArgsDict:
    text = 'SELECT MAX({0}) FROM SCHEMA("AWS/Kafka", "Broker ID", "Cluster Name") WHERE "Cluster Name" = \'{1}\''
    return {
        "id": "worst",
        "expression": pulumi.Output.format(text, metric, cluster_name),
        "label": metric,
        "period": 60,
        "return_data": True,
    }
