"""One program in a process of its own: a foreign program may print, hang, exit or leave threads behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from modelkeel.errors import ModelkeelError, environment_error

RUNNER = Path(__file__).with_name("capture")
# Set on the machine, they would make a recording differ from one machine to the next.
FOREIGN_VARIABLES = ("AWS_", "PULUMI_", "OTEL_")
ENVIRONMENT_LAYOUTS = (("bin/python", "lib/python*/site-packages"), ("Scripts/python.exe", "Lib/site-packages"))
DUMP_SECONDS = 2.0
TAIL_LINES = 15


def interpreter(directory: Path) -> tuple[str, bool]:
    """Return the Python that runs the project's programs, and whether it is the project's own environment."""
    for program, packages in ENVIRONMENT_LAYOUTS:
        python = directory / ".venv" / program
        if python.exists() and any((directory / ".venv").glob(f"{packages}/pulumi/__init__.py")):
            return str(python), True
    return sys.executable, False


class Child:
    """A started interpreter that waits for its request: it imports the SDK while other stacks still run."""

    def __init__(self, directory: Path, python: str) -> None:
        self._directory = directory
        self._talk: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `stop`)
        self._process = self._start(python)

    def _start(self, python: str) -> subprocess.Popen[bytes]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN_VARIABLES)}
        try:
            return self._popen(python, kept)
        except OSError as error:
            self._talk.close()
            raise environment_error(
                "the project's Python cannot be started",
                got=f"{python}: {error}",
                allowed="an environment in .venv, or none (modelkeel's own Python then runs the programs)",
                fix="make the environment again, or remove .venv",
            ) from error

    def _popen(self, python: str, kept: Mapping[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (the project's own interpreter, our own file)
            [python, str(RUNNER)],
            cwd=self._directory,
            env={**kept, "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A file, not a pipe: what a program leaves running may hold it open without holding us.
            stderr=self._talk,
            start_new_session=True,
        )

    def run(self, request: Mapping[str, Any], timeout_seconds: float) -> tuple[dict[str, Any], str]:
        """Send the request; return the answer and what the program printed.

        Raises:
            ModelkeelError: the program never ends, or its process ends before it answers (exit code 3).
        """
        try:
            output, _ = self._process.communicate(json.dumps(request).encode(), timeout=timeout_seconds)
        except subprocess.TimeoutExpired:
            raise self._never_ends(request, timeout_seconds) from None
        try:
            answer: dict[str, Any] = json.loads(output)
        except ValueError:
            raise self._no_answer(request) from None
        return answer, self._said()

    def kill(self) -> None:
        """End the process now; `run`, in another thread, then raises."""
        self._kill()

    def stop(self) -> None:
        """End the process and all that it started, whatever state it is in."""
        self._kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._talk):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _said(self) -> str:
        self._talk.seek(0)
        return self._talk.read().decode("utf-8", errors="replace")

    def _never_ends(self, request: Mapping[str, Any], timeout_seconds: float) -> ModelkeelError:
        location = ""
        if hasattr(signal, "SIGUSR1"):
            before = len(self._said())
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.kill(self._process.pid, signal.SIGUSR1)
                self._process.wait(DUMP_SECONDS if self._process.poll() is None else 0)
            location = self._innermost(self._said()[before:])
        return environment_error(
            f"the {request['program']} program did not end within {timeout_seconds:g} seconds and was stopped",
            got=f"still running after {timeout_seconds:g} s",
            allowed="a program that ends by itself",
            fix="look for an endless loop or a wait at that line; a slow program may take a longer timeout",
            location=location or request["program_file"],
        )

    def _innermost(self, dump: str) -> str:
        """Return the project's line in a dump of faulthandler, which begins with the innermost call."""
        root = str(self._directory.resolve()) + os.sep
        for file, line in re.findall(r'File "(.+?)", line (\d+)', dump):
            if file.startswith(root) and "site-packages" not in file:
                return f"{Path(file).relative_to(root).as_posix()}:{line}"
        return ""

    def _no_answer(self, request: Mapping[str, Any]) -> ModelkeelError:
        status = self._process.wait()
        ended = f"exit status {status}" if status >= 0 else f"killed by signal {-status}"
        said = self._said().strip().splitlines()[-TAIL_LINES:]
        return environment_error(
            f"the {request['program']} program ended its process before it was recorded",
            got=ended + (f"; it said:\n    {chr(10).join(said)}" if said else ""),
            allowed="a program that runs to its last line",
            fix="look for os._exit or a crash in a library; without one, the machine may be out of memory",
            location=request["program_file"],
        )
