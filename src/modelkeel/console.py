"""What people read in a terminal: tables on standard output, talk on standard error."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

PIPE_WIDTH = 120


def say(message: str) -> None:
    """Write one line of talk to standard error."""
    sys.stderr.write(f"{message}\n")


def warn(message: str) -> None:
    """Write one line that deserves attention to standard error."""
    say(f"warning: {message}")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, numeric: Sequence[int] = ()) -> str:
    """Return an aligned text table; columns in `numeric` are set flush right.

    The width is the terminal's; in a pipe it is 120 unless COLUMNS says otherwise, so that logs are stable.
    """
    from rich import box  # noqa: PLC0415 (rich must not slow down commands that print no table)
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    is_terminal = sys.stdout.isatty()
    stream = io.StringIO()
    console = Console(
        file=stream,
        force_terminal=is_terminal or None,
        width=None if is_terminal or "COLUMNS" in os.environ else PIPE_WIDTH,
        highlight=False,
    )
    grid = Table(box=box.SIMPLE_HEAD if is_terminal else None, pad_edge=False, header_style="bold")
    for index, header in enumerate(headers):
        grid.add_column(header, justify="right" if index in numeric else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    console.print(grid)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"
