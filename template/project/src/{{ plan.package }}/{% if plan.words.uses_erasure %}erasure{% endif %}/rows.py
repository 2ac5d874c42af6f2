"""A file without some people: what is left of its content, and how often each of them was in it.

JSON, one record after the other with or without line ends between them (Firehose puts none); CSV with a header;
Parquet; each of them also as gzip. What a record says is kept byte for byte where the record stays.
"""

from __future__ import annotations

import base64
import binascii
import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..data import dataset

COLUMNS = (dataset.ENTITY, "entity")
"""Where a person's name stands: in the data, and in the records that our own servers write."""

_COLUMN = re.compile(r"[A-Za-z_][\w .-]*")
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"


class UnreadableError(Exception):
    """A file in a form that this job cannot take rows out of; a person has to look at it."""


def without(content: bytes, people: frozenset[str]) -> tuple[bytes, Counter[str]]:
    """Return the content without the records of `people`, and how many records each of them had.

    Content in which nobody of them was found is returned as it came.

    Raises:
        UnreadableError: the content has none of the forms above.
    """
    if content.startswith(_GZIP):
        try:
            inner = gzip.decompress(content)
        except (OSError, EOFError) as error:
            raise UnreadableError("a gzip file that is cut short") from error
        left, found = without(inner, people)
        return (gzip.compress(left, mtime=0) if left else b"", found) if found else (content, found)
    if content.startswith(_PARQUET):
        left, found = _parquet(content, people)
    elif content.lstrip()[:1] in (b"{", b"["):
        left, found = _json(_text(content), people)
    else:
        left, found = _csv(_text(content), people)
    return (left, found) if found else (content, found)


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError("neither text nor Parquet") from error


def _parquet(content: bytes, people: frozenset[str]) -> tuple[bytes, Counter[str]]:
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError("a Parquet file that is damaged") from error
    found: Counter[str] = Counter()
    keep = pa.array([True] * table.num_rows)
    for column in (name for name in table.column_names if name in COLUMNS):
        named = pc.cast(table[column], pa.string())
        theirs = pc.fill_null(pc.is_in(named, value_set=pa.array(sorted(people))), False)
        found.update(named.filter(theirs).to_pylist())
        keep = pc.and_(keep, pc.invert(theirs))
    if not found:
        return content, found
    left = table.filter(keep)
    if not left.num_rows:
        return b"", found
    buffer = io.BytesIO()
    pq.write_table(left, buffer, compression="zstd")
    return buffer.getvalue(), found


def _csv(text: str, people: frozenset[str]) -> tuple[bytes, Counter[str]]:
    lines = text.splitlines(keepends=True)
    header = next(csv.reader(lines[:1]), [])
    # A first line with a number in it is a row already: whose rows these are cannot be told.
    if len(header) < 2 or not all(_COLUMN.fullmatch(name.strip()) for name in header):
        raise UnreadableError("text that is neither JSON nor a table with a header")
    places = [place for place, name in enumerate(header) if name.strip() in COLUMNS]
    found: Counter[str] = Counter()
    kept, reader, read = [lines[0]], csv.reader(lines), 1
    next(reader)
    for row in reader:
        own, read = lines[read : reader.line_num], reader.line_num
        named = {row[place] for place in places if place < len(row)} & people
        found.update(named)
        if not named:
            kept += own
    return ("".join(kept) if len(kept) > 1 else "").encode(), found


def _json(text: str, people: frozenset[str]) -> tuple[bytes, Counter[str]]:
    found: Counter[str] = Counter()
    kept: list[str] = []
    for own, record in _records(text):
        if isinstance(record, list):
            stay = []
            for item in record:
                named = set(_names(item)) & people
                found.update(named)
                stay += [] if named else [item]
            kept += [own] if len(stay) == len(record) else [json.dumps(stay) + "\n"] if stay else []
        else:
            named = set(_names(record)) & people
            found.update(named)
            kept += [] if named else [own]
    return "".join(kept).encode(), found


def _records(text: str) -> Iterator[tuple[str, Any]]:
    """Yield each record with its own text, white space after it included."""
    decoder, place = json.JSONDecoder(), len(text) - len(text.lstrip())
    while place < len(text):
        try:
            record, end = decoder.raw_decode(text, place)
        except ValueError as error:
            raise UnreadableError("JSON that is cut short") from error
        while end < len(text) and text[end].isspace():
            end += 1
        yield text[place:end], record
        place = end


def _names(value: Any) -> Iterator[str]:
    """Yield every name of a person in a record, those in captured requests included."""
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in COLUMNS and isinstance(item, str | int):
                yield str(item)
            elif key == "data" and isinstance(item, str) and "encoding" in value:
                yield from _packed(item, str(value["encoding"]))
            elif key == "rawData" and isinstance(item, str):
                yield from _packed(item, "BASE64")
            else:
                yield from _names(item)


def _packed(data: str, encoding: str) -> Iterator[str]:
    """Names in a request that SageMaker captured, or in an event that Firehose could not deliver."""
    try:
        text = base64.b64decode(data).decode() if encoding == "BASE64" else data
        yield from _names(json.loads(text))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise UnreadableError(f"a record that holds something else than JSON ({encoding})") from error
