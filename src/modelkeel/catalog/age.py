"""How long ago each table was compared with its source."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelkeel.errors import environment_error

OLD_AFTER_DAYS = 90
SCHEMA_VERSION = 1
_CHECKED = re.compile(r"checked[\s:]*(\d{4}-\d{2}-\d{2})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class TableAge:
    """One table: `checked` is the date of the whole file, `oldest` that of its oldest row where rows have their own."""

    file: str
    source: str
    checked: datetime.date
    oldest: datetime.date
    old_rows: int
    age_days: int

    @property
    def is_old(self) -> bool:
        """Whether the file or a row of it is older than a quarter of a year."""
        return self.age_days > OLD_AFTER_DAYS or self.old_rows > 0


def ages(folders: Mapping[str, Path], today: datetime.date) -> tuple[TableAge, ...]:
    """Return the age of every table in `folders` (their shown names and places), sorted by file.

    Raises:
        ModelkeelError: a table cannot be read or says nothing about its date (exit code 3).
    """
    return tuple(_age(file, path, today) for file, path in sorted(_files(folders)))


def dumps(tables: tuple[TableAge, ...], today: datetime.date) -> str:
    """Return the ages as JSON of schema version 1."""
    rows = [
        {
            "file": row.file,
            "source": row.source,
            "checked": row.checked.isoformat(),
            "oldest": row.oldest.isoformat(),
            "old_rows": row.old_rows,
            "age_days": row.age_days,
            "result": "old" if row.is_old else "fresh",
        }
        for row in tables
    ]
    document = {
        "schema_version": SCHEMA_VERSION,
        "today": today.isoformat(),
        "old_after_days": OLD_AFTER_DAYS,
        "tables": rows,
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _files(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for name, folder in folders.items():
        for path in folder.iterdir():
            if path.suffix in {".toml", ".json"}:
                yield f"{name}/{path.name}", path


def _age(file: str, path: Path, today: datetime.date) -> TableAge:
    text = path.read_text(encoding="utf-8")
    try:
        document: dict[str, Any] = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        checked = _date(document["checked"]) if "checked" in document else _date(_comment(text))
    except (ValueError, LookupError) as error:
        raise environment_error(
            "a table does not say when it was checked",
            got=f"{file}: {error}",
            allowed="checked = YYYY-MM-DD at its top",
            fix="compare the table with its source and write the date",
        ) from error
    rows = list(_dated(document))
    old = [date for date in rows if (today - date).days > OLD_AFTER_DAYS]
    return TableAge(
        file=file,
        source=document.get("source", "each row names its own"),
        checked=checked,
        oldest=min([checked, *rows]),
        old_rows=len(old),
        age_days=(today - checked).days,
    )


def _comment(text: str) -> str:
    """The date in the comment above the first row, where a table has no key for it."""
    found = _CHECKED.search(text[: text.find("\n[")])
    if found is None:
        raise LookupError("no date")
    return found[1]


def _dated(document: Mapping[str, Any]) -> Iterator[datetime.date]:
    """Yield the dates of rows that have their own."""
    for value in document.values():
        for row in value if isinstance(value, list) else [value]:
            if isinstance(row, dict) and "checked" in row:
                yield _date(row["checked"])


def _date(value: object) -> datetime.date:
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value))
