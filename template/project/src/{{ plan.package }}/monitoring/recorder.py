"""Records written beside the answers and never in their way: capture for monitoring, decisions for the auditor.

Records wait in memory and a thread writes them. When the disk is full they wait on and are written when there is room
again; when too many wait, `healthy` turns false, the load balancer sends requests elsewhere, and nothing is dropped
in silence.
"""

from __future__ import annotations

import collections
import json
import logging
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 0.2


class Recorder:
    """Appends JSON lines to a file a day below `folder`."""

    def __init__(self, folder: Path, *, most_waiting: int = 50_000) -> None:
        self._folder = folder
        self._most_waiting = most_waiting
        self._waiting: collections.deque[bytes] = collections.deque()
        self._stop = threading.Event()
        self._writing = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=f"recorder-{folder.name}", daemon=True)
        self._thread.start()

    @property
    def healthy(self) -> bool:
        """Whether records are written as fast as they come."""
        return len(self._waiting) < self._most_waiting

    @property
    def waiting(self) -> int:
        """How many records are not on disk yet."""
        return len(self._waiting)

    def add(self, record: dict[str, Any]) -> None:
        """Take a record; it costs a request no more than this.

        It is put into words here: a thread that did so for hundreds at once would hold up the answers meanwhile.
        """
        self._waiting.append(json.dumps(record, separators=(",", ":")).encode() + b"\n")

    def flush(self) -> None:
        """Write all that waits; what cannot be written keeps waiting, in order."""
        with self._writing:
            batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if not batch:
                return
            try:
                self._append(b"".join(batch))
            except OSError as error:
                self._waiting.extendleft(reversed(batch))
                _log.error("%d records wait: %s", len(batch), error)

    def _append(self, lines: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{datetime.now(UTC):%Y-%m-%d}.jsonl"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            before = os.fstat(handle).st_size
            if os.write(handle, lines) != len(lines):
                # Half a batch was written: take it back, or the batch would be there one and a half times.
                os.ftruncate(handle, before)
                raise OSError(28, "no room for the whole batch")
        finally:
            os.close(handle)

    def close(self) -> None:
        """Write what waits and stop."""
        self._stop.set()
        self._thread.join(timeout=5)
        self.flush()

    def _run(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            self.flush()


def read(folder: Path) -> list[dict[str, Any]]:
    """All records below `folder`, oldest first."""
    return [record for path in sorted(folder.glob("*.jsonl")) for record in read_file(path)]


def read_file(path: Path) -> list[dict[str, Any]]:
    """The records of one file. A last line cut short by a crash is skipped and logged."""
    records = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            _log.warning("%s line %d is cut short and was skipped", path.name, number)
    return records
