"""The audit log: who did what, when and why. Each entry carries the hash of the one before, so that none can vanish."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .. import storage
from ..problem import ProblemError

_FILE = "audit.jsonl"
_FIRST = "0" * 64


def note(home: Path, who: str, action: str, subject: str, **details: Any) -> dict[str, Any]:
    """Append an entry and return it."""
    folder = home / "audit"
    with storage.locked(folder):
        entries = storage.read_lines(folder / _FILE)
        entry: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "who": who,
            "action": action,
            "subject": subject,
            "details": details,
            "before": entries[-1]["hash"] if entries else _FIRST,
        }
        entry["hash"] = storage.digest_of(entry)
        storage.append_line(folder / _FILE, entry)
    return entry


def read(home: Path) -> list[dict[str, Any]]:
    """All entries, oldest first.

    Raises:
        ProblemError: an entry was changed, removed or put in.
    """
    entries = storage.read_lines(home / "audit" / _FILE)
    before = _FIRST
    for number, entry in enumerate(entries, start=1):
        content = {key: value for key, value in entry.items() if key != "hash"}
        if entry["before"] != before or storage.digest_of(content) != entry["hash"]:
            raise ProblemError(
                f"the audit log was changed at entry {number}",
                got="a hash that does not follow from the entries before",
                fix="compare with the copy in the evidence bucket, which nobody can overwrite; open an incident",
            )
        before = entry["hash"]
    return entries
