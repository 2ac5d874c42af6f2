"""The command line: parse, call, print. Each command is one file; heavy imports wait until a command runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from modelkeel.errors import ExitCode, ModelkeelError


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code; errors become text on stderr, never a traceback."""
    import typer  # noqa: PLC0415 (`--version` does without)
    from typer.exceptions import TyperException  # noqa: PLC0415
    from typer.main import get_command  # noqa: PLC0415

    from modelkeel.cli.app import app  # noqa: PLC0415

    try:
        result = get_command(app)(args=list(argv), prog_name="modelkeel", standalone_mode=False)
    except ModelkeelError as error:
        _print_error(error)
        return int(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("interrupted\n")
        return int(ExitCode.INTERRUPT)
    except TyperException as error:
        error.show()  # type: ignore[attr-defined]  # every usage error has it; the base class does not say so
        return int(ExitCode.USAGE)
    except BrokenPipeError:
        sys.stderr.close()
        return int(ExitCode.OK)
    return int(result or ExitCode.OK)


def _print_error(error: ModelkeelError) -> None:
    for problem in error.problems:
        sys.stderr.write(f"{problem}\n")
    if len(error.problems) > 1:
        sys.stderr.write(f"{len(error.problems)} problems\n")
