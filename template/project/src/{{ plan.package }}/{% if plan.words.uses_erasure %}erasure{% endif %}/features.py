"""People taken out of the online feature store. Its offline copies are Iceberg tables, which `tables` sees to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import rows


@dataclass(frozen=True)
class Group:
    """A feature group with an online store; `event_time_type` is `String` or `Fractional`."""

    name: str
    record_identifier: str
    event_time_type: str


def erase(runtime: Any, groups: Iterable[Group], people: frozenset[str]) -> Counter[tuple[str, str]]:
    """Delete the records of `people`, for good and online only; return how many each had, by group.

    The default would leave a record in the offline copy that says who was deleted (SageMaker API Reference,
    DeleteRecord, 2026-11-25).
    """
    found: Counter[tuple[str, str]] = Counter()
    now = datetime.now(UTC)
    for group in groups:
        if group.record_identifier not in rows.COLUMNS:
            continue
        when = f"{now:%Y-%m-%dT%H:%M:%SZ}" if group.event_time_type == "String" else f"{now.timestamp():.3f}"
        for name in sorted(people):
            named = {"FeatureGroupName": group.name, "RecordIdentifierValueAsString": name}
            there = runtime.get_record(**named, FeatureNames=[group.record_identifier]).get("Record")
            if there:
                runtime.delete_record(**named, EventTime=when, TargetStores=["OnlineStore"], DeletionMode="HardDelete")
                found[name, f"feature group {group.name}: records"] += 1
    return found
