"""Alarms on what callers of an endpoint feel, and on what its instances are running out of."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.documents.endpoint_signals import Limits, Signal, signals


@dataclass(frozen=True, kw_only=True)
class EndpointAlarmsArgs:
    """`mode` is how the endpoint serves; it decides which metrics there are.

    `name_prefix` is the endpoint's name where it is plain: alarm names are known before the endpoint is.
    """

    mode: str
    name_prefix: str
    endpoint_name: pulumi.Input[str]
    variant_name: pulumi.Input[str]
    limits: Limits
    alarm_topic_arn: pulumi.Input[str]
    urgent_topic_arn: pulumi.Input[str]


class EndpointAlarms(pulumi.ComponentResource):
    """One alarm a signal, each with an action: what callers feel is urgent, the rest can wait.

    No traffic is no alarm here: the capture gap says that.
    """

    def __init__(self, name: str, args: EndpointAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:EndpointAlarms", name, None, opts)
        for signal in signals(args.mode, args.limits):
            self._alarm(name, args, signal)
        self.register_outputs({})

    def _alarm(self, name: str, args: EndpointAlarmsArgs, signal: Signal) -> None:
        dimensions = {"EndpointName": args.endpoint_name}
        topic = args.urgent_topic_arn if signal.felt else args.alarm_topic_arn
        if signal.of_variant:
            dimensions["VariantName"] = args.variant_name
        aws.cloudwatch.MetricAlarm(
            f"{name}-{signal.name}",
            name=f"{args.name_prefix}-{signal.name}",
            alarm_description=signal.description,
            namespace=signal.namespace,
            metric_name=signal.metric,
            dimensions=dimensions,
            statistic=None if signal.percentile else "Average",
            extended_statistic=signal.percentile,
            evaluate_low_sample_count_percentiles="ignore" if signal.percentile else None,
            period=300,
            evaluation_periods=signal.periods,
            comparison_operator="LessThanThreshold" if signal.below else "GreaterThanThreshold",
            threshold=signal.threshold,
            treat_missing_data="notBreaching",
            alarm_actions=[topic],
            ok_actions=[topic],
            opts=pulumi.ResourceOptions(parent=self),
        )
