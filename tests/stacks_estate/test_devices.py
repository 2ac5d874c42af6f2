"""Devices prove who they are, say what is theirs to say, and what they send reaches the lake."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest
from stacks_estate.estate import recorded_example

from modelkeel import cost
from modelkeel.graph import Graph
from stacks.documents import device
from stacks.settings import Platform

THING = "${iot:Connection.Thing.ThingName}"


@functools.cache
def graph() -> Graph:
    return recorded_example("predictive_maintenance", "prod")


def inputs(kind: str, name: str = "devices") -> dict[str, Any]:
    (found,) = (row for _, row in graph().resources() if row.type == kind and row.name == name)
    return dict(found.inputs)


def platform() -> Platform:
    return Platform(
        project="vending",
        environment="prod",
        account_id="1" * 12,
        region="us-gov-west-1",
        partition="aws-us-gov",
        owner_email="a@example.com",
        cost_center="1",
        data_classification="internal",
        ai_risk="none",
        compliance=[],
        use_fips=False,
    )


def test_a_device_speaks_for_itself_only() -> None:
    """Every topic and client that it may use holds its own name, taken from its certificate."""
    statements = device.device_policy(platform())["Statement"]

    resources = [
        arn
        for row in statements
        for arn in ([row["Resource"]] if isinstance(row["Resource"], str) else row["Resource"])
    ]
    assert [arn for arn in resources if THING not in arn or not arn.startswith("arn:aws-us-gov:iot:")] == []


def test_a_claim_certificate_asks_for_a_certificate_and_nothing_else() -> None:
    statements = device.claim_policy(platform(), "vending-prod-iot")["Statement"]

    topics = [arn.split("/", 1)[1] for row in statements if row["Sid"] != "Connect" for arn in row["Resource"]]
    assert {topic.split("/")[1] for topic in topics} == {"certificates", "provisioning-templates"}


@pytest.mark.slow
def test_what_a_device_sends_carries_the_name_of_its_topic() -> None:
    rule = inputs("aws:iot/topicRule:TopicRule")

    assert "topic(3) AS device_id" in rule["sql"]
    assert rule["sql"].endswith("FROM 'vending-health/prod/+/telemetry'")
    assert rule["errorAction"]["cloudwatchLogs"]["logGroupName"] == "/vending-health/prod/devices"


@pytest.mark.slow
def test_a_claimed_device_gets_the_policy_and_the_group_of_the_fleet() -> None:
    template = json.loads(inputs("aws:iot/provisioningTemplate:ProvisioningTemplate")["templateBody"])["Resources"]

    assert template["policy"]["Properties"]["PolicyName"] == inputs("aws:iot/policy:Policy")["name"]
    assert template["thing"]["Properties"]["ThingGroups"][:1] == [inputs("aws:iot/thingGroup:ThingGroup")["name"]]


@pytest.mark.slow
def test_messages_are_priced_by_how_many_there_are() -> None:
    """3,334 messages a second at the busiest hour, six tenths of it on average, a dollar a million."""
    (line,) = (row for row in cost.price(graph()).lines if row.dimension == "messages" and "TopicRule" in row.urn)

    assert float(line.quantity) == pytest.approx(3334 * 3600 * 730 / 1e6 * 0.6, rel=0.001)
