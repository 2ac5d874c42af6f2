"""What a team may cost in a month, and who is told when it costs more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform

MAX_ADDRESSES = 10
"""AWS takes 10 e-mail addresses for a notification: AWS Budgets API Reference, Notification, read 2026-11-25."""


@dataclass(frozen=True, kw_only=True)
class TeamBudgetArgs:
    """`monthly_usd` in USD; notices at `thresholds_percent` of it go to the team's `owners` and to the topic."""

    platform: Platform
    team: str
    monthly_usd: int
    thresholds_percent: Sequence[int]
    owners: Sequence[str]
    topic_arn: pulumi.Input[str]


class TeamBudget(pulumi.ComponentResource):
    """Costs that carry the tag `team`; machines that teams share carry none, and are charged back by their use."""

    def __init__(self, name: str, args: TeamBudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:TeamBudget", name, None, opts)
        tags = {"project": args.platform.project, "env": args.platform.environment, "team": args.team}
        aws.budgets.Budget(
            name,
            name=names.resource_name(args.platform, f"team-{args.team}"),
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.monthly_usd),
            limit_unit="USD",
            metrics="UnblendedCost",
            filter_expression={"ands": [{"tags": {"key": key, "values": [value]}} for key, value in tags.items()]},
            notifications=[
                {
                    "comparison_operator": "GREATER_THAN",
                    "notification_type": "ACTUAL",
                    "threshold": percent,
                    "threshold_type": "PERCENTAGE",
                    "subscriber_email_addresses": list(args.owners)[:MAX_ADDRESSES],
                    "subscriber_sns_topic_arns": [args.topic_arn],
                }
                for percent in sorted(args.thresholds_percent)
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
