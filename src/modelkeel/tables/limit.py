"""Hard limits of AWS."""

from __future__ import annotations

from modelkeel.tables import reader

FILE = "limits.toml"


def log_retention_days(at_least: int) -> int:
    """Return the shortest period of CloudWatch Logs that is no shorter than `at_least` days; its longest beyond."""
    periods: list[int] = reader.document(FILE)["log_retention"]["days"]
    return next((days for days in periods if days >= at_least), periods[-1])


def limit(group: str, name: str) -> int:
    """Return one limit: `limit("names", "bucket")` is 63."""
    value: int = reader.document(FILE)[group][name]
    return value
