"""Alarms on what callers of a language model in the cluster feel, and on what its servers run out of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks.documents.server_signals import (
    DIMENSION,
    PERIOD_SECONDS,
    PERIODS,
    REQUESTS,
    ServerLimits,
    ServerSignal,
    signals,
)


@dataclass(frozen=True, kw_only=True)
class ServerAlarmsArgs:
    """`server` is the dimension of the metrics; `live` says that a model answers: before, silence is no alarm."""

    server: str
    metric_namespace: str
    limits: ServerLimits
    live: pulumi.Input[bool]
    alarm_topic_arn: pulumi.Input[str]
    urgent_topic_arn: pulumi.Input[str]


class ServerAlarms(pulumi.ComponentResource):
    """One alarm a signal, each with an action: what callers feel is urgent, the rest can wait."""

    def __init__(self, name: str, args: ServerAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:ServerAlarms", name, None, opts)
        for signal in signals(args.limits):
            topic = args.urgent_topic_arn if signal.felt else args.alarm_topic_arn
            aws.cloudwatch.MetricAlarm(
                f"{name}-{signal.name}",
                name=f"{args.server}-{signal.name}",
                alarm_description=signal.description,
                evaluation_periods=PERIODS,
                comparison_operator="LessThanThreshold" if signal.below else "GreaterThanThreshold",
                threshold=signal.threshold,
                treat_missing_data=_missing(args) if signal.below else "notBreaching",
                alarm_actions=[topic],
                ok_actions=[topic],
                opts=pulumi.ResourceOptions(parent=self),
                **_measured(args, signal),
            )
        self.register_outputs({})


def _missing(args: ServerAlarmsArgs) -> pulumi.Output[str]:
    return pulumi.Output.from_input(args.live).apply(lambda live: "breaching" if live else "notBreaching")


def _measured(args: ServerAlarmsArgs, signal: ServerSignal) -> dict[str, Any]:
    metric = {"namespace": args.metric_namespace, "dimensions": {DIMENSION: args.server}}
    if not signal.share:
        percentile = signal.statistic.startswith("p")
        return {
            **metric,
            "metric_name": signal.metric,
            "statistic": None if percentile else signal.statistic,
            "extended_statistic": signal.statistic if percentile else None,
            "evaluate_low_sample_count_percentiles": "ignore" if percentile else None,
            "period": PERIOD_SECONDS,
        }
    counted = {
        key: {"id": key, "metric": {**metric, "metric_name": name, "stat": "Sum", "period": PERIOD_SECONDS}}
        for key, name in (("part", signal.metric), ("all", REQUESTS))
    }
    share = "IF(FILL(all, 0) > 0, 100 * FILL(part, 0) / all, 0)"
    return {
        "metric_queries": [
            *counted.values(),
            {"id": "share", "expression": share, "label": signal.description, "return_data": True},
        ]
    }
