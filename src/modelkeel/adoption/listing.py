"""The user's list of what exists, from a file or from the command line."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from modelkeel.adoption.model import Wish
from modelkeel.errors import ModelkeelError, Problem, usage_error

HEADER = ["resource", "id"]
SUFFIXES = (".csv", ".json", ".toml")


def read(path: Path) -> tuple[Wish, ...]:
    """Read a list: CSV with the columns `resource` and `id`, or TOML or JSON that maps one to the other.

    Raises:
        ModelkeelError: the file is missing or damaged, holds something else, or names a resource twice (exit code 2);
            every bad line of a CSV file is told.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise usage_error(
            "the list has a format that is not known",
            got=str(path),
            allowed=", ".join(f"FILE{end}" for end in SUFFIXES),
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise usage_error("the list cannot be read", got=f"{path}: {error}", fix="--ids FILE, in UTF-8") from error
    if path.suffix.lower() == ".csv":
        return _lines(text, path)
    try:
        loaded: Any = (
            tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text, object_pairs_hook=_unique)
        )
    except ValueError as error:
        raise usage_error("the list is damaged", got=f"{path}: {error}") from error
    return _mapping(loaded, path)


def spoken(arguments: Sequence[str]) -> tuple[Wish, ...]:
    """Return the wishes of the command line, each `RESOURCE=ID`.

    Raises:
        ModelkeelError: an argument has another form; all such are told.
    """
    found = []
    problems = []
    for text in arguments:
        reference, equals, identifier = text.partition("=")
        if not (reference.strip() and equals and identifier.strip()):
            problems.append(
                Problem(
                    what="this names no resource with its id", got=text, fix="--id 'aws:s3/bucket:Bucket::raw=BUCKET'"
                )
            )
        found.append(Wish(reference=reference.strip(), id=identifier.strip(), location=f"--id {text}"))
    if problems:
        raise ModelkeelError(*problems)
    return tuple(found)


def _lines(text: str, path: Path) -> tuple[Wish, ...]:
    reader = csv.reader(io.StringIO(text), strict=True)
    found: list[Wish] = []
    problems: list[Problem] = []
    header = None
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            place = f"{path}:{reader.line_num}"
            if not any(cells):
                continue
            if header is None:
                header = [cell.lower() for cell in cells]
                if header != HEADER:
                    raise usage_error(
                        "the list has other columns", got=",".join(cells), allowed=",".join(HEADER), location=place
                    )
            elif len(cells) != len(HEADER) or not all(cells):
                problems.append(
                    Problem(
                        what="this line names no resource with its id",
                        got=",".join(row),
                        allowed="two cells, resource and id; one with a comma stands in quotes",
                        location=place,
                    )
                )
            else:
                found.append(Wish(reference=cells[0], id=cells[1], location=place))
    except csv.Error as error:
        raise usage_error("the list is damaged", got=str(error), location=f"{path}:{reader.line_num}") from error
    if problems:
        raise ModelkeelError(*problems)
    return tuple(found)


def _mapping(loaded: Any, path: Path) -> tuple[Wish, ...]:
    shape = 'a mapping of resources to ids, such as {"aws:s3/bucket:Bucket::raw": "acme-raw-data"}'
    if not isinstance(loaded, dict):
        raise usage_error("the list is no mapping", got=f"{path}: a {type(loaded).__name__}", allowed=shape)
    bad = [key for key, value in loaded.items() if not (isinstance(value, str) and value.strip() and key.strip())]
    if bad:
        raise ModelkeelError(
            *(
                Problem(what="an id is no text", got=f"{key!r}: {loaded[key]!r}", allowed=shape, location=str(path))
                for key in bad
            )
        )
    return tuple(Wish(reference=key.strip(), id=value.strip(), location=str(path)) for key, value in loaded.items())


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = sorted({key for key, _ in pairs if [name for name, _ in pairs].count(key) > 1})
        raise ValueError(f"named twice: {', '.join(twice)}")
    return found
