"""Which files a check rests on: those of the repository, and the tables of tool and pack."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from pathlib import Path

FOLDERS = ("config", "policies", "stacks")
"""What decides the graph and its judgement; ML code does not."""
SUFFIXES = frozenset({".json", ".py", ".toml", ".yaml"})
_CHECKED = re.compile(r"""^\s*"?checked"?\s*[=:]\s*"?(\d{4}-\d{2}-\d{2})""", re.MULTILINE)


def of_repository(directory: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that decides the graph and its judgement, by path from the repository."""
    found = (path for folder in FOLDERS for path in (directory / folder).rglob("*"))
    kept = sorted(path for path in found if path.suffix in SUFFIXES and path.is_file())
    return {path.relative_to(directory).as_posix(): _sha256(path.read_bytes()) for path in kept}


def of_tables(policies: Path) -> list[dict[str, str]]:
    """Return name, date of the last check (the newest that is named in it) and SHA-256 of each table."""
    rows = []
    own = sorted(policies.glob("*.toml")) + sorted((policies / "local").glob("*.toml"))
    for path in own:
        rows.append(_row(f"policies/{path.relative_to(policies).as_posix()}", path.read_bytes()))
    for entry in sorted((files("modelkeel") / "tables").iterdir(), key=lambda each: each.name):
        if entry.name.endswith((".json", ".toml")):
            rows.append(_row(f"modelkeel/{entry.name}", entry.read_bytes()))
    return rows


def _row(name: str, data: bytes) -> dict[str, str]:
    dates = _CHECKED.findall(data.decode("utf-8"))
    return {"name": name, "checked": max(dates, default=""), "sha256": _sha256(data)}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
