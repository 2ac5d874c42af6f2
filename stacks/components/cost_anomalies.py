"""Costs that leave their usual course, before a budget notices."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class CostAnomaliesArgs:
    """Told from `least_usd` above the expected cost on, once a day, to `email`."""

    platform: Platform
    least_usd: int
    email: str


class CostAnomalies(pulumi.ComponentResource):
    """A monitor of what carries the project's tag, which must be activated as a cost allocation tag.

    By mail once a day: notices at once go to topics only, whose keys the service would have to be allowed to use.
    """

    def __init__(self, name: str, args: CostAnomaliesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:CostAnomalies", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        full_name = names.resource_name(args.platform, name)
        tag = {"Key": "project", "Values": [args.platform.project], "MatchOptions": ["EQUALS"]}
        monitor = aws.costexplorer.AnomalyMonitor(
            name,
            name=full_name,
            monitor_type="CUSTOM",
            monitor_specification=json.dumps({"Tags": tag}),
            opts=child,
        )
        aws.costexplorer.AnomalySubscription(
            name,
            name=full_name,
            frequency="DAILY",
            monitor_arn_lists=[monitor.arn],
            subscribers=[{"type": "EMAIL", "address": args.email}],
            threshold_expression={
                "dimension": {
                    "key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                    "match_options": ["GREATER_THAN_OR_EQUAL"],
                    "values": [str(args.least_usd)],
                }
            },
            opts=child,
        )
        self.register_outputs({})
