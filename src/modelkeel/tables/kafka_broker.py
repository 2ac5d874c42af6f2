"""Sizes of the brokers of a Kafka cluster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from modelkeel.tables import reader

FILE = "kafka_brokers.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class KafkaBroker:
    """A size of standard broker; rates in MiB a second, copies of partitions counted."""

    type: str
    disk_mib_per_sec: int
    partitions: int


@cache
def kafka_brokers(family: str) -> tuple[KafkaBroker, ...]:
    """Return the brokers of a family (`m7g`), smallest first."""
    rows = (KafkaBroker(**row) for row in reader.document(FILE)["broker"])
    return tuple(row for row in rows if row.type.split(".")[1] == family)
