"""The folders that SageMaker gives a job, and what the pipeline's steps read and write there.

Source: Amazon SageMaker Developer Guide, "How Amazon SageMaker Processing runs your container" and "How SageMaker AI
provides training information" (2026-11-23). `ML_ROOT` moves /opt/ml elsewhere, for tests and laptops.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from . import storage
from .problem import DataRefusedError, ProblemError


def root() -> Path:
    """/opt/ml, or where `ML_ROOT` says."""
    return Path(os.environ.get("ML_ROOT", "/opt/ml"))


def input_folder(name: str) -> Path:
    """Input `name` of a processing job."""
    return root() / "processing" / "input" / name


def output_folder() -> Path:
    """Where a processing job leaves what S3 shall keep."""
    return root() / "processing" / "output"


def run(step: Callable[[], None]) -> None:
    """Run a step; what went wrong reaches the job's failure reason, in words and without a traceback."""
    try:
        step()
    except ProblemError as problem:
        failure = root() / "output" / "failure"
        failure.parent.mkdir(parents=True, exist_ok=True)
        storage.write_text(failure, str(problem)[:1024])
        raise SystemExit(str(problem)) from None


def read_tables(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Events and labels below `folder`, each from `events*.parquet` and `labels*.parquet`, however many parts.

    Raises:
        DataRefusedError: a table has no part: an empty partition is an error, not a quiet day.
    """
    return read_table(folder, "events"), read_table(folder, "labels")


def read_table(folder: Path, name: str, *, empty: pd.DataFrame | None = None) -> pd.DataFrame:
    """The table `name` below `folder`, from its parts; `empty` where it has none.

    Raises:
        DataRefusedError: it has no part, and `empty` was not given.
    """
    parts = sorted(folder.rglob(f"{name}*.parquet"))
    if parts:
        return pd.concat([storage.read_table(part) for part in parts], ignore_index=True)
    if empty is None:
        raise DataRefusedError(f"there are no {name} to read", got=f"no {name}*.parquet below {folder}")
    return empty


def unpack(folder: Path) -> Path:
    """The model below `folder`, which SageMaker brings as model.tar.gz; return where it lies now."""
    archive = next(folder.rglob("model.tar.gz"), None)
    if archive is None:
        return folder
    target = root() / "unpacked"
    with tarfile.open(archive) as packed:
        packed.extractall(target, filter="data")
    return target


def only_file(folder: Path, pattern: str) -> Path:
    """The newest file below `folder` that fits `pattern`.

    Raises:
        ProblemError: there is none.
    """
    found = sorted(folder.rglob(pattern))
    if not found:
        raise ProblemError(f"there is no {pattern} to read", got=f"nothing below {folder}")
    return found[-1]


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every table below `folder`, by its path there."""
    return {str(path.relative_to(folder)): storage.sha256(path) for path in sorted(folder.rglob("*.parquet"))}
