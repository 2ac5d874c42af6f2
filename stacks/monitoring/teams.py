"""A budget and a dashboard for each team of the platform."""

from __future__ import annotations

import json

import pulumi_aws as aws

from stacks import names
from stacks.components.team_budget import TeamBudget, TeamBudgetArgs
from stacks.documents.team_dashboard import body
from stacks.monitoring.ground import Ground
from stacks.team_files import teams_in
from stacks.teams import Team


def watch(ground: Ground) -> None:
    """Create what watches each team; nothing where the settings name no folder of teams."""
    for team in teams_in(ground.settings.teams_folder):
        _budget(ground, team)
        if ground.settings.dashboard:
            _dashboard(ground, team)


def _budget(ground: Ground, team: Team) -> None:
    monthly_usd = team.budget_usd_per_month.get(ground.platform.environment, 0)
    # AWS takes no budget of nothing; a team without one here has only what the environment's budget covers.
    if monthly_usd:
        TeamBudget(
            f"team-{team.name}",
            TeamBudgetArgs(
                platform=ground.platform,
                team=team.name,
                monthly_usd=monthly_usd,
                thresholds_percent=ground.settings.budget_thresholds_percent,
                owners=team.owners,
                topic_arn=ground.alert_topic_arn,
            ),
            ground.opts,
        )


def _dashboard(ground: Ground, team: Team) -> None:
    platform = ground.platform
    gpus = team.gpus.get(platform.environment, 0)
    told = f"Tier {team.tier}, {gpus} GPUs of its own, owned by {', '.join(team.owners)}"
    drawn = body(
        title=f"{team.name} on {platform.project} in {platform.environment}",
        told=told,
        region=platform.region,
        cluster=names.cluster_name(platform) if ground.settings.teams_on_cluster else "",
        team=team.name,
        own=f"{platform.project}/{platform.environment}/{team.name}",
        models=team.models,
    )
    aws.cloudwatch.Dashboard(
        f"team-{team.name}",
        dashboard_name=names.resource_name(platform, f"team-{team.name}"),
        dashboard_body=json.dumps(drawn),
        opts=ground.opts,
    )
