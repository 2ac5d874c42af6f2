"""The queue in which a pipeline asks a cluster for training."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.occurrence_alarm import message_alarm
from stacks.documents.queue import MAX_RETENTION_SECONDS, queue_policy
from stacks.settings import Platform

WEEK_SECONDS = 604_800
"""A pipeline waits a week for the answer to a callback: SageMaker AI Developer Guide, "Callback step"."""
TRIES = 3


@dataclass(frozen=True, kw_only=True)
class TrainingRequestsArgs:
    """`kms_key_arn` encrypts the requests: they hold the tokens with which a run is answered."""

    platform: Platform
    kms_key_arn: pulumi.Input[str]
    alarm_topic_arn: pulumi.Input[str]


class TrainingRequests(pulumi.ComponentResource):
    """An encrypted queue, and one for the requests that nobody could take."""

    arn: pulumi.Output[str]
    url: pulumi.Output[str]

    def __init__(self, name: str, args: TrainingRequestsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:training:TrainingRequests", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        refused = _queue(f"{name}-refused", args, child)
        redrive = refused.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": TRIES}))
        requests = _queue(name, args, child, redrive)
        full_name = names.resource_name(args.platform, f"{name}-refused")
        message_alarm(
            f"{name}-refused",
            alarm_name=full_name,
            description="A request for training was taken by no cluster and lies in the queue",
            queue=refused,
            topic_arn=args.alarm_topic_arn,
            opts=child,
        )
        self.arn = requests.arn
        self.url = requests.url
        self.register_outputs({"url": self.url})


def _queue(
    name: str,
    args: TrainingRequestsArgs,
    child: pulumi.ResourceOptions,
    redrive: pulumi.Output[str] | None = None,
) -> aws.sqs.Queue:
    queue = aws.sqs.Queue(
        name,
        name=names.resource_name(args.platform, name),
        kms_master_key_id=args.kms_key_arn,
        message_retention_seconds=WEEK_SECONDS if redrive is not None else MAX_RETENTION_SECONDS,
        visibility_timeout_seconds=300,
        redrive_policy=redrive,
        opts=child,
    )
    policy = queue.arn.apply(lambda arn: json.dumps(queue_policy(arn)))
    aws.sqs.QueuePolicy(name, queue_url=queue.url, policy=policy, opts=child)
    return queue
