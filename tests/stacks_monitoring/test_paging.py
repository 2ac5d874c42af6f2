"""Alarms of what callers feel call somebody; all others wait."""

from __future__ import annotations

from typing import Any

import pytest
from small_repository import of_type
from stacks_models.model_project import ACCOUNT, REGION, recorded
from stacks_serving.modes import SIZES

from modelkeel.graph import Graph

WAITING, URGENT = (f"arn:aws:sns:{REGION}:{ACCOUNT}:fraud-prod-{topic}" for topic in ("alerts", "pages"))
URL = "https://events.example.com/integration/enqueue"
FELT = {"latency", "errors", "backlog"}


def graph(*modes: str, **monitoring: Any) -> Graph:
    served = modes or ("realtime",)
    sizes = {key: value for mode in served for key, value in SIZES[mode].items()}
    return recorded(serving={"modes": list(served), **sizes}, monitoring={"serving_modes": list(served), **monitoring})


def subscriptions(found: Graph) -> set[tuple[str, str]]:
    return {(str(row.inputs["protocol"]), row.name) for row in of_type(found, "topicSubscription:TopicSubscription")}


def actions(found: Graph) -> dict[str, list[str]]:
    alarms = [row for row in of_type(found, "metricAlarm:MetricAlarm") if "monitoring" in row.urn.split("::")[1]]
    return {row.name: row.inputs["alarmActions"] for row in alarms}


def test_where_nobody_is_called_there_is_one_topic_read_by_mail() -> None:
    found = graph()

    assert ["alerts"] == [row.name for row in of_type(found, "sns/topic:Topic") if row.name in {"alerts", "pages"}]
    assert {("email", "alerts")} == {row for row in subscriptions(found) if row[1] == "alerts"}
    assert {(WAITING,)} == {tuple(topics) for topics in actions(found).values()}


def test_pagerduty_alone_gets_every_alarm() -> None:
    found = graph(pagerduty=True, pagerduty_url=URL)

    assert ("https", "alerts-pager") in subscriptions(found)
    assert {(WAITING,)} == {tuple(topics) for topics in actions(found).values()}


@pytest.mark.parametrize("modes", [("realtime",), ("async",), ("serverless",)])
def test_what_callers_feel_is_urgent_and_all_else_waits(modes: tuple[str, ...]) -> None:
    found = actions(graph(*modes, pagerduty=True, paging=True, pagerduty_url=URL))

    urgent = {name for name, topics in found.items() if topics == [URGENT]}
    assert urgent
    assert {name.rpartition("-")[2] for name in urgent} <= FELT
    assert {(URGENT,), (WAITING,)} == {tuple(topics) for topics in found.values()}


def test_the_address_joins_the_urgent_topic_and_is_a_secret() -> None:
    found = graph(pagerduty=True, paging=True, pagerduty_url=URL)

    assert {("https", "pages-pager"), ("email", "pages"), ("email", "alerts")} <= subscriptions(found)
    assert ("https", "alerts-pager") not in subscriptions(found)
    pager = next(row for row in of_type(found, "TopicSubscription") if row.name == "pages-pager")
    assert URL not in str(pager.inputs)


def test_without_the_address_mails_are_sent_and_nothing_fails() -> None:
    assert {"email"} == {
        protocol for protocol, name in subscriptions(graph(pagerduty=True, paging=True)) if "pager" not in name
    }
