"""Alarms on drifted features, shifted predictions and missing records."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import alerts
from stacks.documents.monitor_job import WINDOW_SECONDS

PREDICTION_SHIFT_THRESHOLD = 0.1
"""Jensen-Shannon distance from which a shift counts as large; the convention of common drift libraries."""


@dataclass(frozen=True, kw_only=True)
class DriftAlarmsArgs:
    """`windows_breaching` of `windows` raise the drift alarm; `share_threshold` is a share from 0 to 1."""

    name_prefix: str
    metric_namespace: str
    source: str
    live: pulumi.Input[bool]
    window: str
    share_threshold: float
    windows: int
    windows_breaching: int
    alarm_topic_arn: pulumi.Input[str]


class DriftAlarms(pulumi.ComponentResource):
    """Several windows decide on drift, because one window is noise; silence is an alarm of its own."""

    drift_alarm_name: pulumi.Output[str]
    alarm_names: list[pulumi.Output[str]]

    def __init__(self, name: str, args: DriftAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:DriftAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        drift, predictions = [
            aws.cloudwatch.MetricAlarm(
                f"{name}-{signal}",
                name=f"{args.name_prefix}-{signal}",
                alarm_description=f"{metric} above {threshold} in {args.windows_breaching} of {args.windows} windows",
                namespace=args.metric_namespace,
                metric_name=metric,
                dimensions={"Source": args.source},
                statistic="Maximum",
                period=WINDOW_SECONDS[args.window],
                evaluation_periods=args.windows,
                datapoints_to_alarm=args.windows_breaching,
                comparison_operator="GreaterThanThreshold",
                threshold=threshold,
                treat_missing_data="notBreaching",
                alarm_actions=[args.alarm_topic_arn],
                opts=child,
            )
            for signal, metric, threshold in (
                ("features", alerts.DRIFTED_SHARE, args.share_threshold),
                ("predictions", alerts.PREDICTION_SHIFT, PREDICTION_SHIFT_THRESHOLD),
            )
        ]
        # Seven quarters of a window: a run that is late is no gap, a run that never came is one.
        gap = aws.cloudwatch.MetricAlarm(
            f"{name}-gap",
            name=f"{args.name_prefix}-capture-gap",
            alarm_description="No records were captured and compared for almost two windows",
            namespace=args.metric_namespace,
            metric_name=alerts.CAPTURED_RECORDS,
            dimensions={"Source": args.source},
            statistic="Sum",
            period=WINDOW_SECONDS[args.window] // 4,
            evaluation_periods=7,
            comparison_operator="LessThanThreshold",
            threshold=1,
            treat_missing_data=pulumi.Output.from_input(args.live).apply(
                lambda live: "breaching" if live else "notBreaching"
            ),
            alarm_actions=[args.alarm_topic_arn],
            ok_actions=[args.alarm_topic_arn],
            opts=child,
        )
        self.drift_alarm_name = drift.name
        self.alarm_names = [drift.name, predictions.name, gap.name]
        self.register_outputs({"drift_alarm_name": self.drift_alarm_name})
