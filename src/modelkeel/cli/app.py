"""The table of commands."""

from __future__ import annotations

import typer

from modelkeel.cli import (
    catalog,
    check,
    controls,
    cost,
    evidence,
    explain,
    iam,
    importing,
    new,
    plan,
    preview,
    quotas,
    report,
    schema,
)

app = typer.Typer(
    name="modelkeel",
    help=(
        "Answers about scale and compliance go in; a governed MLOps repository and its AWS infrastructure come out.\n\n"
        "Exit codes: 0 ok, 1 findings, 2 usage or answers, 3 environment, 4 merge conflicts, 130 interrupt."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode=None,
)
app.command("new")(new.new)
app.command("plan")(plan.plan)
app.command("explain")(explain.explain)
app.command("preview")(preview.preview)
app.command("check")(check.check)
app.command("controls")(controls.controls)
app.command("cost")(cost.cost)
app.command("quotas")(quotas.quotas)
app.command("import")(importing.import_)
app.command("evidence")(evidence.evidence)
app.command("report")(report.report)
app.command("schema")(schema.schema)
app.add_typer(catalog.app, name="catalog")
app.add_typer(iam.app, name="iam")


@app.callback()
def main(
    version: bool = typer.Option(False, "--version", "-V", help="Print the version and exit.", is_eager=True),
) -> None:
    """Show the version where it is asked for beside other options."""
    if version:
        from modelkeel import __version__  # noqa: PLC0415

        typer.echo(f"modelkeel {__version__}")
        raise typer.Exit
