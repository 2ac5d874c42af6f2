"""Runs a provider or a policy pack and ends it as soon as the process that asked for it is gone, however that happened.

Started by path with the standard library only: `python -I -S supervisor.py COMMAND...`. Its standard input is a pipe
that its parent holds open and never writes to; the end of that pipe means the parent has ended. Where the kernel
can signal a child when its parent dies (Linux), that covers the death of this process itself.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading

PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends; does nothing where there is no such request."""
    if not sys.platform.startswith("linux"):
        return
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        return


def main() -> int:
    """Run the provider until it ends or standard input does; return the provider's exit status."""
    linux = sys.platform.startswith("linux")
    if linux:
        die_with_parent()  # A parent that is gone already sends no signal: its end of the pipe tells.
    own_pid = os.getpid()

    def bind_to_this_process() -> None:
        die_with_parent()
        if os.getppid() != own_pid:
            os._exit(1)

    provider = subprocess.Popen(  # noqa: S603 (the command that the user's configuration led to)
        sys.argv[1:],
        stdin=subprocess.DEVNULL,
        preexec_fn=bind_to_this_process if linux else None,  # noqa: PLW1509 (this process has one thread so far)
    )

    def watch() -> None:
        while os.read(0, 4096):
            pass
        provider.kill()

    threading.Thread(target=watch, daemon=True).start()
    return provider.wait()


if __name__ == "__main__":
    sys.exit(main())
