"""An alarm on drift or on quality becomes a case for a person, never a training run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.review_workflow import RETRAINING
from stacks.documents.statement import allow, document
from stacks.documents.workflow_role import trust
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class RetrainingProposalArgs:
    """Each of `alarm_names` proposes; `review_workflow_arn` puts the proposal before a person."""

    platform: Platform
    alarm_names: Sequence[str]
    review_workflow_arn: pulumi.Input[str]


class RetrainingProposal(pulumi.ComponentResource):
    """An EventBridge rule on the alarm, with a role that may start the review and nothing else."""

    def __init__(self, name: str, args: RetrainingProposalArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:RetrainingProposal", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, name)
        rule = aws.cloudwatch.EventRule(
            name,
            name=full_name,
            description="Drift or low quality is confirmed: propose a retraining",
            event_pattern=_confirmed(args.alarm_names),
            opts=child,
        )
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=full_name,
                path=names.role_path(args.platform),
                description="Starts the review of a proposed retraining",
                trust=trust(
                    args.platform,
                    "events.amazonaws.com",
                    names.service_arn(args.platform, "events", f"rule/{full_name}"),
                ),
                permissions=pulumi.Output.from_input(args.review_workflow_arn).apply(
                    lambda arn: document([allow("StartReview", ["states:StartExecution"], arn)])
                ),
                boundary_arn=names.boundary_arn(args.platform),
            ),
            child,
        )
        proposal = {
            "kind": RETRAINING,
            "subject": {"alarm": "<alarm>", "since": "<since>"},
            "proposed_by": names.resource_name(args.platform, "monitoring"),
        }
        aws.cloudwatch.EventTarget(
            name,
            rule=rule.name,
            target_id="review",
            arn=args.review_workflow_arn,
            role_arn=role.arn,
            input_transformer={
                "input_paths": {"alarm": "$.detail.alarmName", "since": "$.detail.state.timestamp"},
                "input_template": json.dumps(proposal),
            },
            retry_policy={"maximum_retry_attempts": 10, "maximum_event_age_in_seconds": 3600},
            opts=child,
        )
        self.register_outputs({})


def _confirmed(alarm_names: Sequence[str]) -> str:
    return json.dumps(
        {
            "source": ["aws.cloudwatch"],
            "detail-type": ["CloudWatch Alarm State Change"],
            "detail": {"alarmName": list(alarm_names), "state": {"value": ["ALARM"]}},
        }
    )
