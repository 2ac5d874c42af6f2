"""A sentence to the alert topic whenever an event of a kind happens."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class NotificationArgs:
    """`pattern` is an EventBridge pattern; `message` may name `fields`: word -> JSON path in the event."""

    platform: Platform
    component: str
    description: str
    pattern: pulumi.Input[dict[str, Any]]
    message: str
    topic_arn: pulumi.Input[str]
    fields: dict[str, str] = field(default_factory=dict)
    reads_too: bool = False
    """Calls that only read count as well, of which taking on a role is one; rules leave them out by default."""


class Notification(pulumi.ComponentResource):
    """An EventBridge rule on the default bus whose target is a topic."""

    rule_name: pulumi.Output[str]

    def __init__(self, name: str, args: NotificationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:alerts:Notification", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        rule = aws.cloudwatch.EventRule(
            name,
            name=names.resource_name(args.platform, args.component),
            description=args.description,
            state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" if args.reads_too else None,
            event_pattern=pulumi.Output.from_input(args.pattern).apply(json.dumps),
            opts=child,
        )
        aws.cloudwatch.EventTarget(
            name,
            rule=rule.name,
            target_id="alerts",
            arn=args.topic_arn,
            input_transformer={"input_paths": args.fields, "input_template": json.dumps(args.message)},
            retry_policy={"maximum_retry_attempts": 10, "maximum_event_age_in_seconds": 3600},
            opts=child,
        )
        self.rule_name = rule.name
        self.register_outputs({"rule_name": self.rule_name})
