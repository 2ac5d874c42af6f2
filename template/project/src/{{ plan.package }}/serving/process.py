"""A server in a process of its own, for rehearsals and load tests on one machine."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..problem import ProblemError

_PACKAGE = __name__.split(".", maxsplit=1)[0]
_START_SECONDS = 180


@contextlib.contextmanager
def running(home: Path, *, core: int | None = None, variables: Mapping[str, str] | None = None) -> Iterator[int]:
    """Serve the live version below `home` on a free port of this machine, and yield the port.

    With `core` the server gets that core alone, where the system can pin processes; `variables` are added to its
    environment.

    Raises:
        ProblemError: it did not come up; its last words are in the message.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = home / "server.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", f"{_PACKAGE}.serve", "--home", str(home), "--port", str(port)]
        environment = (
            os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | dict(variables or {})
        )
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        _wait(server, port, log)
        if core is not None and hasattr(os, "sched_setaffinity"):
            for thread in Path(f"/proc/{server.pid}/task").iterdir():
                os.sched_setaffinity(int(thread.name), {core})
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=1).close()
            return
        time.sleep(0.05)
    raise ProblemError("the server did not come up", got=log.read_text()[-500:], fix=f"read {log}")
