"""Table files read once and turned into frozen rows."""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where the rows of a table come from and when somebody last compared them with the source."""

    source: str
    checked: datetime.date

    def age_days(self, today: datetime.date) -> int:
        """Return how many days ago the rows were checked."""
        return (today - self.checked).days


@cache
def document(name: str) -> Mapping[str, Any]:
    """Return the parsed file `name` of this folder: TOML, or JSON where a table is large.

    Raises:
        FileNotFoundError: the installation lacks the file.
    """
    path = FOLDER / name
    if path.suffix == ".json":
        loaded: dict[str, Any] = json.loads(path.read_bytes())
        return loaded
    return tomllib.loads(path.read_text(encoding="utf-8"))


def provenance(name: str) -> Provenance:
    """Return source and date of the whole file `name`."""
    header = document(name)
    checked = header["checked"]
    if isinstance(checked, str):
        checked = datetime.date.fromisoformat(checked)
    return Provenance(source=header["source"], checked=checked)
