"""`modelkeel plan`: what the answers lead to, and why; or how two answers files differ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from modelkeel.cli import output
from modelkeel.cli.new import AnswersFile, Data, Preset
from modelkeel.errors import usage_error

if TYPE_CHECKING:
    from modelkeel.answers import Answers
    from modelkeel.plan import Plan

FORMATS = ("text", "json", "answers")
COMPARISON_FORMATS = ("text", "json")


def plan(
    answers_file: AnswersFile = None,
    preset: Preset = None,
    data: Data = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="Show what differs from the plan of this file.", metavar="FILE")
    ] = None,
    cost: Annotated[
        bool | None,
        typer.Option(
            "--cost/--no-cost",
            help="With --against: price both in their last environment, or not; it takes some seconds.",
            show_default="--cost",
        ),
    ] = None,
    outputs: Annotated[
        list[str] | None, typer.Option("--output", help="text, json, answers; repeatable.", metavar="FORMAT[=FILE]")
    ] = None,
) -> None:
    """Show each decision with its value, reason, formula and source.

    `--output answers` writes the full data file for `copier copy --data-file`. With `--against OLD`, only what
    differs is shown, old -> new: answers, decisions with both reasons, and what a month costs.
    """
    wanted = output.parse(outputs, FORMATS if against is None else COMPARISON_FORMATS)
    from modelkeel import answers  # noqa: PLC0415 (start-up stays fast)
    from modelkeel import plan as planning  # noqa: PLC0415

    if cost is not None and against is None:
        raise usage_error("--cost compares two plans", got="--cost without --against", fix="add --against FILE")
    answered = answers.load(answers_file, preset=preset, data=data or ())
    planned = planning.build(answered)
    if against is None:
        _show(answered, planned, wanted)
        return
    old = answers.load(against)
    _compare((old, planning.build(old)), (answered, planned), with_cost=cost is not False, wanted=wanted)


def _show(answered: Answers, planned: Plan, wanted: Sequence[output.Output]) -> None:
    from modelkeel import plan as planning  # noqa: PLC0415
    from modelkeel import source  # noqa: PLC0415

    output.emit(
        wanted,
        {
            "text": lambda: planning.to_text(planned),
            "json": lambda: planning.dumps(planned),
            "answers": lambda: planning.data_file(
                {**planning.template_data(answered, planned), **source.origin().answers()}
            ),
        },
    )


def _compare(
    old: tuple[Answers, Plan], new: tuple[Answers, Plan], *, with_cost: bool, wanted: Sequence[output.Output]
) -> None:
    from modelkeel.plan import difference  # noqa: PLC0415
    from modelkeel.report import comparison as text  # noqa: PLC0415

    found = difference.compare(*old, *new)
    cost = {"old": _priced(*old), "new": _priced(*new)} if with_cost and found.answers else None
    output.emit(
        wanted,
        {"text": lambda: text.render(found, cost), "json": lambda: difference.dumps(found, cost)},
    )


def _priced(answered: Answers, planned: Plan) -> dict[str, Any]:
    """Render and record the last environment in a folder that is thrown away, and sum its bill."""
    import tempfile  # noqa: PLC0415

    from modelkeel import cost, record, render, source  # noqa: PLC0415
    from modelkeel import plan as planning  # noqa: PLC0415

    environment = planned.environments[-1]
    data = {**planning.template_data(answered, planned), **source.origin().answers()}
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "project"
        render.write(render.render(data, source.bundle_root()), directory)
        bill = cost.to_document(cost.price(record.project(directory, environment=environment, fidelity="simulate")))
    return {
        "environment": environment,
        "priced_on": bill["priced_on"],
        "totals": bill["totals"],
        "by_program": bill["by_program"],
        "unpriced": len(bill["unpriced"]),
    }
