"""Metrics as log lines in CloudWatch's embedded metric format, and alarms over them.

Source: Amazon CloudWatch User Guide, "Embedded metric format specification" (2026-11-23).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import storage

MOST_METRICS = 100
"""CloudWatch takes no more metrics in one line."""


def line(
    namespace: str, metrics: Mapping[str, tuple[float, str]], dimensions: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    """One line: `metrics` maps a name to its value and unit (`Count`, `Milliseconds`, `None`)."""
    if len(metrics) > MOST_METRICS:
        raise ValueError(f"{len(metrics)} metrics in one line, CloudWatch takes {MOST_METRICS}")
    described = [{"Name": name, "Unit": unit} for name, (_, unit) in metrics.items()]
    return {
        "_aws": {
            "Timestamp": int(at.timestamp() * 1000),
            "CloudWatchMetrics": [
                {"Namespace": namespace, "Dimensions": [list(dimensions)], "Metrics": described},
            ],
        },
        **dimensions,
        **{name: value for name, (value, _) in metrics.items()},
    }


def emit(path: Path, namespace: str, metrics: Mapping[str, tuple[float, str]], dimensions: Mapping[str, str]) -> None:
    """Append a line where the log agent reads."""
    storage.append_line(path, line(namespace, metrics, dimensions, datetime.now(UTC)))


@dataclass(frozen=True)
class Alarm:
    """Fires when `needed` of the last `seen` values are above `limit`; no value at all counts as above."""

    name: str
    limit: float
    needed: int = 1
    seen: int = 1

    def fires(self, values: Sequence[float | None]) -> bool:
        """Whether the alarm fires at the end of `values`, oldest first."""
        return sum(value is None or value > self.limit for value in values[-self.seen :]) >= self.needed


def first_alarm(alarm: Alarm, values: Sequence[float | None]) -> int | None:
    """The index of the value at which the alarm first fires, or None."""
    return next((end for end in range(len(values)) if alarm.fires(values[: end + 1])), None)
