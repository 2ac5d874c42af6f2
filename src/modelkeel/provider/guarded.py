"""A process of another program: it talks to us in one first line, and it ends with us at the latest."""

from __future__ import annotations

import atexit
import contextlib
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

SUPERVISOR = Path(__file__).with_name("supervisor.py")
FIRST_LINE_BYTES = 4096


class SilentError(Exception):
    """The process said nothing in time, or ended before it said anything; the message says which."""


class GuardedProcess:
    """`command` under a supervisor, in a process group of its own, with nothing but `environment`.

    What it writes to its standard error is kept in a file without a name, for `said`.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> None:
        """Start it in `folder`, or in ours."""
        self._talk = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `stop`)
        self._process = subprocess.Popen(  # noqa: S603 (the program that the user named)
            [sys.executable, "-I", "-S", str(SUPERVISOR), *command],
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._talk,
            start_new_session=True,
        )
        atexit.register(self.stop)

    @property
    def group(self) -> int:
        """The process group that holds the program and the process that watches over it."""
        return self._process.pid

    def first_line(self, seconds: float) -> str:
        """Return the first line of its standard output, without the white space around it; throw the rest away.

        Raises:
            SilentError: it ended, or `seconds` passed.
        """
        assert self._process.stdout is not None
        pipe, data = self._process.stdout, b""
        ends = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while b"\n" not in data:
                if not selector.select(max(0.0, ends - time.monotonic())):
                    raise SilentError(f"it said nothing within {seconds:g} s")
                chunk = os.read(pipe.fileno(), FIRST_LINE_BYTES)
                if not chunk:
                    self._process.wait()
                    raise SilentError("it ended before it said where it listens")
                data += chunk
        # What it prints later must not fill the pipe: it would stop for ever.
        threading.Thread(target=_drain, args=(pipe.fileno(),), daemon=True).start()
        return data.split(b"\n", 1)[0].decode(errors="replace").strip()

    def said(self, lines: int) -> list[str]:
        """Return the last `lines` of its standard error."""
        with contextlib.suppress(OSError, ValueError):
            self._talk.seek(0)
            return self._talk.read().decode(errors="replace").strip().splitlines()[-lines:]
        return []

    def stop(self) -> None:
        """End it and the process that watches over it."""
        atexit.unregister(self.stop)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._talk):
            if pipe is not None:
                with contextlib.suppress(OSError, ValueError):
                    pipe.close()


def _drain(descriptor: int) -> None:
    with contextlib.suppress(OSError):
        while os.read(descriptor, 65536):
            pass
