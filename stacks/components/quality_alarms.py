"""Alarms on quality, bias, attributions, on labels that do not come, and on a job that does not run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import alerts

DAY_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class QualityAlarmsArgs:
    """`minimum` is that of the registration gate in the unit of `metric`; `maximum_gap` None: no groups are protected.

    `least_agreement` is a share from 0 to 1. Labels are stale after `stale_days` without a new one.
    """

    name_prefix: str
    metric_namespace: str
    source: str
    live: pulumi.Input[bool]
    metric: str
    minimum: float
    maximum_gap: float | None
    least_agreement: float
    stale_days: int
    label_lag_days: int
    windows: int
    windows_breaching: int
    alarm_topic_arn: pulumi.Input[str]


class QualityAlarms(pulumi.ComponentResource):
    """Several windows decide on the model, because one window is noise; on labels and runs each day counts."""

    quality_alarm_name: pulumi.Output[str]
    alarm_names: list[pulumi.Output[str]]

    def __init__(self, name: str, args: QualityAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:QualityAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        made = {
            signal: aws.cloudwatch.MetricAlarm(
                f"{name}-{signal}",
                name=f"{args.name_prefix}-{signal}",
                namespace=args.metric_namespace,
                dimensions={"Source": args.source},
                alarm_actions=[args.alarm_topic_arn],
                opts=child,
                **row,
            )
            for signal, row in _rows(args).items()
        }
        self.quality_alarm_name = made["low"].name
        self.alarm_names = [alarm.name for alarm in made.values()]
        self.register_outputs({"quality_alarm_name": self.quality_alarm_name})


def _rows(args: QualityAlarmsArgs) -> dict[str, dict[str, Any]]:
    several = f"in {args.windows_breaching} of {args.windows} days"
    rows = {
        "low": _model(args, alerts.MODEL_QUALITY, "<", args.minimum)
        | {"alarm_description": f"{args.metric} below the gate of registration, {args.minimum:g}, {several}"},
        "attribution": _model(args, alerts.ATTRIBUTION_AGREEMENT, "<", args.least_agreement)
        | {"alarm_description": f"The model decides for other reasons than when it was approved, {several}"},
        "labels-stale": _daily(alerts.LABEL_AGE_DAYS, ">", args.stale_days)
        | {"alarm_description": f"No new label for more than {args.stale_days} days"},
        "labels-missing": _daily(alerts.LABELLED_RECORDS, "<", 1)
        | {"alarm_description": f"Answers of {args.label_lag_days} days ago have no label; their quality is unknown"},
        "silent": {
            "alarm_description": "The job that judges quality and bias has not run for almost two days",
            "metric_name": alerts.QUALITY_RUNS,
            "statistic": "Sum",
            # Seven quarters of a day: a run that is late is no gap, a run that never came is one.
            "period": DAY_SECONDS // 4,
            "evaluation_periods": 7,
            "comparison_operator": "LessThanThreshold",
            "threshold": 1,
            "treat_missing_data": pulumi.Output.from_input(args.live).apply(
                lambda live: "breaching" if live else "notBreaching"
            ),
            "ok_actions": [args.alarm_topic_arn],
        },
    }
    if args.maximum_gap is not None:
        rows["bias"] = _model(args, alerts.BIAS_GAP, ">", args.maximum_gap) | {
            "alarm_description": f"A group is surely worse off than the limit of {args.maximum_gap:g} allows, {several}"
        }
    return rows


def _model(args: QualityAlarmsArgs, metric: str, sign: str, threshold: float) -> dict[str, Any]:
    return _daily(metric, sign, threshold) | {
        "evaluation_periods": args.windows,
        "datapoints_to_alarm": args.windows_breaching,
    }


def _daily(metric: str, sign: str, threshold: float) -> dict[str, Any]:
    below = sign == "<"
    return {
        "metric_name": metric,
        "statistic": "Minimum" if below else "Maximum",
        "period": DAY_SECONDS,
        "evaluation_periods": 1,
        "comparison_operator": "LessThanThreshold" if below else "GreaterThanThreshold",
        "threshold": threshold,
        # What could not be judged is not published; whether anything is missing has alarms of its own.
        "treat_missing_data": "notBreaching",
    }
