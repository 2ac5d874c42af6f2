"""The log of approvals, runs, endpoint changes, verdicts and switch movements."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.log_group import log_group
from stacks.documents.governance_events import Subjects, delivery_policy, patterns
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class GovernanceLogArgs:
    """Events of these resources are kept for `retention_days`, a value that CloudWatch Logs accepts."""

    platform: Platform
    kms_key_arn: pulumi.Input[str]
    retention_days: int
    model_package_group: pulumi.Input[str]
    pipeline_arn: pulumi.Input[str]
    review_workflow_arn: pulumi.Input[str] | None
    kill_switch: str | None


class GovernanceLog(pulumi.ComponentResource):
    """An encrypted log group that EventBridge rules fill: what happened, in the words of AWS."""

    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: GovernanceLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:GovernanceLog", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        log = log_group(
            name,
            # EventBridge writes to log groups below this prefix only.
            log_group_name=f"/aws/events/{names.resource_name(args.platform, name)}",
            kms_key_arn=args.kms_key_arn,
            retention_days=args.retention_days,
            opts=child,
        )
        aws.cloudwatch.LogResourcePolicy(
            name,
            resource_arn=log.arn,
            policy_document=log.arn.apply(lambda arn: json.dumps(delivery_policy(arn))),
            opts=child,
        )
        for event, pattern in _patterns(args).items():
            self._keep(f"{name}-{event}", event, pattern, log, args.platform)
        self.log_group_name = log.name
        self.register_outputs({"log_group_name": self.log_group_name})

    def _keep(
        self, name: str, event: str, pattern: pulumi.Output[str], log: aws.cloudwatch.LogGroup, platform: Platform
    ) -> None:
        child = pulumi.ResourceOptions(parent=self)
        rule = aws.cloudwatch.EventRule(
            name,
            name=names.resource_name(platform, name),
            description=f"Keeps events for auditors: {event}",
            event_pattern=pattern,
            opts=child,
        )
        aws.cloudwatch.EventTarget(name, rule=rule.name, target_id="log", arn=log.arn, opts=child)


def _patterns(args: GovernanceLogArgs) -> dict[str, pulumi.Output[str]]:
    # Which rules exist is known from the settings; what they match may still be unknown in a preview.
    sample = Subjects(
        model_package_group="",
        pipeline_arn="",
        review_workflow_arn=None if args.review_workflow_arn is None else "known later",
        kill_switch=args.kill_switch,
    )
    resolved = pulumi.Output.all(
        model_package_group=args.model_package_group,
        pipeline_arn=args.pipeline_arn,
        review_workflow_arn=args.review_workflow_arn,
        kill_switch=args.kill_switch,
    )

    def pick(event: str) -> pulumi.Output[str]:
        def render(given: dict[str, Any]) -> str:
            return json.dumps(patterns(args.platform, Subjects(**given))[event])

        return resolved.apply(render)

    return {event: pick(event) for event in patterns(args.platform, sample)}
