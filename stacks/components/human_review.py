"""Human review: a case waits, with a task token, until a person other than its proposer decides it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pulumi

from stacks.components.case_table import CaseTable, CaseTableArgs
from stacks.components.reviewer_queue import ReviewerQueue, ReviewerQueueArgs
from stacks.components.workflow import Workflow, WorkflowArgs
from stacks.documents.review_workflow import ReviewFacts, definition
from stacks.documents.statement import Statement, allow
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class HumanReviewArgs:
    """A case expires after `timeout_seconds`; half of that raises an alarm on its age."""

    platform: Platform
    evidence_bucket: pulumi.Input[str]
    evidence_bucket_arn: pulumi.Input[str]
    evidence_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    pipeline_name: pulumi.Input[str]
    pipeline_arn: pulumi.Input[str]
    timeout_seconds: int
    log_retention_days: int
    alarm_topic_arn: pulumi.Input[str]


class HumanReview(pulumi.ComponentResource):
    """Queue, table and state machine; accepted retraining proposals, and nothing else, start the pipeline."""

    workflow_arn: pulumi.Output[str]
    queue_url: pulumi.Output[str]
    table_name: pulumi.Output[str]
    table_arn: pulumi.Output[str]

    def __init__(self, name: str, args: HumanReviewArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:HumanReview", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        table = CaseTable(
            f"{name}-cases", CaseTableArgs(platform=args.platform, kms_key_arn=args.evidence_key_arn), child
        )
        queue = ReviewerQueue(
            f"{name}-queue",
            ReviewerQueueArgs(
                platform=args.platform,
                kms_key_arn=args.evidence_key_arn,
                alarm_age_seconds=args.timeout_seconds // 2,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        workflow = Workflow(
            name,
            WorkflowArgs(
                platform=args.platform,
                component=name,
                description="Puts a case before a person and acts on the verdict",
                definition=_facts(args, table, queue).apply(lambda facts: json.dumps(definition(facts))),
                permissions=_permissions(args, table, queue),
                kms_key_arn=args.evidence_key_arn,
                log_kms_key_arn=args.log_key_arn,
                log_retention_days=args.log_retention_days,
                alarm_topic_arn=args.alarm_topic_arn,
            ),
            child,
        )
        self.workflow_arn = workflow.arn
        self.queue_url = queue.url
        self.table_name = table.table_name
        self.table_arn = table.arn
        self.register_outputs({"workflow_arn": self.workflow_arn, "queue_url": self.queue_url})


def _facts(args: HumanReviewArgs, table: CaseTable, queue: ReviewerQueue) -> pulumi.Output[ReviewFacts]:
    resolved = pulumi.Output.all(
        table_name=table.table_name,
        queue_url=queue.url,
        evidence_bucket=args.evidence_bucket,
        pipeline_name=args.pipeline_name,
    )

    def merge(given: dict[str, Any]) -> ReviewFacts:
        return ReviewFacts(partition=args.platform.partition, timeout_seconds=args.timeout_seconds, **given)

    return resolved.apply(merge)


def _permissions(args: HumanReviewArgs, table: CaseTable, queue: ReviewerQueue) -> pulumi.Output[list[Statement]]:
    def statements(given: dict[str, str]) -> list[Statement]:
        return [
            allow("RecordCases", ["dynamodb:PutItem", "dynamodb:UpdateItem"], given["table"]),
            allow("AskReviewers", ["sqs:SendMessage"], given["queue"]),
            allow("KeepEvidence", ["s3:PutObject"], f"{given['bucket']}/decisions/*"),
            allow("StartTraining", ["sagemaker:StartPipelineExecution"], given["pipeline"]),
        ]

    return pulumi.Output.all(
        table=table.arn, queue=queue.arn, bucket=args.evidence_bucket_arn, pipeline=args.pipeline_arn
    ).apply(statements)
