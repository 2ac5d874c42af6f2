"""Kafka: clusters that exist are read, others are made, sized by the rate of events and how long they are kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan.decision import Decision
from modelkeel.plan.network import zone_count
from modelkeel.tables.kafka_broker import KafkaBroker, kafka_brokers
from modelkeel.tables.region import regions
from modelkeel.tables.usage import usages

USED_SHARE = 0.5
"""Share of a disk's throughput that is planned with: the rest serves readers of old records, and a broker's loss."""
MAX_BROKERS = 15
"""Brokers that a cluster is made with at most: Amazon MSK API Reference, CreateCluster, numberOfBrokerNodes."""
MAX_VOLUME_GIB = 16_384
MIN_VOLUME_GIB = 50
DISK_TARGET = 0.6
PARTITION_MIB_PER_SEC = 5
"""Half of the 10 MB a second that Firehose reads from a partition: Amazon Data Firehose Developer Guide, Quotas."""
LAG_MINUTES = 15
TRIAL_SHARE = 0.01
"""Share of the events that an environment before production is tried with."""
MAX_ZONES = 3
FIXED_DISKS = ("af-south-1", "ap-northeast-3")
"""Regions where disks do not grow by themselves: Amazon MSK Developer Guide, Automatic scaling."""


@dataclass(frozen=True, kw_only=True)
class KafkaSize:
    """A cluster of one environment; rates in MiB a second before copies, volumes of one broker."""

    broker_type: str
    brokers: int
    zones: int
    replicas: int
    partitions: int
    volume_gib: int
    volume_max_gib: int
    retention_hours: int
    mib_per_sec: float

    def text(self) -> str:
        """Return the size in a few words."""
        return f"{self.brokers} {self.broker_type} in {self.zones} zones, {self.volume_gib:,} GiB each"


def is_made(answers: Answers, environment: str, retention_hours: int) -> bool:
    """Tell whether the environment gets a cluster of its own: none exists, and one can take the events."""
    return _lacks(answers, environment) and size(answers, environment, retention_hours) is not None


def is_used(answers: Answers, environment: str, retention_hours: int) -> bool:
    """Tell whether events come by Kafka there, from a cluster that exists or one that is made."""
    given = "msk" in answers.ingestion and environment in answers.existing_kafka_arns
    return given or is_made(answers, environment, retention_hours)


def exceeds(answers: Answers, retention_hours: int) -> list[str]:
    """Return the environments whose events are more than one cluster takes."""
    return [
        name for name in answers.environments if _lacks(answers, name) and size(answers, name, retention_hours) is None
    ]


def size(answers: Answers, environment: str, retention_hours: int) -> KafkaSize | None:
    """Return the smallest cluster of standard brokers that takes the environment's events; none where none does.

    Each record lies on as many brokers as there are zones. A rehearsal has two zones and a hundredth of the events.
    """
    production = environment == answers.environments[-1]
    zones = _zones(answers, environment) if production else 2
    rate = _mib_per_sec(answers) * (1 if production else TRIAL_SHARE)
    replicas = zones
    kept_gib = rate * 3600 * retention_hours * replicas / 1024
    for broker in kafka_brokers(_family(answers)):
        brokers = _brokers(broker, rate * replicas, kept_gib, zones)
        if brokers <= MAX_BROKERS:
            volume = max(MIN_VOLUME_GIB, math.ceil(kept_gib / brokers))
            grows = answers.region not in FIXED_DISKS
            return KafkaSize(
                broker_type=broker.type,
                brokers=brokers,
                zones=zones,
                replicas=replicas,
                partitions=brokers * max(1, math.ceil(rate / PARTITION_MIB_PER_SEC / brokers)),
                volume_gib=volume,
                volume_max_gib=min(MAX_VOLUME_GIB, math.ceil(volume / DISK_TARGET)) if grows else volume,
                retention_hours=retention_hours,
                mib_per_sec=rate,
            )
    return None


def settings(answers: Answers, environment: str, retention_hours: int) -> dict[str, Any]:
    """Return the data program's keys of Kafka, none where no events come by it."""
    if not is_used(answers, environment, retention_hours):
        return {}
    share = 1 if environment == answers.environments[-1] else TRIAL_SHARE
    lag = math.ceil(answers.events_per_sec * share * 60 * LAG_MINUTES)
    read = {"kafka_topic": answers.kafka_topic, "kafka_lag_records": max(lag, 1000)}
    given = answers.existing_kafka_arns.get(environment)
    if given:
        return {"kafka_cluster_arn": given, **read}
    made = size(answers, environment, retention_hours)
    assert made is not None
    return {
        **read,
        "kafka_broker_type": made.broker_type,
        "kafka_brokers": made.brokers,
        "kafka_zones": made.zones,
        "kafka_replicas": made.replicas,
        "kafka_partitions": made.partitions,
        "kafka_volume_gib": made.volume_gib,
        "kafka_volume_max_gib": made.volume_max_gib,
        "kafka_retention_hours": made.retention_hours,
    }


def decision(answers: Answers, retention_hours: int) -> Decision:
    """Return what becomes of Kafka in each environment, and why."""
    sizes = {name: size(answers, name, retention_hours) for name in answers.environments if _lacks(answers, name)}
    made = {name: row for name, row in sizes.items() if row}
    value = {name: answers.existing_kafka_arns[name] for name in answers.environments if not _lacks(answers, name)}
    value |= {name: row.text() for name, row in made.items()}
    value |= {name: "none: the events are more than one cluster takes" for name, row in sizes.items() if not row}
    reasons = [f"Firehose reads topic {answers.kafka_topic} into the raw bucket, privately and as its own role."]
    if made:
        reasons.append(
            "A cluster is made: standard brokers, since MSK Serverless takes no key of ours and has no topics that a"
            " program makes, and Express brokers cost twice as much an hour for about the same rate. Only IAM opens it;"
            " docs/kafka.md says how producers get in."
        )
    if len(sizes) < len(answers.environments):
        reasons.append(
            "A cluster that exists must have that topic, IAM authentication, private connectivity, and a policy with"
            " kafka:CreateVpcConnection for firehose.amazonaws.com: Firehose finds out at its creation."
        )
    if len(made) < len(sizes):
        reasons.append("Where the events are more than one cluster takes, they go into the Kinesis stream.")
    largest = made.get(answers.environments[-1])
    return Decision(
        key="kafka",
        value={"topic": answers.kafka_topic, "cluster": {name: value[name] for name in answers.environments}},
        reason=" ".join(reasons),
        from_=("ingestion", "kafka_topic", "existing_kafka_arns", "events_per_sec", "availability", "environments"),
        formula=_formula(answers, largest) if largest else "",
        source="Amazon Data Firehose Developer Guide, Amazon MSK as a source; Amazon MSK Developer Guide, Multi-VPC"
        " private connectivity, Best practices for Standard brokers, MSK Serverless",
        alternatives=(
            "kinesis: on demand from 29 USD a month, nothing to run",
            "Express brokers: no disk to size and no maintenance windows, from 894 USD a month for three",
        ),
    )


def _formula(answers: Answers, made: KafkaSize) -> str:
    each = usages()["event_record_kb"].base
    return (
        f"{answers.events_per_sec:,} events/s * {each} KB = {made.mib_per_sec:.3g} MiB/s, * {made.replicas} copies"
        f" / ({USED_SHARE:g} of a disk's rate) -> {made.brokers} brokers; kept {made.retention_hours} h:"
        f" {made.volume_gib:,} GiB a broker, at least {MIN_VOLUME_GIB}"
    )


def _lacks(answers: Answers, environment: str) -> bool:
    return "msk" in answers.ingestion and environment not in answers.existing_kafka_arns


def _mib_per_sec(answers: Answers) -> float:
    return answers.events_per_sec * float(usages()["event_record_kb"].base) / 1024


def _zones(answers: Answers, environment: str) -> int:
    if answers.network == "existing":
        return min(MAX_ZONES, len(set(answers.existing_subnet_ids.get(environment, ()))))
    return min(MAX_ZONES, zone_count(answers))


def _family(answers: Answers) -> str:
    """M7g in the commercial partition; M5, which MSK has had from the start, in the others."""
    return "m7g" if regions()[answers.region].partition == "aws" else "m5"


def _brokers(broker: KafkaBroker, written_mib_per_sec: float, kept_gib: float, zones: int) -> int:
    by_rate = math.ceil(written_mib_per_sec / (broker.disk_mib_per_sec * USED_SHARE))
    by_volume = math.ceil(kept_gib / (MAX_VOLUME_GIB * DISK_TARGET))
    return zones * max(1, math.ceil(max(by_rate, by_volume) / zones))
