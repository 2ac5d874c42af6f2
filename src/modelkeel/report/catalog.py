"""The age of the tables as people read it."""

from __future__ import annotations

from collections.abc import Sequence

from modelkeel import console
from modelkeel.catalog.age import OLD_AFTER_DAYS, TableAge


def render(tables: Sequence[TableAge]) -> str:
    """Return a table of the tables: file, date, age in days, oldest row, source."""
    rows = [
        (
            row.file,
            row.checked.isoformat(),
            str(row.age_days),
            row.oldest.isoformat() if row.oldest != row.checked else "",
            row.source,
        )
        for row in tables
    ]
    return console.table(("table", "checked", "days", "oldest row", "source"), rows, numeric=(2,))


def warning(row: TableAge) -> str:
    """Return one sentence about a table that is old."""
    if row.age_days > OLD_AFTER_DAYS:
        return f"{row.file} was checked {row.age_days} days ago, more than {OLD_AFTER_DAYS}"
    return f"{row.file}: {row.old_rows} rows are more than {OLD_AFTER_DAYS} days old, the oldest of {row.oldest}"
