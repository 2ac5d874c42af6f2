"""Devices: their messages, what runs on them, and what watches them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.facts import MONTH_HOURS, Facts, number
from modelkeel.cost.range import assumed, because, exactly
from modelkeel.cost.use import Gap, Part, Pricer, Use
from modelkeel.graph import Resource, Stack

MESSAGES_EXPORT = "device_messages_per_sec"
CORES_EXPORT = "core_devices"
WATCHED_EXPORT = "watched_devices"
WINDOWS_AN_HOUR = 12
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


def core_devices(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """A Greengrass core is charged for each month in which it connects, whatever runs on it."""
    yield from _by_device(stack, "core devices", "greengrass-device")


def audit(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Device Defender charges an audit by the devices that were active in the month, however often it runs."""
    yield from _by_device(stack, "audited devices", "iot-audit")


def behaviour(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Each behaviour of a security profile reads one datapoint of each device every five minutes."""
    devices = number(stack.exports.get(WATCHED_EXPORT))
    if devices is None:
        yield Gap(dimension="datapoints", reason=f"the stack exports no {WATCHED_EXPORT}")
        return
    behaviours = len(json.loads(str(resource.inputs.get("desiredState", "{}"))).get("Behaviors", ()))
    a_month = devices * behaviours * MONTH_HOURS * WINDOWS_AN_HOUR / Decimal(MILLION)
    yield Use(
        dimension="datapoints",
        sku="iot-detect",
        quantity=exactly(a_month),
        assumption=f"{behaviours} behaviours of {devices} devices, every five minutes",
    )


def fleet_index(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """The index changes whenever a device connects or is lost."""
    devices = number(stack.exports.get(CORES_EXPORT))
    if devices is None:
        yield Gap(dimension="index changes", reason=f"the stack exports no {CORES_EXPORT}")
        return
    yield Use(
        dimension="index changes",
        sku="iot-index-update",
        quantity=assumed("device_connections") * (devices / Decimal(MILLION)),
        assumption=f"{devices} devices; {because('device_connections')}",
    )


def fleet_metric(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """A fleet metric asks the index once a period."""
    seconds = int(json.loads(str(resource.inputs.get("desiredState", "{}"))).get("Period", SECONDS_AN_HOUR))
    asked = Decimal(MONTH_HOURS * SECONDS_AN_HOUR) / seconds / Decimal(1000)
    yield Use(
        dimension="queries", sku="iot-index-query", quantity=exactly(asked), assumption=f"one every {seconds} seconds"
    )


def _by_device(stack: Stack, dimension: str, sku: str) -> Iterator[Part]:
    devices = number(stack.exports.get(CORES_EXPORT))
    if devices is None:
        yield Gap(dimension=dimension, reason=f"the stack exports no {CORES_EXPORT}")
        return
    yield Use(dimension=dimension, sku=sku, quantity=exactly(devices), assumption=f"{devices} devices, each connects")


PRICERS: Mapping[str, Pricer] = {
    "AWS::IoT::FleetMetric": fleet_metric,
    "AWS::IoT::ScheduledAudit": audit,
    "AWS::IoT::SecurityProfile": behaviour,
    "aws:iot/indexingConfiguration:IndexingConfiguration": fleet_index,
    "aws:iot/roleAlias:RoleAlias": core_devices,
    "aws:iot/topicRule:TopicRule": topic_rule,
}
