"""`modelkeel plan`: what the answers lead to, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from modelkeel.cli import output
from modelkeel.cli.new import AnswersFile, Data, Preset

FORMATS = ("text", "json", "answers")


def plan(
    answers_file: AnswersFile = None,
    preset: Preset = None,
    data: Data = None,
    outputs: Annotated[
        list[str] | None, typer.Option("--output", help="text, json, answers; repeatable.", metavar="FORMAT[=FILE]")
    ] = None,
) -> None:
    """Show each decision with its value, reason, formula and source.

    `--output answers` writes the full data file for `copier copy --data-file`.
    """
    wanted = output.parse(outputs, FORMATS)
    from modelkeel import answers, source  # noqa: PLC0415 (start-up stays fast)
    from modelkeel import plan as planning  # noqa: PLC0415

    answered = answers.load(answers_file, preset=preset, data=data or ())
    planned = planning.build(answered)
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
