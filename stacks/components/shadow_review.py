"""What looks at a shadow every day: after its days the owners get both variants' figures, and then an alarm."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import alerts, names
from stacks.components.schedule import Schedule, ScheduleArgs
from stacks.components.workflow import Workflow, WorkflowArgs
from stacks.documents.shadow_review import DAY_SECONDS, ShadowFacts, definition
from stacks.documents.statement import Statement, allow
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class ShadowReviewArgs:
    """`model_name` is the candidate's model, `records_uri` has the captured answers of each variant below its name."""

    platform: Platform
    endpoint_name: str
    live_variant: str
    candidate_variant: str
    model_name: pulumi.Input[str]
    package_arn: str
    days: int
    records_uri: pulumi.Input[str]
    scheduler_role_arn: pulumi.Input[str]
    workflow_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    alarm_topic_arn: str


class ShadowReview(pulumi.ComponentResource):
    """It promotes nothing and ends nothing: its role reads, tells and counts. It goes with the shadow."""

    def __init__(self, name: str, args: ShadowReviewArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:ShadowReview", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workflow = Workflow(
            name,
            WorkflowArgs(
                platform=args.platform,
                component=name,
                description="Tells when a shadow has run its days",
                definition=_facts(args).apply(lambda facts: json.dumps(definition(facts))),
                permissions=pulumi.Output.from_input(args.log_key_arn).apply(lambda key: _permissions(args, key)),
                kms_key_arn=args.workflow_key_arn,
                log_kms_key_arn=args.log_key_arn,
                log_retention_days=args.log_retention_days,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        Schedule(
            f"{name}-look",
            ScheduleArgs(
                platform=args.platform,
                component=f"{name}-look",
                description="Looks at the shadow",
                expression="rate(1 day)",
                timezone="UTC",
                target_arn=workflow.arn,
                role_arn=args.scheduler_role_arn,
                kms_key_arn=args.log_key_arn,
                alarm_topic_arn=args.alarm_topic_arn,
                input="{}",
            ),
            child,
        )
        aws.cloudwatch.MetricAlarm(
            f"{name}-overdue",
            name=f"{args.endpoint_name}-shadow-overdue",
            alarm_description=f"A candidate is a shadow for longer than {args.days} days: promote or end it",
            namespace=alerts.metric_namespace(args.platform),
            metric_name=alerts.SHADOW_DAYS_OVERDUE,
            dimensions={"Source": args.endpoint_name},
            statistic="Maximum",
            period=DAY_SECONDS,
            evaluation_periods=1,
            comparison_operator="GreaterThanThreshold",
            threshold=0,
            treat_missing_data="notBreaching",
            alarm_actions=[args.alarm_topic_arn],
            opts=child,
        )
        self.register_outputs({})


def _facts(args: ShadowReviewArgs) -> pulumi.Output[ShadowFacts]:
    resolved = pulumi.Output.all(model_name=args.model_name, records_uri=args.records_uri)

    def merge(given: dict[str, Any]) -> ShadowFacts:
        return ShadowFacts(
            partition=args.platform.partition,
            endpoint_name=args.endpoint_name,
            live_variant=args.live_variant,
            candidate_variant=args.candidate_variant,
            package_arn=args.package_arn,
            days=args.days,
            topic_arn=args.alarm_topic_arn,
            metric_namespace=alerts.metric_namespace(args.platform),
            environment=f"{args.platform.project} {args.platform.environment}",
            **given,
        )

    return resolved.apply(merge)


def _permissions(args: ShadowReviewArgs, topic_key_arn: str) -> list[Statement]:
    """Return what the states take; metrics are read account-wide, since CloudWatch scopes reading by nothing."""
    platform = args.platform
    models = names.service_arn(platform, "sagemaker", f"model/{names.resource_name(platform, '*')}")
    namespace = {"cloudwatch:namespace": alerts.metric_namespace(platform)}
    return [
        allow("FindCandidate", ["sagemaker:DescribeModel"], models),
        allow("Measure", ["cloudwatch:GetMetricData"], "*"),
        allow("PublishOverdue", ["cloudwatch:PutMetricData"], "*", StringEquals=namespace),
        allow("Tell", ["sns:Publish"], args.alarm_topic_arn),
        allow("EncryptNotice", ["kms:Decrypt", "kms:GenerateDataKey"], topic_key_arn),
    ]
