"""The register of erasure requests, the queue of those that are stuck, and the alarms on both."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import alerts, names
from stacks.components.occurrence_alarm import message_alarm
from stacks.documents.queue import MAX_RETENTION_SECONDS, queue_policy
from stacks.settings import Platform

DAY_SECONDS = 86_400
RECOVERY_DAYS = 7
WARN_DAYS = 10
"""Days before its due date from which a request that is not done raises an alarm: time for a person to act."""


@dataclass(frozen=True, kw_only=True)
class ErasureRegisterArgs:
    """`kms_key_arn` encrypts the table and the queue."""

    platform: Platform
    kms_key_arn: pulumi.Input[str]
    alarm_topic_arn: pulumi.Input[str]


class ErasureRegister(pulumi.ComponentResource):
    """One item a request; names go when it is done, or with the last copy that holds them. Stateful: protected.

    A lost register is a broken promise, so it can be restored; only of the last days, because names live on there.
    """

    table_arn: pulumi.Output[str]
    table_name: pulumi.Output[str]
    stuck_queue_arn: pulumi.Output[str]
    stuck_queue_url: pulumi.Output[str]

    def __init__(self, name: str, args: ErasureRegisterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:ErasureRegister", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        table = aws.dynamodb.Table(
            name,
            name=names.resource_name(args.platform, name),
            billing_mode="PAY_PER_REQUEST",
            hash_key="request_id",
            attributes=[{"name": "request_id", "type": "S"}],
            ttl={"attribute_name": "expires_at", "enabled": True},
            server_side_encryption={"enabled": True, "kms_key_arn": args.kms_key_arn},
            point_in_time_recovery={"enabled": True, "recovery_period_in_days": RECOVERY_DAYS},
            deletion_protection_enabled=True,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        stuck = aws.sqs.Queue(
            name,
            name=names.resource_name(args.platform, f"{name}-stuck"),
            kms_master_key_id=args.kms_key_arn,
            message_retention_seconds=MAX_RETENTION_SECONDS,
            opts=child,
        )
        policy = stuck.arn.apply(lambda arn: json.dumps(queue_policy(arn)))
        aws.sqs.QueuePolicy(name, queue_url=stuck.url, policy=policy, opts=child)
        _alarms(name, stuck, args, child)
        self.table_arn, self.table_name = table.arn, table.name
        self.stuck_queue_arn, self.stuck_queue_url = stuck.arn, stuck.url
        self.register_outputs({"table_name": self.table_name, "stuck_queue_url": self.stuck_queue_url})


def _alarms(name: str, stuck: aws.sqs.Queue, args: ErasureRegisterArgs, opts: pulumi.ResourceOptions) -> None:
    full_name = names.resource_name(args.platform, name)
    own = alerts.metric_namespace(args.platform)
    aws.cloudwatch.MetricAlarm(
        f"{name}-due",
        name=f"{full_name}-due",
        alarm_description=f"An erasure that is not done is due in fewer than {WARN_DAYS} days",
        namespace=own,
        metric_name=alerts.ERASURE_DAYS_LEFT,
        statistic="Minimum",
        period=DAY_SECONDS,
        evaluation_periods=1,
        comparison_operator="LessThanThreshold",
        threshold=WARN_DAYS,
        treat_missing_data="ignore",
        alarm_actions=[args.alarm_topic_arn],
        ok_actions=[args.alarm_topic_arn],
        opts=opts,
    )
    # A job that never runs publishes nothing, not even that nobody waits.
    aws.cloudwatch.MetricAlarm(
        f"{name}-silent",
        name=f"{full_name}-silent",
        alarm_description="The erasure job has not looked at its requests for two days",
        namespace=own,
        metric_name=alerts.ERASURE_DAYS_LEFT,
        statistic="SampleCount",
        period=DAY_SECONDS,
        evaluation_periods=2,
        comparison_operator="LessThanThreshold",
        threshold=1,
        treat_missing_data="breaching",
        alarm_actions=[args.alarm_topic_arn],
        ok_actions=[args.alarm_topic_arn],
        opts=opts,
    )
    message_alarm(
        f"{name}-stuck",
        alarm_name=f"{full_name}-stuck",
        description="An erasure request cannot be understood, or its runs come no further",
        queue=stuck,
        topic_arn=args.alarm_topic_arn,
        opts=opts,
    )
