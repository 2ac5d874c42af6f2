"""Questions about running the project."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from modelkeel.answers.kind import Repository, Timezone, in_order_of
from modelkeel.answers.question import question
from modelkeel.answers.section import Section

Channel = Literal["email", "slack", "pagerduty"]
Budget = Annotated[int, Field(strict=True, ge=1, le=100_000_000)]


class OperationsAnswers(Section):
    """How changes get in, what they may cost, who is told."""

    ci: Literal[
        "github", "github_enterprise", "gitlab", "bitbucket", "azure_devops", "jenkins", "codepipeline", "none"
    ] = question(
        "github",
        help="The CI system that previews and deploys.",
        changes="The CI files and the issuer whose tokens the CI roles trust.",
        quick=True,
    )
    repository: Repository = question(
        "",
        help="Where the repository will live, as OWNER/NAME; empty leaves a name to replace.",
        changes="Which repository's CI may assume the deploy roles.",
        example="acme/card-fraud",
    )
    pulumi_backend: Literal["s3_kms", "pulumi_cloud", "file"] = question(
        "s3_kms",
        help="Where Pulumi keeps its state; s3_kms is an encrypted bucket of your own.",
        changes="The login of CI and the bootstrap script.",
    )
    monthly_budget_usd: dict[str, Budget] = question(
        help="USD a month that each environment may cost; warnings start at half of it.",
        changes="AWS Budgets and their notifications.",
        example={"prod": 1500},
        quick=True,
    )
    over_budget: Literal["alert", "stop_dev", "stop_all_but_prod"] = question(
        "stop_dev",
        help="What happens above the budget.",
        changes="Thresholds of the budget and what its runbook does.",
    )
    tracking: Literal["mlflow_app", "mlflow_self", "wandb", "none"] = question(
        "mlflow_app",
        help="Where experiments are tracked; the serverless MLflow app costs storage only.",
        changes="The tracking server.",
    )
    registry: Literal["sagemaker", "mlflow_only"] = question(
        "sagemaker",
        help="Where approved models are registered; MLflow alone is noted and not taken, as the plan says why.",
        changes="What the plan says about the registry.",
    )
    alert_to: Annotated[tuple[Channel, ...], in_order_of(Channel)] = question(
        ("email",),
        help="Where alarms go.",
        changes="Subscriptions of the alarm topic.",
        min_length=1,
    )
    slack_workspace_id: Annotated[str, StringConstraints(strict=True, pattern=r"^$|^T[0-9A-Z]{8,20}$")] = question(
        "",
        help="Id of the Slack workspace, as its console shows it: T and letters; AWS asks for consent there once.",
        changes="The Slack channel that alarms reach.",
        when={"alert_to": ("slack",)},
    )
    slack_channel_id: Annotated[str, StringConstraints(strict=True, pattern=r"^$|^[CG][0-9A-Z]{8,20}$")] = question(
        "",
        help="Id of the Slack channel: C or G and letters.",
        changes="The Slack channel that alarms reach.",
        when={"alert_to": ("slack",)},
    )
    on_call: Literal["none", "production", "every_environment"] = question(
        "none",
        help="Where alarms of what callers feel call somebody at any hour; all others wait for working hours.",
        changes="A topic of its own for urgent alarms, which PagerDuty is joined to, and who is told what.",
        when={"alert_to": ("pagerduty",)},
    )
    timezone: Timezone = question(
        "UTC",
        help="Time zone of the team, as in Europe/Berlin: nights and working hours are meant in it.",
        changes="When schedules run.",
    )
    rpo_minutes: StrictInt = question(
        1440,
        help="Minutes of data that may be lost in a disaster.",
        changes="Backup frequency, replication to a second Region.",
        ge=1,
        le=43_200,
    )
    rto_minutes: StrictInt = question(
        480,
        help="Minutes after which the service must be back after a disaster.",
        changes="Whether a second Region stands by.",
        ge=1,
        le=43_200,
    )
    aws_existing_customer: StrictBool = question(
        False,
        help="The accounts already use services that AWS closed to new customers (Model Monitor, Clarify, A2I).",
        changes="Whether such services may be named; they are still advised against.",
    )
    python_tool: Literal["uv", "poetry", "pip"] = question(
        "uv",
        help="What installs Python packages.",
        changes="The Makefile, CI and Pulumi's toolchain.",
    )
    lint: Literal["ruff", "none"] = question(
        "ruff",
        help="What checks the style of the code.",
        changes="The lint target and its CI job.",
    )
    license: Literal["proprietary", "apache_2", "mit"] = question(
        "proprietary",
        help="Licence of the generated repository.",
        changes="The LICENSE file.",
    )
    agent_guidance: StrictBool = question(
        False,
        help="Add AGENTS.md, which tells coding assistants the rules of the repository.",
        changes="AGENTS.md.",
    )
