"""Waivers: a violation, or what no stack can show, that somebody answers for: with a reason, a ticket and an end."""

from __future__ import annotations

import difflib
import fnmatch
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

FIELDS = ("control", "resource", "owner", "reason", "ticket", "expires")
_ROW = re.compile(r"^\s*\[\[\s*waiver\s*\]\]")


class WaiverError(Exception):
    """The file of waivers cannot be taken as it is; `problems` are sentences that begin with `line N`."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """`resource` is a pattern of URNs (`*`, `?`, `[...]`); the waiver holds up to and including `expires`."""

    control: str
    resource: str
    owner: str
    reason: str
    ticket: str
    expires: date
    line: int

    def covers(self, control: str, urn: str | None) -> bool:
        """Return whether it speaks of that control and resource, expired or not."""
        return self.control == control and fnmatch.fnmatchcase(urn or "", self.resource)

    def expired(self, today: date) -> bool:
        """Return whether its last day is over."""
        return today > self.expires

    def concerns(self, urns: Iterable[str]) -> bool:
        """Return whether its pattern can match in the stacks of `urns`: a waiver for prod is not unused in dev."""
        stack_and_project = "::".join(self.resource.split("::")[:2])
        if "::" not in stack_and_project:
            return True
        return any(fnmatch.fnmatchcase(prefix, stack_and_project) for prefix in {_prefix(urn) for urn in urns})


def _prefix(urn: str) -> str:
    return "::".join(urn.split("::")[:2])


def load(path: Path | None, controls: Collection[str]) -> tuple[Waiver, ...]:
    """Return the waivers of a file; no file has none.

    Raises:
        WaiverError: the file is no TOML, has unknown or missing fields, or names an unknown control.
    """
    if path is None:
        return ()
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WaiverError([f"line 1: the file cannot be read: {error}"]) from error
    problems = [f"line 1: unknown table {key!r}, only [[waiver]] is known" for key in document if key != "waiver"]
    rows = document.get("waiver", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WaiverError([*problems, "line 1: each waiver is a table headed [[waiver]]"])
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if _ROW.match(line)]
    lines += [1] * (len(rows) - len(lines))
    waivers = []
    for row, line in zip(rows, lines, strict=False):
        wrong = list(_problems(row, controls))
        problems += [f"line {line}: {sentence}" for sentence in wrong]
        if not wrong:
            waivers.append(Waiver(**row, line=line))
    if problems:
        raise WaiverError(problems)
    return tuple(waivers)


def _problems(row: Mapping[str, Any], controls: Collection[str]) -> Iterable[str]:
    for key in row:
        if key not in FIELDS:
            yield f"unknown field {key!r}{_did_you_mean(key, FIELDS)}"
    for field in FIELDS:
        value = row.get(field)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield f"the waiver has no {field}"
        elif field == "expires":
            if not isinstance(value, date) or isinstance(value, datetime):
                yield f"expires is {value!r}, write a date without quotes: expires = 2027-01-31"
        elif not isinstance(value, str):
            yield f"{field} is {value!r}, expected text"
        elif field == "control" and value not in controls:
            yield f"there is no control {value!r}{_did_you_mean(value, controls)}"


def _did_you_mean(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f", did you mean {close[0]!r}?" if close else ""
