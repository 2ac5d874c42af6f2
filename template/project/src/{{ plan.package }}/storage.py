"""Files that are whole or not there: a full disk or a killed process leaves the old content, never half of the new."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from .problem import ProblemError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def _full(path: Path) -> ProblemError:
    return ProblemError(
        "the disk is full",
        got=f"while writing {path}",
        fix="free some space and run the step again; what was there before is untouched",
    )


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path to write to; on success it takes the place of `path` in one step.

    Raises:
        ProblemError: the disk is full. What stood at `path` before still stands there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb+") as written:
            os.fsync(written.fileno())
        # Temporary files are for their owner alone; what is kept is for the team and the log agent too.
        draft.chmod(0o644)
        draft.replace(path)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise _full(path) from error
        raise
    finally:
        draft.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all."""
    with replacing(path) as draft:
        draft.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8, whole or not at all."""
    write_bytes(path, text.encode())


def write_json(path: Path, document: Any) -> None:
    """Write `document` as JSON that diffs well: sorted keys, indented, ending in a newline."""
    write_text(path, json.dumps(document, indent=2, sort_keys=True, default=str) + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises:
        ProblemError: it is missing or is not JSON.
    """
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError) as error:
        raise ProblemError(
            f"{path.name} cannot be read", got=str(error), fix=f"make {path} again by its step"
        ) from error


def write_table(path: Path, frame: pd.DataFrame) -> str:
    """Write `frame` as Parquet and return the SHA-256 of the file; the same rows give the same bytes."""
    with replacing(path) as draft:
        frame.to_parquet(draft, index=False, compression="zstd")
    return sha256(path)


def read_table(path: Path) -> pd.DataFrame:
    """Read a Parquet file.

    Raises:
        ProblemError: it is missing or cut short.
    """
    try:
        return pd.read_parquet(path)
    except (FileNotFoundError, OSError, ValueError) as error:
        raise ProblemError(
            f"{path.name} cannot be read", got=str(error)[:200], fix="load the partition again"
        ) from error


def append_line(path: Path, document: Any) -> None:
    """Append one JSON line in one write, so that two processes never mix their lines.

    Raises:
        ProblemError: the disk is full. No part of the line is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    line = (json.dumps(document, sort_keys=True, default=str) + "\n").encode()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        before = os.fstat(handle).st_size
        if os.write(handle, line) != len(line):
            os.ftruncate(handle, before)
            raise _full(path)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise _full(path) from error
        raise
    finally:
        os.close(handle)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All JSON lines of `path`; none if it is not there."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def digest_of(document: Any) -> str:
    """The SHA-256 of `document` as JSON with sorted keys: equal contents, equal digest."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest()


@contextlib.contextmanager
def locked(folder: Path, *, patience_seconds: float = 10.0, stale_seconds: float = 60.0) -> Iterator[None]:
    """Hold `folder` alone. A lock older than `stale_seconds` was left by a process that died, and is broken.

    Raises:
        ProblemError: somebody else held it all the time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / ".lock"
    until = time.monotonic() + patience_seconds
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):
                if time.time() - lock.stat().st_mtime > stale_seconds:
                    lock.unlink()
            if time.monotonic() > until:
                raise ProblemError(f"{folder.name} is held by another process", fix="try again in a moment") from None
            time.sleep(0.01)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
