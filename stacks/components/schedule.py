"""A schedule that starts a pipeline or a state machine, and keeps what it could not start."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.occurrence_alarm import message_alarm
from stacks.documents.queue import MAX_RETENTION_SECONDS, queue_policy
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ScheduleArgs:
    """`expression` is `cron(...)` or `rate(...)` in the IANA time zone `timezone`.

    `input` is JSON for a state machine; a SageMaker pipeline takes none.
    """

    platform: Platform
    component: str
    description: str
    expression: str
    timezone: str
    target_arn: pulumi.Input[str]
    role_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    alarm_topic_arn: pulumi.Input[str]
    input: pulumi.Input[str] | None = None
    enabled: pulumi.Input[bool] = True


class Schedule(pulumi.ComponentResource):
    """One schedule in a group of its own (groups carry the tags), with an encrypted dead-letter queue."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: ScheduleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:schedule:Schedule", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, args.component)
        group = aws.scheduler.ScheduleGroup(name, name=full_name, opts=child)
        missed = aws.sqs.Queue(
            name,
            name=f"{full_name}-missed",
            kms_master_key_id=args.kms_key_arn,
            message_retention_seconds=MAX_RETENTION_SECONDS,
            opts=child,
        )
        policy = missed.arn.apply(lambda arn: json.dumps(queue_policy(arn)))
        aws.sqs.QueuePolicy(name, queue_url=missed.url, policy=policy, opts=child)
        message_alarm(
            name,
            alarm_name=f"{full_name}-missed",
            description=f"A scheduled start was refused and lies in the queue: {args.description}",
            queue=missed,
            topic_arn=args.alarm_topic_arn,
            opts=child,
        )
        schedule = aws.scheduler.Schedule(
            name,
            name=full_name,
            group_name=group.name,
            description=args.description,
            state=pulumi.Output.from_input(args.enabled).apply(lambda enabled: "ENABLED" if enabled else "DISABLED"),
            schedule_expression=args.expression,
            schedule_expression_timezone=args.timezone,
            # Starts spread over a quarter of an hour: jobs of many projects need not begin in one second.
            flexible_time_window={"mode": "FLEXIBLE", "maximum_window_in_minutes": 15},
            kms_key_arn=args.kms_key_arn,
            target={
                "arn": args.target_arn,
                "role_arn": args.role_arn,
                "input": args.input,
                "dead_letter_config": {"arn": missed.arn},
                "retry_policy": {"maximum_retry_attempts": 3, "maximum_event_age_in_seconds": 3600},
            },
            opts=child,
        )
        self.arn = schedule.arn
        self.register_outputs({"arn": self.arn})
