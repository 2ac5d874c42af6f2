"""Alarms on what callers of an endpoint feel, and on what its instances are running out of."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

MICROSECONDS_PER_MILLISECOND = 1000


@dataclass(frozen=True, kw_only=True)
class EndpointAlarmsArgs:
    """Latency in milliseconds, the rest in percent; all over five minutes, three times in a row.

    `name_prefix` is the endpoint's name where it is plain: alarm names are known before the endpoint is.
    """

    name_prefix: str
    endpoint_name: pulumi.Input[str]
    variant_name: pulumi.Input[str]
    latency_p99_ms: int
    error_percent: float
    client_error_percent: float
    saturation_percent: int
    alarm_topic_arn: pulumi.Input[str]


class EndpointAlarms(pulumi.ComponentResource):
    """One alarm a signal, each with an action. No traffic is no alarm here: the capture gap says that.

    Metrics: "Amazon SageMaker AI metrics in Amazon CloudWatch", read 2026-11-23. CPUUtilization adds up the
    cores, so the normalized metric is used; averages of the error metrics are shares.
    """

    def __init__(self, name: str, args: EndpointAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:EndpointAlarms", name, None, opts)
        for signal in _signals(args):
            aws.cloudwatch.MetricAlarm(
                f"{name}-{signal.name}",
                name=f"{args.name_prefix}-{signal.name}",
                alarm_description=signal.description,
                namespace=signal.namespace,
                metric_name=signal.metric,
                dimensions={"EndpointName": args.endpoint_name, "VariantName": args.variant_name},
                statistic=None if signal.percentile else "Average",
                extended_statistic=signal.percentile,
                evaluate_low_sample_count_percentiles="ignore" if signal.percentile else None,
                period=300,
                evaluation_periods=3,
                comparison_operator="GreaterThanThreshold",
                threshold=signal.threshold,
                treat_missing_data="notBreaching",
                alarm_actions=[args.alarm_topic_arn],
                ok_actions=[args.alarm_topic_arn],
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})


@dataclass(frozen=True)
class _Signal:
    name: str
    namespace: str
    metric: str
    threshold: float
    description: str
    percentile: str | None = None


def _signals(args: EndpointAlarmsArgs) -> tuple[_Signal, ...]:
    calls, instances = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
    latency_ms, saturation = args.latency_p99_ms, args.saturation_percent
    errors, rejects = args.error_percent / 100, args.client_error_percent / 100
    microseconds = latency_ms * MICROSECONDS_PER_MILLISECOND
    return (
        _Signal("latency", calls, "ModelLatency", microseconds, f"p99 model latency above {latency_ms} ms", "p99"),
        _Signal("errors", calls, "Invocation5XXErrors", errors, f"More than {args.error_percent} % answered 5xx"),
        _Signal("rejects", calls, "Invocation4XXErrors", rejects, f"More than {args.client_error_percent} % refused"),
        _Signal("cpu", instances, "CPUUtilizationNormalized", saturation, f"CPU above {saturation} %"),
        _Signal("memory", instances, "MemoryUtilization", saturation, f"Memory above {saturation} %"),
        _Signal("disk", instances, "DiskUtilization", saturation, f"Disk above {saturation} %"),
    )
