"""Where an asynchronous endpoint tells that an answer lies in S3, or that there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.documents.topic import result_topic_policy
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ResultTopicsArgs:
    """`component` begins the names of both topics; the endpoint's role publishes, callers subscribe."""

    platform: Platform
    component: str
    kms_key_arn: pulumi.Input[str]
    alarm_topic_arn: pulumi.Input[str]


class ResultTopics(pulumi.ComponentResource):
    """Two encrypted topics, and an alarm on the second: a failed request has nobody who waits for it."""

    answered_arn: pulumi.Output[str]
    failed_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ResultTopicsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:ResultTopics", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.answered_arn, self.failed_arn = (
            self._topic(f"{name}-{kind}", names.resource_name(args.platform, f"{args.component}-{kind}"), args)
            for kind in ("answered", "failed")
        )
        failed_name = names.resource_name(args.platform, f"{args.component}-failed")
        aws.cloudwatch.MetricAlarm(
            f"{name}-failed",
            name=f"{failed_name}-requests",
            alarm_description="Asynchronous requests failed; the failure bucket prefix says why",
            namespace="AWS/SNS",
            metric_name="NumberOfMessagesPublished",
            dimensions={"TopicName": failed_name},
            statistic="Sum",
            period=300,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[args.alarm_topic_arn],
            opts=child,
        )
        self.register_outputs({"answered_arn": self.answered_arn, "failed_arn": self.failed_arn})

    def _topic(self, name: str, topic_name: str, args: ResultTopicsArgs) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(
            name, name=topic_name, kms_master_key_id=args.kms_key_arn, signature_version=2, opts=child
        )
        policy = topic.arn.apply(lambda arn: json.dumps(result_topic_policy(arn)))
        aws.sns.TopicPolicy(name, arn=topic.arn, policy=policy, opts=child)
        return topic.arn
