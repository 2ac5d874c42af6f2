"""Kafka clusters: brokers by the hour, disks, the private connection by which Firehose reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from modelkeel.cost.facts import MONTH_HOURS, Facts, mapping, number
from modelkeel.cost.pricers.storage import stream_gigabytes
from modelkeel.cost.range import because, exactly
from modelkeel.cost.use import Gap, Part, Pricer, Use
from modelkeel.graph import Resource, Stack


def cluster(facts: Facts, stack: Stack, resource: Resource) -> Iterator[Part]:
    """Brokers pay for time and disks; what they copy among themselves is free, traffic to them is not."""
    brokers = number(resource.inputs.get("numberOfBrokerNodes"))
    group = mapping(resource.inputs.get("brokerNodeGroupInfo"))
    kind = str(group.get("instanceType") or "")
    volume = number(mapping(mapping(group.get("storageInfo")).get("ebsStorageInfo")).get("volumeSize"))
    if brokers is None or volume is None or not kind:
        yield Gap(dimension="brokers", reason="number, size or disk of the brokers is unknown until deployment")
        return
    yield Use(
        dimension="brokers",
        sku=f"msk-{kind}",
        quantity=exactly(brokers * MONTH_HOURS),
        assumption=f"{brokers} {kind} all month",
    )
    yield Use(
        dimension="disks",
        sku="msk-storage",
        quantity=exactly(brokers * volume),
        assumption=f"{brokers} disks of {volume} GiB, as made; they grow when they fill",
    )
    private = mapping(
        mapping(mapping(group.get("connectivityInfo")).get("vpcConnectivity")).get("clientAuthentication")
    )
    if private:
        yield Use(
            dimension="private connection",
            sku="msk-private-connection",
            quantity=exactly(Decimal(len(private)) * MONTH_HOURS),
            assumption="one way to authenticate, all month",
        )
        yield Use(
            dimension="data by the private connection",
            sku="msk-private-data",
            quantity=stream_gigabytes(facts, stack),
            assumption=because("events_per_prediction", "event_record_kb", "stream_gb"),
        )


PRICERS: Mapping[str, Pricer] = {"aws:msk/cluster:Cluster": cluster}
