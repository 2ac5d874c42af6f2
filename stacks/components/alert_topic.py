"""A topic of an environment's alarms, and who reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import alerts
from stacks.documents.topic import topic_policy
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class AlertTopicArgs:
    """`email` receives every alarm once its owner has confirmed the subscription.

    `https_endpoint` is the address of a service that confirms by itself, as PagerDuty's does; none: mails alone.
    """

    platform: Platform
    kms_key_arn: pulumi.Input[str]
    email: str
    topic: str = alerts.TOPIC
    https_endpoint: pulumi.Input[str] | None = None


class AlertTopic(pulumi.ComponentResource):
    """An encrypted topic with a policy and an email subscription."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: AlertTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:AlertTopic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(
            name,
            name=alerts.topic_name(args.platform, args.topic),
            display_name=f"{args.platform.project} {args.platform.environment}",
            kms_master_key_id=args.kms_key_arn,
            signature_version=2,
            opts=child,
        )
        policy = topic.arn.apply(lambda arn: json.dumps(topic_policy(args.platform, arn)))
        aws.sns.TopicPolicy(name, arn=topic.arn, policy=policy, opts=child)
        aws.sns.TopicSubscription(name, topic=topic.arn, protocol="email", endpoint=args.email, opts=child)
        if args.https_endpoint is not None:
            aws.sns.TopicSubscription(
                f"{name}-pager",
                topic=topic.arn,
                protocol="https",
                endpoint=args.https_endpoint,
                endpoint_auto_confirms=True,
                opts=child,
            )
        self.arn = topic.arn
        self.register_outputs({"arn": self.arn})
