"""The three dashboards of the environment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import alerts, names
from stacks.documents import dashboard
from stacks.documents.dashboard import DashboardFacts, EndpointFacts
from stacks.monitoring.ground import Ground

BODIES = {
    "executive": dashboard.executive,
    "operations": dashboard.operations,
    "governance": dashboard.governance,
}


def draw(ground: Ground, alarm_names: list[pulumi.Output[str]], judged: Sequence[str]) -> None:
    """Create the dashboards; none where the settings want none.

    `alarm_names` are the alarms on the model itself, `judged` the modes that late labels judge.
    """
    if not ground.settings.dashboard:
        return
    facts = _facts(ground, alarm_names, judged)
    for name, body in BODIES.items():
        aws.cloudwatch.Dashboard(
            name,
            dashboard_name=names.resource_name(ground.platform, name),
            dashboard_body=facts.apply(lambda known, body=body: json.dumps(body(known))),  # type: ignore[misc]
            opts=ground.opts,
        )


def _facts(
    ground: Ground, alarm_names: list[pulumi.Output[str]], judged: Sequence[str]
) -> pulumi.Output[DashboardFacts]:
    platform = ground.platform
    endpoints = [
        {
            "mode": mode,
            "endpoint_name": ground.serving.require(f"{mode}_endpoint_name"),
            "variant_name": ground.serving.require(f"{mode}_variant_name"),
        }
        for mode in ground.endpoint_modes
    ]
    resolved = pulumi.Output.all(
        endpoints=endpoints, pipeline_name=ground.training.require("pipeline_name"), alarm_names=alarm_names
    )

    def merge(given: dict[str, Any]) -> DashboardFacts:
        return DashboardFacts(
            region=platform.region,
            title=f"{platform.project} in {platform.environment}",
            endpoints=[EndpointFacts(**row) for row in given["endpoints"]],
            sources=[ground.source(mode) for mode in ground.capturing_modes],
            judged=[ground.source(mode) for mode in judged],
            pipeline_name=given["pipeline_name"],
            metric_namespace=alerts.metric_namespace(platform),
            budget_name=names.resource_name(platform, "monthly"),
            review_queue_name=names.resource_name(platform, "review-queue"),
            review_workflow_arn=names.service_arn(
                platform, "states", f"stateMachine:{names.resource_name(platform, 'review')}"
            ),
            alarm_arns=[names.service_arn(platform, "cloudwatch", f"alarm:{name}") for name in given["alarm_names"]],
        )

    return resolved.apply(merge)
