"""The monthly budget of one environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class EnvironmentBudgetArgs:
    """`monthly_usd` in USD; notifications at `thresholds_percent` of it, the largest on the forecast too."""

    platform: Platform
    monthly_usd: int
    thresholds_percent: Sequence[int]
    email: str
    topic_arn: pulumi.Input[str]


class EnvironmentBudget(pulumi.ComponentResource):
    """Costs tagged with project and environment; both tags must be activated as cost allocation tags."""

    budget_name: str

    def __init__(self, name: str, args: EnvironmentBudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:EnvironmentBudget", name, None, opts)
        self.budget_name = names.resource_name(args.platform, "monthly")
        tagged = {"project": args.platform.project, "env": args.platform.environment}
        notices = [("ACTUAL", percent) for percent in sorted(args.thresholds_percent)]
        notices.append(("FORECASTED", max(args.thresholds_percent)))
        aws.budgets.Budget(
            name,
            name=self.budget_name,
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.monthly_usd),
            limit_unit="USD",
            metrics="UnblendedCost",
            filter_expression={
                "ands": [{"tags": {"key": key, "values": [value]}} for key, value in tagged.items()],
            },
            notifications=[
                {
                    "comparison_operator": "GREATER_THAN",
                    "notification_type": kind,
                    "threshold": percent,
                    "threshold_type": "PERCENTAGE",
                    "subscriber_email_addresses": [args.email],
                    "subscriber_sns_topic_arns": [args.topic_arn],
                }
                for kind, percent in notices
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
