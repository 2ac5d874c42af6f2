"""The queue from which people take the cases that wait for them."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.queue import MAX_RETENTION_SECONDS, queue_policy
from stacks.settings import Platform

VISIBILITY_SECONDS = 900
"""Seconds for which a case taken by one reviewer is hidden from the others."""

MOST_RECEIVES = 100
"""Times that a case may be looked at and put back before it counts as stuck."""


@dataclass(frozen=True, kw_only=True)
class ReviewerQueueArgs:
    """A case that lies for `alarm_age_seconds` raises an alarm."""

    platform: Platform
    kms_key_arn: pulumi.Input[str]
    alarm_age_seconds: int
    alarm_topic_arn: pulumi.Input[str]


class ReviewerQueue(pulumi.ComponentResource):
    """An encrypted queue with a dead-letter queue of its own and alarms on both."""

    arn: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(self, name: str, args: ReviewerQueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:ReviewerQueue", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, name)
        stuck = aws.sqs.Queue(
            f"{name}-stuck",
            name=f"{full_name}-stuck",
            kms_master_key_id=args.kms_key_arn,
            message_retention_seconds=MAX_RETENTION_SECONDS,
            opts=child,
        )
        redrive = {"maxReceiveCount": MOST_RECEIVES}
        queue = aws.sqs.Queue(
            name,
            name=full_name,
            kms_master_key_id=args.kms_key_arn,
            message_retention_seconds=MAX_RETENTION_SECONDS,
            visibility_timeout_seconds=VISIBILITY_SECONDS,
            receive_wait_time_seconds=20,
            redrive_policy=stuck.arn.apply(lambda arn: json.dumps({**redrive, "deadLetterTargetArn": arn})),
            opts=child,
        )
        allowed = queue.arn.apply(lambda arn: json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [arn]}))
        aws.sqs.RedriveAllowPolicy(name, queue_url=stuck.url, redrive_allow_policy=allowed, opts=child)
        for label, each in ((name, queue), (f"{name}-stuck", stuck)):
            policy = each.arn.apply(lambda arn: json.dumps(queue_policy(arn)))
            aws.sqs.QueuePolicy(label, queue_url=each.url, policy=policy, opts=child)
        _alarms(name, queue, stuck, args, child)
        self.arn = queue.arn
        self.url = queue.url
        self.register_outputs({"arn": self.arn, "url": self.url})


def _alarms(
    name: str, queue: aws.sqs.Queue, stuck: aws.sqs.Queue, args: ReviewerQueueArgs, opts: pulumi.ResourceOptions
) -> None:
    full_name = names.resource_name(args.platform, name)
    for suffix, watched, metric, threshold, description in (
        ("age", queue, "ApproximateAgeOfOldestMessage", args.alarm_age_seconds, "A case waits too long for a reviewer"),
        ("stuck", stuck, "ApproximateNumberOfMessagesVisible", 0, "A case was put back too often"),
    ):
        aws.cloudwatch.MetricAlarm(
            f"{name}-{suffix}",
            name=f"{full_name}-{suffix}",
            alarm_description=description,
            namespace="AWS/SQS",
            metric_name=metric,
            dimensions={"QueueName": watched.name},
            statistic="Maximum",
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            treat_missing_data="notBreaching",
            alarm_actions=[args.alarm_topic_arn],
            opts=opts,
        )
