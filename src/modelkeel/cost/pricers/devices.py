"""Messages of devices: received, looked at by a rule, handed on by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.facts import MONTH_HOURS, Facts, number
from modelkeel.cost.range import assumed, because
from modelkeel.cost.use import Gap, Part, Pricer, Use
from modelkeel.graph import Resource, Stack

MESSAGES_EXPORT = "device_messages_per_sec"
SECONDS_AN_HOUR = 3600
MILLION = 1_000_000


def topic_rule(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Each message of up to 5 KB counts once as a message, once as a rule that ran and once as its action."""
    peak = number(stack.exports.get(MESSAGES_EXPORT))
    if peak is None:
        yield Gap(dimension="messages", reason=f"the stack exports no {MESSAGES_EXPORT}")
        return
    a_month = peak * SECONDS_AN_HOUR * MONTH_HOURS / Decimal(MILLION)
    said = f"{peak} messages/s at the busiest hour; {because('device_duty')}"
    for dimension, sku in (("messages", "iot-message"), ("rule runs", "iot-rule"), ("actions", "iot-action")):
        yield Use(dimension=dimension, sku=sku, quantity=assumed("device_duty") * a_month, assumption=said)


PRICERS: Mapping[str, Pricer] = {"aws:iot/topicRule:TopicRule": topic_rule}
