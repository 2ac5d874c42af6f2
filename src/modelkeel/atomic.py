"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from modelkeel.errors import environment_error


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 to `path` in one step; folders on the way must exist.

    Raises:
        ModelkeelError: the folder is missing or not writable, or the disk is full (exit code 3).
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step; folders on the way must exist.

    Raises:
        ModelkeelError: the folder is missing or not writable, or the disk is full (exit code 3).
    """
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise environment_error(
            "the file cannot be written", got=f"{path}: {error.strerror}", fix="choose a writable folder that exists"
        ) from error
