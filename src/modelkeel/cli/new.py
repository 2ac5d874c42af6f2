"""`modelkeel new`: answers in, a repository out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from modelkeel.answers import Answers

AnswersFile = Annotated[Path | None, typer.Option("--answers", help="A YAML file with answers.", metavar="FILE")]
Preset = Annotated[str | None, typer.Option("--preset", help="Start from the answers of an archetype.", metavar="NAME")]
Data = Annotated[
    list[str] | None,
    typer.Option("--data", help="One answer: key=value replaces, key+=value adds to a list.", metavar="KEY=VALUE"),
]


def new(
    dest: Annotated[Path, typer.Argument(help="The folder to write; it must be empty or not exist.")],
    answers_file: AnswersFile = None,
    preset: Preset = None,
    data: Data = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Take the default of every unanswered question.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be written; write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that is not empty.")] = False,
) -> None:
    """Write a repository from answers: its ML code, infrastructure, policies, CI and documents.

    In a terminal, what has no answer yet is asked, about 18 questions in all. Without a terminal, or with CI=true,
    nothing is asked: what is missing is listed.
    """
    from modelkeel import console, plan, render, source  # noqa: PLC0415 (start-up stays fast)

    if not dry_run:
        render.refuse_unsuitable(dest, force=force)
    answered = _answered(answers_file, preset, data, defaults=defaults)
    planned = plan.build(answered)
    origin = source.origin()
    files = render.render({**plan.template_data(answered, planned), **origin.answers()}, source.bundle_root())
    if dry_run:
        sys.stdout.write("".join(f"{path}\n" for path in sorted(str(path) for path in files)))
        console.say(f"{len(files)} files, nothing written")
        return
    render.write(files, dest, force=force)
    console.say(f"{len(files)} files in {dest}: programs {', '.join(planned.programs)}")
    if origin.warning:
        console.warn(origin.warning)
    console.say("next:")
    for line in (
        f"  cd {dest}",
        "  modelkeel preview --env " + planned.environments[-1],
        "  modelkeel check --env all",
    ):
        console.say(line)


def _answered(path: Path | None, preset: str | None, data: list[str] | None, *, defaults: bool) -> Answers:
    from modelkeel.cli.ask import terminal  # noqa: PLC0415 (start-up stays fast)

    if terminal.is_interactive():
        return terminal.answers(path, preset=preset, data=data, defaults=defaults)
    from modelkeel import answers  # noqa: PLC0415

    return answers.load(path, preset=preset, data=data or ())
