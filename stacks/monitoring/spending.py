"""What the environment may cost, and what happens beyond."""

from __future__ import annotations

import json

import pulumi

from stacks.components.budget_stop import BudgetStop, BudgetStopArgs
from stacks.components.cost_anomalies import CostAnomalies, CostAnomaliesArgs
from stacks.components.environment_budget import EnvironmentBudget, EnvironmentBudgetArgs
from stacks.monitoring.ground import Ground


def watch(ground: Ground) -> None:
    """Create the budget, the anomaly detection and, where the settings ask for it, what stops the environment."""
    settings = ground.settings
    budget = EnvironmentBudget(
        "budget",
        EnvironmentBudgetArgs(
            platform=ground.platform,
            monthly_usd=settings.monthly_budget_usd,
            thresholds_percent=settings.budget_thresholds_percent,
            email=settings.alert_email,
            topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )
    if settings.anomaly_usd:
        CostAnomalies(
            "cost-anomalies",
            CostAnomaliesArgs(platform=ground.platform, least_usd=settings.anomaly_usd, email=settings.alert_email),
            ground.opts,
        )
    if settings.over_budget == "stop":
        _stop(ground, budget.budget_name)


def _stop(ground: Ground, budget_name: str) -> None:
    modes = ground.endpoint_modes
    components = "inference_components" in modes
    names_of_components = (
        ground.serving.require("inference_components_names").apply(json.loads)
        if components
        else pulumi.Output.from_input(list[str]())
    )
    BudgetStop(
        "budget-stop",
        BudgetStopArgs(
            platform=ground.platform,
            budget_name=budget_name,
            percent=ground.settings.stop_at_percent,
            pipeline_name=ground.training.require("pipeline_name"),
            # An endpoint with components cannot be deleted; without copies it has no instances.
            endpoint_names=[
                ground.serving.require(f"{mode}_endpoint_name") for mode in modes if mode != "inference_components"
            ],
            component_names=names_of_components,
            scheduler_role_arn=ground.identity.require("scheduler_role_arn"),
            workflow_key_arn=ground.foundation.require("evidence_key_arn"),
            log_key_arn=ground.foundation.require("logs_key_arn"),
            log_retention_days=ground.settings.log_retention_days,
            alarm_topic_arn=ground.alert_topic_arn,
        ),
        ground.opts,
    )
