"""The console script: answers `--version` at once, leaves everything else to the command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line on `sys.argv` and end the process with its exit code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from modelkeel import __version__  # noqa: PLC0415 (the version must not wait for the command line)

        sys.stdout.write(f"modelkeel {__version__}\n")
        return
    from modelkeel.cli import run  # noqa: PLC0415

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
