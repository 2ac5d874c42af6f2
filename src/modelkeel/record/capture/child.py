"""The child's side of the pipe: nothing that a program prints may mix with the answer."""

from __future__ import annotations

import contextlib
import faulthandler
import importlib
import importlib.metadata
import json
import os
import signal
import sys
from typing import Any


def main() -> int:
    """Read the request from stdin, run its program, write the answer to what was stdout; return the exit status."""
    answer_file = _take_stdout()
    if hasattr(signal, "SIGUSR1"):
        # The parent asks with this signal where a program hangs.
        faulthandler.register(signal.SIGUSR1, file=sys.stderr, all_threads=False)
    _warm_up()
    request: dict[str, Any] = json.load(sys.stdin)
    if request["import_path"]:
        sys.path.insert(0, request["import_path"])
    answer = _run(request)
    sys.stdout.flush()
    with os.fdopen(answer_file, "w", encoding="utf-8") as pipe:
        json.dump(answer, pipe, separators=(",", ":"))
    sys.stderr.flush()
    # Threads that a program left behind must not hold the answer back.
    os._exit(0)


def _run(request: dict[str, Any]) -> dict[str, Any]:
    try:
        run = importlib.import_module(".run", __package__)
    except (ImportError, AttributeError) as error:
        return {"fault": _sdk_fault(error, request)}
    answer: dict[str, Any] = run.run(request, _talk)
    return answer


def _sdk_fault(error: Exception, request: dict[str, Any]) -> dict[str, str]:
    try:
        found = f"pulumi {importlib.metadata.version('pulumi')}"
    except importlib.metadata.PackageNotFoundError:
        found = "no pulumi"
    return {
        "what": "the Pulumi SDK of the project is not one that the recorder knows",
        "got": f"{found} in {request['python']} ({error})",
        "allowed": "pulumi 3.272 or later, below 4, with pulumi-aws",
        "fix": "install the project's infrastructure dependencies again, in the versions that it pins",
        "location": request["program_file"],
    }


def _take_stdout() -> int:
    """Return a private handle of stdout, and let everything that prints write to stderr instead."""
    private = os.dup(1)
    os.dup2(2, 1)
    return private


def _warm_up() -> None:
    # Imported while the parent still waits for other stacks; a project without the provider fails at its own line.
    with contextlib.suppress(ImportError, AttributeError):
        importlib.import_module(".run", __package__)
        importlib.import_module("pulumi_aws")


def _talk(severity: str, text: str) -> None:
    print(f"{severity}: {text}", file=sys.stderr)  # noqa: T201 (stderr is this process's way to talk)
