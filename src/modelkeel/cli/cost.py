"""`modelkeel cost`: what the recorded infrastructure costs in a month."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.check import GraphFile
from modelkeel.cli.preview import Environment, Outputs, ProjectDirectory
from modelkeel.errors import ExitCode, usage_error

FORMATS = ("text", "json")


def cost(
    directory: ProjectDirectory = Path(),
    env: Environment = None,
    graph_file: GraphFile = None,
    max_usd_per_month: Annotated[
        str | None, typer.Option(help="Exit 1 when the base estimate is higher.", metavar="N")
    ] = None,
    outputs: Outputs = None,
) -> None:
    """Price the infrastructure: low, base and high USD a month, with assumptions and the largest drivers."""
    wanted = output.parse(outputs, FORMATS)
    limit = None if max_usd_per_month is None else _amount(max_usd_per_month)
    from modelkeel import console  # noqa: PLC0415 (start-up stays fast)
    from modelkeel import cost as costing  # noqa: PLC0415
    from modelkeel.cli import source_graph  # noqa: PLC0415
    from modelkeel.report import bill as text  # noqa: PLC0415

    bill = costing.price(source_graph.load(directory, env, graph_file))
    output.emit(wanted, {"text": lambda: text.render(bill), "json": lambda: costing.dumps(bill)})
    if limit is not None and bill.totals.base > limit:
        console.say(f"over budget: {bill.totals.base:.2f} USD a month, allowed are {limit:.2f}")
        raise typer.Exit(ExitCode.FINDINGS)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise usage_error("the limit is not an amount of money", got=text, allowed="a number of USD, zero or more")
    return amount
