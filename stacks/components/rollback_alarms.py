"""The alarms that turn an endpoint update back."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

MICROSECONDS_PER_MILLISECOND = 1000


@dataclass(frozen=True, kw_only=True)
class RollbackAlarmsArgs:
    """`latency_p99_ms` is the model's own time in milliseconds; `error_percent` counts answers 5xx.

    `purpose` tells alarms of one endpoint apart: those of a shadow turn nothing back.
    """

    endpoint_name: str
    variant_name: str
    latency_p99_ms: int
    error_percent: float
    alarm_topic_arn: pulumi.Input[str]
    purpose: str = "rollback"


class RollbackAlarms(pulumi.ComponentResource):
    """Latency and errors by the minute, quick enough to decide within the wait of a canary.

    They exist before the endpoint: an update may name only alarms that are there. Metrics:
    "Amazon SageMaker AI metrics in Amazon CloudWatch", read 2026-11-23 (ModelLatency is in microseconds; the
    average of Invocation5XXErrors is the share of failed invocations).
    """

    alarm_names: list[pulumi.Output[str]]

    def __init__(self, name: str, args: RollbackAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:RollbackAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        dimensions = {"EndpointName": args.endpoint_name, "VariantName": args.variant_name}
        latency = aws.cloudwatch.MetricAlarm(
            f"{name}-latency",
            name=f"{args.endpoint_name}-{args.purpose}-latency",
            alarm_description=f"p99 model latency above {args.latency_p99_ms} ms; turns an update back",
            namespace="AWS/SageMaker",
            metric_name="ModelLatency",
            dimensions=dimensions,
            extended_statistic="p99",
            period=60,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            comparison_operator="GreaterThanThreshold",
            threshold=args.latency_p99_ms * MICROSECONDS_PER_MILLISECOND,
            treat_missing_data="notBreaching",
            evaluate_low_sample_count_percentiles="ignore",
            alarm_actions=[args.alarm_topic_arn],
            opts=child,
        )
        errors = aws.cloudwatch.MetricAlarm(
            f"{name}-errors",
            name=f"{args.endpoint_name}-{args.purpose}-errors",
            alarm_description=f"More than {args.error_percent} % of invocations answered 5xx; turns an update back",
            namespace="AWS/SageMaker",
            metric_name="Invocation5XXErrors",
            dimensions=dimensions,
            statistic="Average",
            period=60,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            comparison_operator="GreaterThanThreshold",
            threshold=args.error_percent / 100,
            treat_missing_data="notBreaching",
            alarm_actions=[args.alarm_topic_arn],
            opts=child,
        )
        self.alarm_names = [latency.name, errors.name]
        self.register_outputs({})
