"""Which versions AWS still keeps up: the rows of supported.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parent / "supported.toml"


@cache
def versions(kind: str) -> tuple[str, ...]:
    """Return the supported versions of `kubernetes` or `notebook_platforms`, oldest first.

    The table is read, never the clock: the same graph is judged alike today and tomorrow.
    """
    with TABLE.open("rb") as stream:
        return tuple(row["name"] for row in tomllib.load(stream)[kind]["versions"])
