"""A Slack channel that reads an environment's alarms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents import slack
from stacks.documents.trust import service_trust
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class SlackChannelArgs:
    """`workspace_id` is of a workspace for which somebody has given consent in the account's console."""

    platform: Platform
    workspace_id: str
    channel_id: str
    topic_arns: Sequence[pulumi.Input[str]]


class SlackChannel(pulumi.ComponentResource):
    """Alarms are read in the channel and nothing is done from it: a guardrail keeps every command to reading.

    The service joins the topics by itself. It reads what SNS has decrypted, so it needs no right on their key.
    """

    def __init__(self, name: str, args: SlackChannelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:monitoring:SlackChannel", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                role_name=slack.name(platform),
                path=names.role_path(platform),
                description="Slack, shows alarms",
                trust=service_trust(platform, [slack.SERVICE], [slack.arn(platform)]),
                permissions=slack.permissions(platform),
                boundary_arn=names.boundary_arn(platform),
            ),
            child,
        )
        guardrail = aws.iam.Policy(
            f"{name}-guardrail",
            name=names.resource_name(platform, "slack-guardrail"),
            path=names.role_path(platform),
            description="The most that can be asked from the channel",
            policy=json.dumps(slack.permissions(platform)),
            opts=child,
        )
        aws.chatbot.SlackChannelConfiguration(
            name,
            configuration_name=slack.name(platform),
            slack_team_id=args.workspace_id,
            slack_channel_id=args.channel_id,
            iam_role_arn=role.arn,
            guardrail_policy_arns=[guardrail.arn],
            sns_topic_arns=list(args.topic_arns),
            user_authorization_required=True,
            logging_level="ERROR",
            region=slack.home(platform.region),
            opts=child,
        )
        self.register_outputs({})
