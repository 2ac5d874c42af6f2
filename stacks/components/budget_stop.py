"""What stops an environment that has spent its budget."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from stacks import names
from stacks.components.schedule import Schedule, ScheduleArgs
from stacks.components.workflow import Workflow, WorkflowArgs
from stacks.documents.budget_stop import StopFacts, definition
from stacks.documents.statement import Statement, allow
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class BudgetStopArgs:
    """Endpoints and training runs are stopped above `percent` of the budget `budget_name`, as actually spent."""

    platform: Platform
    budget_name: str
    percent: int
    pipeline_name: pulumi.Input[str]
    endpoint_names: Sequence[pulumi.Input[str]]
    component_names: pulumi.Input[list[str]]
    scheduler_role_arn: pulumi.Input[str]
    workflow_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    alarm_topic_arn: pulumi.Input[str]


class BudgetStop(pulumi.ComponentResource):
    """An hourly look at the budget; AWS counts what was spent some times a day, so it acts within half a day.

    Its role deletes endpoints of this environment, stops its training runs and takes copies away, nothing else; what
    it deleted comes back with a refresh and an update of the serving program.
    """

    def __init__(self, name: str, args: BudgetStopArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:BudgetStop", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        workflow = Workflow(
            name,
            WorkflowArgs(
                platform=args.platform,
                component=name,
                description="Stops what runs when the budget is spent",
                definition=_facts(args).apply(lambda facts: json.dumps(definition(facts))),
                permissions=pulumi.Output.all(topic=args.alarm_topic_arn, key=args.log_key_arn).apply(
                    lambda given: _permissions(args, given["topic"], given["key"])
                ),
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
                description="Looks at the budget",
                expression="rate(1 hour)",
                timezone="UTC",
                target_arn=workflow.arn,
                role_arn=args.scheduler_role_arn,
                kms_key_arn=args.log_key_arn,
                alarm_topic_arn=args.alarm_topic_arn,
                input="{}",
            ),
            child,
        )
        self.register_outputs({})


def _facts(args: BudgetStopArgs) -> pulumi.Output[StopFacts]:
    resolved = pulumi.Output.all(
        pipeline_name=args.pipeline_name,
        endpoint_names=args.endpoint_names,
        component_names=args.component_names,
        topic_arn=args.alarm_topic_arn,
    )

    def merge(given: dict[str, Any]) -> StopFacts:
        return StopFacts(
            partition=args.platform.partition,
            account_id=args.platform.account_id,
            budget_name=args.budget_name,
            percent=args.percent,
            environment=f"{args.platform.project} {args.platform.environment}",
            **given,
        )

    return resolved.apply(merge)


def _permissions(args: BudgetStopArgs, topic_arn: str, topic_key_arn: str) -> list[Statement]:
    platform = args.platform
    own = names.resource_name(platform, "*")
    budget = f"arn:{platform.partition}:budgets::{platform.account_id}:budget/{args.budget_name}"
    pipelines = [names.service_arn(platform, "sagemaker", f"pipeline/{own}{suffix}") for suffix in ("", "/execution/*")]
    return [
        allow("ReadBudget", ["budgets:ViewBudget"], budget),
        allow("StopRuns", ["sagemaker:ListPipelineExecutions", "sagemaker:StopPipelineExecution"], pipelines),
        allow(
            "DeleteEndpoints", ["sagemaker:DeleteEndpoint"], names.service_arn(platform, "sagemaker", f"endpoint/{own}")
        ),
        allow(
            "SleepComponents",
            ["sagemaker:UpdateInferenceComponentRuntimeConfig"],
            names.service_arn(platform, "sagemaker", f"inference-component/{own}"),
        ),
        # Deleting an endpoint takes its scaling target away, with the rights of whoever deletes it.
        allow(
            "ForgetScaling",
            ["application-autoscaling:DeregisterScalableTarget"],
            names.service_arn(platform, "application-autoscaling", "scalable-target/*"),
        ),
        allow("Tell", ["sns:Publish"], topic_arn),
        allow("EncryptNotice", ["kms:Decrypt", "kms:GenerateDataKey"], topic_key_arn),
    ]
