"""The console script: answers `--version` at once, leaves everything else to the command line."""

from __future__ import annotations

import gc
import sys

# Containers that a command makes before cycles among them are searched for, and young searches before an older one. It
# keeps most of them until it ends: with CPython's 700, a tenth of the time of a large check is searching for nothing.
COLLECTOR = (500_000, 20, 100)


def main() -> None:
    """Run the command line on `sys.argv` and end the process with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from modelkeel import __version__  # noqa: PLC0415 (the version must not wait for the command line)

        sys.stdout.write(f"modelkeel {__version__}\n")
        return
    gc.set_threshold(*COLLECTOR)
    from modelkeel.cli import run  # noqa: PLC0415

    code = run(sys.argv[1:])
    # What is left goes with the process: nothing searches it for cycles once more.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
