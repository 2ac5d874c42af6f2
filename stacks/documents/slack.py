"""The Slack channel of an environment: where its configuration is kept, and what may be asked from it."""

from __future__ import annotations

from stacks import names
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

SERVICE = "chatbot.amazonaws.com"
_HOMES = {"ap": "ap-southeast-1", "eu": "eu-west-1", "me": "eu-west-1", "af": "eu-west-1", "il": "eu-west-1"}
_AMERICAS = "us-east-2"


def home(region: str) -> str:
    """Return the Region whose endpoint keeps the configuration, near `region`; what it holds is global.

    Source: AWS General Reference, "Amazon Q Developer in chat applications endpoints": us-east-2, us-west-2, eu-west-1
    and ap-southeast-1.
    """
    return _HOMES.get(region.split("-", 1)[0], _AMERICAS)


def name(platform: Platform) -> str:
    """Return the name of the configuration."""
    return names.resource_name(platform, "slack")


def arn(platform: Platform) -> str:
    """Return the ARN of the configuration."""
    return f"arn:{platform.partition}:chatbot::{platform.account_id}:chat-configuration/slack-channel/{name(platform)}"


def permissions(platform: Platform) -> Document:
    """Return what the channel shows of an alarm: its state, its history and its curve. It changes nothing.

    The same document is the guardrail, which no role that somebody links to the channel goes beyond.
    """
    alarms = names.service_arn(platform, "cloudwatch", f"alarm:{names.resource_name(platform, '*')}")
    return document(
        [
            allow("ReadAlarms", ["cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"], alarms),
            # Curves know no resource.
            allow("DrawCurves", ["cloudwatch:GetMetricData", "cloudwatch:GetMetricWidgetImage"], "*"),
        ]
    )
