"""The queue in which AWS's warnings reach Karpenter before a machine goes."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.karpenter import EVENTS, RETENTION_SECONDS, queue_policy
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class KarpenterQueueArgs:
    """`kms_key_arn` encrypts the messages."""

    platform: Platform
    kms_key_arn: pulumi.Input[str]


class KarpenterQueue(pulumi.ComponentResource):
    """An encrypted queue, and one rule for each kind of warning."""

    arn: pulumi.Output[str]
    queue_name: pulumi.Output[str]

    def __init__(self, name: str, args: KarpenterQueueArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:KarpenterQueue", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        queue = aws.sqs.Queue(
            name,
            name=names.resource_name(platform, name),
            kms_master_key_id=args.kms_key_arn,
            message_retention_seconds=RETENTION_SECONDS,
            opts=child,
        )
        policy = queue.arn.apply(lambda arn: json.dumps(queue_policy(platform, arn)))
        aws.sqs.QueuePolicy(name, queue_url=queue.url, policy=policy, opts=child)
        for event, pattern in EVENTS.items():
            label = f"{name}-{event}"
            rule = aws.cloudwatch.EventRule(
                label,
                name=names.resource_name(platform, label),
                description=f"Warns Karpenter: {', '.join(pattern['detail-type'])}",
                event_pattern=json.dumps(pattern),
                opts=child,
            )
            aws.cloudwatch.EventTarget(label, rule=rule.name, target_id="karpenter", arn=queue.arn, opts=child)
        self.arn = queue.arn
        self.queue_name = queue.name
        self.register_outputs({"arn": self.arn, "queue_name": self.queue_name})
