"""`modelkeel catalog`: how old the tables are, and renewing them from AWS."""

from __future__ import annotations

import datetime
from typing import Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.preview import Outputs
from modelkeel.errors import ExitCode

FORMATS = ("text", "json")
Today = Annotated[
    datetime.datetime | None, typer.Option("--today", hidden=True, formats=["%Y-%m-%d"], help="Count from this day.")
]

app = typer.Typer(help="Look at the age of the tables, and renew them from AWS.", no_args_is_help=True)


@app.command("check")
def check(
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 when a table is older than 90 days.")] = False,
    outputs: Outputs = None,
    today: Today = None,
) -> None:
    """Show every table with its date and source; warn past 90 days.

    Formats: text, json.
    """
    wanted = output.parse(outputs, FORMATS)
    from modelkeel import console, source  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.catalog import age  # noqa: PLC0415
    from modelkeel.report import catalog as text  # noqa: PLC0415
    from modelkeel.tables import reader  # noqa: PLC0415

    day = _day(today)
    found = age.ages({"tables": reader.FOLDER, "policies": source.bundle_root() / "policies"}, day)
    output.emit(wanted, {"text": lambda: text.render(found), "json": lambda: age.dumps(found, day)})
    for row in found:
        if row.is_old:
            console.warn(text.warning(row))
    if strict and any(row.is_old for row in found):
        raise typer.Exit(ExitCode.FINDINGS)


def _day(today: datetime.datetime | None) -> datetime.date:
    return today.date() if today else datetime.datetime.now(datetime.UTC).date()
