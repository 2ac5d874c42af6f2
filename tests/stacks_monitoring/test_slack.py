"""A channel reads alarms once somebody has given consent, and asks for nothing else."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from small_repository import of_type
from stacks_models.model_project import ACCOUNT, REGION, recorded
from stacks_serving.modes import SIZES

from modelkeel.graph import Graph
from stacks.documents import slack

CHANNEL = {"slack_workspace_id": "T0123ABCD", "slack_channel_id": "C0123ABCD"}


@functools.cache
def graph(*, consented: bool, paging: bool = False) -> Graph:
    modes = ["realtime"]
    watched: dict[str, Any] = {"serving_modes": modes, "paging": paging, "slack_consented": consented, **CHANNEL}
    return recorded(serving={"modes": modes, **SIZES["realtime"]}, monitoring=watched)


def test_before_consent_nothing_is_joined() -> None:
    assert not list(of_type(graph(consented=False), "slackChannelConfiguration:SlackChannelConfiguration"))


def test_the_channel_reads_every_topic_of_the_environment() -> None:
    (found,) = of_type(graph(consented=True, paging=True), "slackChannelConfiguration:SlackChannelConfiguration")

    topics = [f"arn:aws:sns:{REGION}:{ACCOUNT}:fraud-prod-{topic}" for topic in ("alerts", "pages")]
    assert found.inputs["snsTopicArns"] == topics
    assert (found.inputs["slackTeamId"], found.inputs["slackChannelId"]) == ("T0123ABCD", "C0123ABCD")


def test_nothing_can_be_changed_from_the_channel() -> None:
    """Role and guardrail hold the same document, which reads; a person links a role of their own, never more."""
    found = graph(consented=True, paging=True)
    (channel,) = of_type(found, "slackChannelConfiguration:SlackChannelConfiguration")
    held = [row for row in of_type(found, "iam/policy:Policy") if row.name in {"slack", "slack-guardrail"}]

    documents = [json.loads(row.inputs["policy"]) for row in held]
    assert len(documents) == 2
    assert documents[0] == documents[1]
    actions = [action for row in documents[0]["Statement"] for action in row["Action"]]
    assert all(action.startswith(("cloudwatch:Describe", "cloudwatch:Get")) for action in actions)
    assert channel.inputs["userAuthorizationRequired"] is True
    assert channel.inputs["guardrailPolicyArns"] == [
        f"arn:aws:iam::{ACCOUNT}:policy/mlops/prod/fraud-prod-slack-guardrail"
    ]


@pytest.mark.parametrize(
    ("region", "home"),
    [
        ("eu-central-1", "eu-west-1"),
        ("us-east-1", "us-east-2"),
        ("ap-south-1", "ap-southeast-1"),
        ("sa-east-1", "us-east-2"),
        ("me-central-1", "eu-west-1"),
    ],
)
def test_the_configuration_is_kept_where_the_service_has_an_endpoint(region: str, home: str) -> None:
    assert slack.home(region) == home
