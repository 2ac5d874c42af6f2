"""Log groups: encrypted, and kept as long as somebody may ask."""

from __future__ import annotations

from collections.abc import Iterator

from ..values import is_set
from ..view import Breach, Resource

MINIMUM_RETENTION_DAYS = 365


def logs_group_own_key(group: Resource) -> Iterator[Breach]:
    """LOG-006."""
    if not is_set(group["kmsKeyId"]):
        yield Breach("the log group is not encrypted with a key of ours", "kmsKeyId")


def logs_group_retained(group: Resource) -> Iterator[Breach]:
    """LOG-007. Zero, or nothing, means for ever."""
    days = group["retentionInDays"] or 0
    if 0 < days < MINIMUM_RETENTION_DAYS:
        yield Breach(f"logs are kept for {days} days, expected {MINIMUM_RETENTION_DAYS}", "retentionInDays")
