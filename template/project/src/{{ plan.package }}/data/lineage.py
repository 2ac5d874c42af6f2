"""Versions of datasets: what a model learned from can be named, found and proven unchanged."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from .. import storage
from ..problem import DataRefusedError
from . import dataset

_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Version:
    """A dataset that does not change any more. `version` is made from its contents: equal contents, equal version."""

    name: str
    version: str
    made_by: str
    parents: tuple[str, ...]
    rows: dict[str, int]
    sha256: dict[str, str]
    first: str
    last: str
    settings: dict[str, Any] = field(default_factory=dict)


def record(
    folder: Path,
    name: str,
    tables: dict[str, pd.DataFrame],
    *,
    made_by: str,
    parents: tuple[str, ...] = (),
    settings: dict[str, Any] | None = None,
) -> Version:
    """Write `tables` under `folder`/`name` with a manifest, and return their version.

    The first table must have the time column: its period is the period of the dataset. The manifest comes last, so
    that a dataset without one was never finished.
    """
    home = folder / name
    digests = {table: storage.write_table(home / f"{table}.parquet", frame) for table, frame in tables.items()}
    times = next(iter(tables.values()))[dataset.TIME]
    version = Version(
        name=name,
        version=storage.digest_of(digests)[:12],
        made_by=made_by,
        parents=parents,
        rows={table: len(frame) for table, frame in tables.items()},
        sha256=digests,
        first=times.min().isoformat(),
        last=times.max().isoformat(),
        settings=settings or {},
    )
    storage.write_json(home / _MANIFEST, asdict(version))
    return version


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as mappings, as requests and rules take them."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def version_of(folder: Path, name: str) -> Version:
    """What was recorded of a dataset, its tables unread."""
    stored = storage.read_json(folder / name / _MANIFEST)
    return Version(**stored | {"parents": tuple(stored["parents"])})


def open_version(folder: Path, name: str) -> tuple[Version, dict[str, pd.DataFrame]]:
    """Read a recorded dataset back.

    Raises:
        DataRefusedError: a table is not the one that was recorded.
    """
    home = folder / name
    version = version_of(folder, name)
    for table, digest in version.sha256.items():
        if storage.sha256(home / f"{table}.parquet") != digest:
            raise DataRefusedError(
                f"{name}/{table}.parquet is not what was recorded",
                got="another SHA-256 than the manifest's",
                fix="restore the version from the bucket, or make and record a new version",
            )
    return version, {table: storage.read_table(home / f"{table}.parquet") for table in version.sha256}
