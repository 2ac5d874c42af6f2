"""`modelkeel catalog`: how old the tables are, and renewing them from AWS."""

from __future__ import annotations

import datetime
import sys
from typing import Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.preview import Outputs
from modelkeel.errors import ExitCode, usage_error

FORMATS = ("text", "json")
RENEWED = {"instances": "instances.json", "prices": "prices.json", "quotas": "quotas.toml"}
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


@app.command("refresh")
def refresh(
    tables: Annotated[
        list[str] | None, typer.Option("--table", help="prices, instances or quotas; repeatable.", metavar="NAME")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    today: Today = None,
) -> None:
    """Renew tables of the source tree from AWS, with the credentials of the environment.

    Asks pricing:GetProducts, ec2:DescribeInstanceTypes and DescribeInstanceTypeOfferings, and
    servicequotas:ListAWSDefaultServiceQuotas. Rows that AWS does not confirm stay, and each is named.
    """
    wanted = _tables(tables)
    from modelkeel import atomic, aws, console  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.catalog import instance_renewal, price_renewal, quota_renewal, renewal  # noqa: PLC0415

    renewers = {"prices": price_renewal, "instances": instance_renewal, "quotas": quota_renewal}
    folder = renewal.folder()
    make = aws.clients()
    done = [
        renewers[name].renew((folder / RENEWED[name]).read_text(encoding="utf-8"), make, _day(today)) for name in wanted
    ]
    for table in done:
        for row in table.kept:
            console.say(f"{table.file}: kept {row.row}: {row.why}")
        changed = "nothing changes" if table.after == table.before else "would change" if dry_run else "written"
        console.say(f"{table.file}: {table.renewed} rows renewed; {changed}")
        if dry_run:
            sys.stdout.write(table.diff())
        elif table.after != table.before:
            atomic.write_text(folder / table.file, table.after)
    if not dry_run:
        console.say("next: make test, which proves the tables against each other, then commit them")


def _tables(names: list[str] | None) -> list[str]:
    for name in names or ():
        if name not in RENEWED:
            raise usage_error(
                "this table is not renewed from AWS",
                got=name,
                allowed=", ".join(RENEWED),
                fix="the other tables are compared with their source by hand: modelkeel catalog check names it",
            )
    return [name for name in RENEWED if name in (names or RENEWED)]


def _day(today: datetime.datetime | None) -> datetime.date:
    return today.date() if today else datetime.datetime.now(datetime.UTC).date()
