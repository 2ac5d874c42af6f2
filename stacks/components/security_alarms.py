"""Alarms on what the audit trail records, and on what GuardDuty finds."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.alert_topic import AlertTopic, AlertTopicArgs
from stacks.components.notification import Notification, NotificationArgs
from stacks.security_events import SECURITY_EVENTS
from stacks.settings import Platform

PERIOD_SECONDS = 300
# GuardDuty calls 7.0 and above high: "Severity levels for GuardDuty findings", read 2026-11-23.
HIGH_SEVERITY = 7


@dataclass(frozen=True, kw_only=True)
class SecurityAlarmsArgs:
    """`email` receives each alarm once its owner has confirmed the subscription."""

    platform: Platform
    trail_log_group_name: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    email: str


class SecurityAlarms(pulumi.ComponentResource):
    """One metric filter and one alarm for each security event, all to one encrypted topic."""

    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: SecurityAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:SecurityAlarms", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = AlertTopic(
            name, AlertTopicArgs(platform=args.platform, kms_key_arn=args.kms_key_arn, email=args.email), child
        )
        for event in SECURITY_EVENTS:
            _alarm(event, args, topic, child)
        Notification(
            f"{name}-threats",
            NotificationArgs(
                platform=args.platform,
                component="threats",
                description="GuardDuty found a threat of high severity",
                pattern={
                    "source": ["aws.guardduty"],
                    "detail-type": ["GuardDuty Finding"],
                    "detail": {"severity": [{"numeric": [">=", HIGH_SEVERITY]}]},
                },
                message="GuardDuty: <title> (severity <severity>).",
                fields={"title": "$.detail.title", "severity": "$.detail.severity"},
                topic_arn=topic.arn,
            ),
            child,
        )
        self.topic_arn = topic.arn
        self.register_outputs({"topic_arn": self.topic_arn})


def _alarm(name: str, args: SecurityAlarmsArgs, topic: AlertTopic, child: pulumi.ResourceOptions) -> None:
    event = SECURITY_EVENTS[name]
    full_name = names.resource_name(args.platform, name)
    namespace = f"{args.platform.project}/security"
    metric = aws.cloudwatch.LogMetricFilter(
        name,
        name=full_name,
        log_group_name=args.trail_log_group_name,
        pattern=event.pattern,
        metric_transformation={"name": full_name, "namespace": namespace, "value": "1", "default_value": "0"},
        opts=child,
    )
    aws.cloudwatch.MetricAlarm(
        name,
        name=full_name,
        alarm_description=f"{event.title} (Security Hub {event.control})",
        namespace=namespace,
        metric_name=full_name,
        statistic="Sum",
        period=PERIOD_SECONDS,
        evaluation_periods=1,
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=1,
        treat_missing_data="notBreaching",
        alarm_actions=[topic.arn],
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[metric])),
    )
