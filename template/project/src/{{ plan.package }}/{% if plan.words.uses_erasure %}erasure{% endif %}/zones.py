"""People taken out of the objects of a bucket: out of the newest version by a new one, and of old ones by their end.

What Object Lock or a legal hold keeps, stays; it is told with the reason and the day on which it may go. A version that
was replaced while it was read is left for the next run: nothing that somebody else wrote is overwritten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from . import rows

MOST_BYTES = 512 * 1024**2
"""Largest object that is taken into memory; larger ones are named as not read."""

_CHANGED = {"PreconditionFailed", "ConditionalRequestConflict"}
_GONE = {"NoSuchKey", "NoSuchVersion", "404"}
_AT_ONCE = 4
"""Objects that are in memory together: with what they are unpacked to, as much as the job's 16 GiB hold."""


@dataclass(frozen=True)
class Zone:
    """Objects below `prefix` of a bucket, without those below `leave`.

    Where `rewrites` is false the objects belong to tables, which alone may replace them: only old versions go, and what
    a table tells of itself goes with its snapshots. `copies` are made again by whoever wants them: all of them go.
    """

    name: str
    bucket: str
    prefix: str
    rewrites: bool = True
    copies: bool = False
    leave: tuple[str, ...] = ()


@dataclass
class Found:
    """What a pass met, by person: `done` counts rows and versions that went, `stays` versions that could not.

    `later` are people of whom something goes at a later run. `unread` counts objects by the reason why.
    """

    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    stays: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    later: set[str] = field(default_factory=set)

    def add(self, other: Found) -> None:
        """Take in what another part of the pass met."""
        self.done.update(other.done)
        self.stays.update(other.stays)
        self.unread.update(other.unread)
        self.later |= other.later


Marker = tuple[str, str]
"""Key and version id behind which a listing goes on."""


def erase(
    s3: Any, zone: Zone, people: frozenset[str], found: Found, after: Marker, save: Callable[[Marker], None]
) -> None:
    """Take `people` out of every version in the zone that comes after a marker; `save` is called for each page done."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for versions, marker in _pages(s3, zone, after):
            for part in pool.map(lambda version: _one(s3, zone, version, people), versions):
                found.add(part)
            save(marker)


def _pages(s3: Any, zone: Zone, after: Marker) -> Iterator[tuple[list[dict[str, Any]], Marker]]:
    while True:
        asked = {"KeyMarker": after[0], **({"VersionIdMarker": after[1]} if after[1] else {})} if after[0] else {}
        page = s3.list_object_versions(Bucket=zone.bucket, Prefix=zone.prefix, **asked)
        after = (page.get("NextKeyMarker", ""), page.get("NextVersionIdMarker", ""))
        yield [row for row in page.get("Versions", []) if _is_read(zone, row["Key"])], after
        if not page.get("IsTruncated"):
            return


def _is_read(zone: Zone, key: str) -> bool:
    return not key.startswith(zone.leave) and (zone.rewrites or "/metadata/" not in key)


def _one(s3: Any, zone: Zone, version: dict[str, Any], people: frozenset[str]) -> Found:
    found = Found()
    if not version["Size"]:
        return found
    if version["Size"] > MOST_BYTES:
        found.unread[f"{zone.name}: larger than {MOST_BYTES // 1024**2} MiB"] += 1
        return found
    place = {"Bucket": zone.bucket, "Key": version["Key"], "VersionId": version["VersionId"]}
    if zone.copies:
        s3.delete_object(**place)
        return found
    try:
        answer = s3.get_object(**place)
        left, named = rows.without(answer["Body"].read(), people)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in _GONE:
            found.unread[f"{zone.name}: {code}"] += 1
        return found
    except rows.UnreadableError as error:
        found.unread[f"{zone.name}: {error}"] += 1
        return found
    if not named:
        return found
    if version["IsLatest"] and not zone.rewrites:
        found.later |= set(named)
        return found
    if version["IsLatest"] and not _replaced(s3, version, place, answer, left):
        found.later |= set(named)
        return found
    _end(s3, zone, place, answer, named, found)
    return found


def _replaced(s3: Any, version: dict[str, Any], place: dict[str, str], answer: dict[str, Any], left: bytes) -> bool:
    """Put what is left in the place of the newest version, unless somebody else did so meanwhile."""
    where = {"Bucket": place["Bucket"], "Key": place["Key"]}
    try:
        if not left:
            # A marker first: the end of the newest version alone would bring the one before it back.
            s3.delete_object(**where, IfMatch=version["ETag"])
            return True
        key = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": answer.get("SSEKMSKeyId")}
        kept = {name: answer[name] for name in ("ContentType", "ContentEncoding", "Metadata") if answer.get(name)}
        encrypted = key if key["SSEKMSKeyId"] else {}
        s3.put_object(**where, **kept, **encrypted, Body=left, IfMatch=version["ETag"])
    except ClientError as error:
        if error.response["Error"]["Code"] in _CHANGED | _GONE:
            return False
        raise
    return True


def _end(s3: Any, zone: Zone, place: dict[str, str], answer: dict[str, Any], named: Counter[str], found: Found) -> None:
    """Delete a version for good, or say why it stays and until when; `""` is until somebody lifts a hold."""
    why, until = _lock(answer)
    if not why:
        try:
            s3.delete_object(**place)
        except ClientError as error:
            why = f"S3 refuses: {error.response['Error']['Code']}"
    for person, count in named.items():
        if why:
            found.stays[person, f"{zone.name}: {why}", until] += 1
        else:
            found.done[person, f"{zone.name}: rows"] += count
            found.done[person, f"{zone.name}: versions"] += 1


def _lock(answer: dict[str, Any]) -> tuple[str, str]:
    if answer.get("ObjectLockLegalHoldStatus") == "ON":
        return "legal hold", ""
    until = answer.get("ObjectLockRetainUntilDate")
    if until is not None and until > datetime.now(UTC):
        return f"Object Lock ({answer.get('ObjectLockMode', '').lower()})", f"{until:%Y-%m-%d}"
    return "", ""
