"""Scheduled scoring of a day's records with the approved model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pulumi

from stacks import names
from stacks.components.schedule import Schedule, ScheduleArgs
from stacks.components.workflow import Workflow, WorkflowArgs
from stacks.documents.scoring_workflow import ScoringFacts, definition
from stacks.documents.workflow_role import sagemaker_job_statements
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class BatchScoringArgs:
    """Records of a day wait below `input_uri`/yyyy/mm/dd, its scores lie below `output_uri`/yyyy/mm/dd (UTC).

    `data_key_arn` encrypts scores and volumes, `workflow_key_arn` what the state machine holds.
    """

    platform: Platform
    model_name: pulumi.Input[str]
    input_uri: pulumi.Input[str]
    output_uri: pulumi.Input[str]
    data_key_arn: pulumi.Input[str]
    workflow_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    scheduler_role_arn: pulumi.Input[str]
    instance_type: str
    instance_count: int
    max_payload_mib: int
    content_type: str
    schedule_expression: str | None
    schedule_timezone: str
    log_retention_days: int
    alarm_topic_arn: pulumi.Input[str]


class BatchScoring(pulumi.ComponentResource):
    """A state machine around one transform job, and the schedule that starts it."""

    workflow_arn: pulumi.Output[str]

    def __init__(self, name: str, args: BatchScoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:BatchScoring", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        prefix = names.resource_name(args.platform, name)
        workflow = Workflow(
            name,
            WorkflowArgs(
                platform=args.platform,
                component=name,
                description="Scores the records of the day with the approved model",
                definition=_facts(prefix, args).apply(lambda facts: json.dumps(definition(facts))),
                permissions=pulumi.Output.from_input(args.data_key_arn).apply(
                    lambda key: sagemaker_job_statements(args.platform, "transform", prefix, key)
                ),
                kms_key_arn=args.workflow_key_arn,
                log_kms_key_arn=args.log_key_arn,
                log_retention_days=args.log_retention_days,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        if args.schedule_expression:
            Schedule(
                f"{name}-start",
                ScheduleArgs(
                    platform=args.platform,
                    component=f"{name}-start",
                    description="Starts batch scoring",
                    expression=args.schedule_expression,
                    timezone=args.schedule_timezone,
                    target_arn=workflow.arn,
                    role_arn=args.scheduler_role_arn,
                    kms_key_arn=args.log_key_arn,
                    alarm_topic_arn=args.alarm_topic_arn,
                    input="{}",
                ),
                child,
            )
        self.workflow_arn = workflow.arn
        self.register_outputs({"workflow_arn": self.workflow_arn})


def _facts(prefix: str, args: BatchScoringArgs) -> pulumi.Output[ScoringFacts]:
    resolved = pulumi.Output.all(
        model_name=args.model_name, input_uri=args.input_uri, output_uri=args.output_uri, kms_key_arn=args.data_key_arn
    )

    def merge(given: dict[str, Any]) -> ScoringFacts:
        return ScoringFacts(
            partition=args.platform.partition,
            job_prefix=prefix,
            instance_type=args.instance_type,
            instance_count=args.instance_count,
            max_payload_mib=args.max_payload_mib,
            content_type=args.content_type,
            **given,
        )

    return resolved.apply(merge)
