"""Whether there is somebody to ask, and the questions asked in a real terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from modelkeel.answers import Answers, gather
from modelkeel.cli.ask import interview
from modelkeel.cli.ask.conversation import Conversation, Left


def is_interactive(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether questions may be asked: a terminal on standard input, and no CI."""
    return environment.get("CI", "").lower() not in {"true", "1"} and sys.stdin is not None and sys.stdin.isatty()


def answers(path: Path | None, *, preset: str | None, data: list[str] | None, defaults: bool) -> Answers:
    """Return the answers of files and flags, the rest asked.

    A file of answers and `--defaults` leave the default of everything to Modelkeel: then only what has none is asked.

    Raises:
        ModelkeelError: as `answers.load`.
        typer.Abort: the person left; nothing is written (exit code 130).
    """
    from modelkeel.answers import load  # noqa: PLC0415

    given = gather(path, preset=preset, data=data or ())
    asked = interview.start(given, quick=path is None and not defaults)
    if asked.question is None:
        return load(path, preset=preset, data=data or ())
    try:
        return Conversation(asked, _read, _say).hold()
    except (Left, EOFError) as left:
        raise typer.Abort from left


def _read(prompt: str) -> str:
    answer: str = typer.prompt(prompt, default="", show_default=False, prompt_suffix=" ", err=True)
    return answer


def _say(line: str) -> None:
    typer.echo(line, err=True)
