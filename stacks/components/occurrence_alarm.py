"""The alarm on what should not happen once: a failed execution, a message in a dead-letter queue."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws


def occurrence_alarm(  # noqa: PLR0913 (each is a property of the alarm)
    name: str,
    *,
    alarm_name: str,
    description: str,
    namespace: str,
    metric_name: str,
    dimensions: Mapping[str, pulumi.Input[str]],
    statistic: str,
    topic_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    """Return an alarm that rings on the first occurrence in five minutes; silence is no alarm."""
    return aws.cloudwatch.MetricAlarm(
        name,
        name=alarm_name,
        alarm_description=description,
        namespace=namespace,
        metric_name=metric_name,
        dimensions=dict(dimensions),
        statistic=statistic,
        period=300,
        evaluation_periods=1,
        comparison_operator="GreaterThanThreshold",
        threshold=0,
        treat_missing_data="notBreaching",
        alarm_actions=[topic_arn],
        opts=opts,
    )


def message_alarm(
    name: str,
    *,
    alarm_name: str,
    description: str,
    queue: aws.sqs.Queue,
    topic_arn: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    """Return an alarm on the first message in a queue that should be empty."""
    return occurrence_alarm(
        name,
        alarm_name=alarm_name,
        description=description,
        namespace="AWS/SQS",
        metric_name="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue.name},
        statistic="Maximum",
        topic_arn=topic_arn,
        opts=opts,
    )
