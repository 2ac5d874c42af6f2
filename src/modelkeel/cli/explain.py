"""`modelkeel explain`: why a decision, a question or a control is what it is."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from modelkeel.cli.new import AnswersFile, Data, Preset
from modelkeel.cli.preview import ProjectDirectory
from modelkeel.errors import ModelkeelError, usage_error

if TYPE_CHECKING:
    from modelkeel.answers import Answers
    from modelkeel.findings.pack import Pack
    from modelkeel.plan import Plan


def explain(
    key: Annotated[str, typer.Argument(help="A decision, a question, or the id of a control.", metavar="KEY")],
    directory: ProjectDirectory = Path(),
    answers_file: AnswersFile = None,
    preset: Preset = None,
    data: Data = None,
) -> None:
    """Explain one thing: its value, where it comes from, what it costs, what would change it.

    Decisions need answers: those of the repository, of --answers or of --preset.
    """
    text = _of_control(key, directory)
    if text is None:
        answered = _answers(directory, answers_file, preset, data or ())
        text = _of_plan(key, answered)
        if text is None:
            raise _unknown(key, answered, directory)
    sys.stdout.write(text)


def _answers(directory: Path, file: Path | None, preset: str | None, data: Sequence[str]) -> Answers | None:
    from modelkeel import answers, project  # noqa: PLC0415 (start-up stays fast)
    from modelkeel.cli import decisions  # noqa: PLC0415

    if file is not None or preset is not None or data:
        return answers.load(file, preset=preset, data=data)
    if not (directory / project.ANSWERS_FILE).is_file():
        return None
    found = project.load(directory)
    questions = answers.Answers.model_fields
    answered = answers.validate({name: value for name, value in found.answers.items() if name in questions})
    decisions.refuse_stale(found, answers.digest(answered))
    return answered


def _of_plan(key: str, answered: Answers | None) -> str | None:
    from modelkeel.answers import flat  # noqa: PLC0415
    from modelkeel.answers.schema import questions  # noqa: PLC0415
    from modelkeel.plan.explanation import explain as of_decision  # noqa: PLC0415
    from modelkeel.report import explanation  # noqa: PLC0415

    plan = _plan(answered)
    if answered is not None and plan is not None and key in {decision.key for decision in plan.decisions}:
        return explanation.decision(of_decision(answered, key))
    if key not in questions():
        return None
    fed = [] if plan is None else [decision for decision in plan.decisions if key in decision.from_]
    return explanation.question(questions()[key], None if answered is None else flat(answered)[key], fed)


def _of_control(key: str, directory: Path) -> str | None:
    from modelkeel.report import explanation  # noqa: PLC0415

    pack = _pack(directory)
    row = next((control for control in pack.controls if control.id == key), None)
    return None if row is None else explanation.control(row, pack.frameworks)


def _pack(directory: Path) -> Pack:
    """The repository's own pack, else the bundled one."""
    from modelkeel import source  # noqa: PLC0415
    from modelkeel.findings import pack  # noqa: PLC0415

    own = directory / "policies"
    folder = own if (own / "controls.toml").is_file() else source.bundle_root() / "policies"
    return pack.load(folder)


def _plan(answered: Answers | None) -> Plan | None:
    from modelkeel import plan  # noqa: PLC0415

    return None if answered is None else plan.build(answered)


def _unknown(key: str, answered: Answers | None, directory: Path) -> ModelkeelError:
    from modelkeel.answers.schema import questions  # noqa: PLC0415

    plan = _plan(answered)
    decided = [] if plan is None else [decision.key for decision in plan.decisions]
    known = [*decided, *questions(), *(control.id for control in _pack(directory).controls)]
    wanted = key.strip().lower()
    close = difflib.get_close_matches(wanted, known, n=1) or [name for name in known if wanted and wanted in name]
    no_answers = "; decisions need answers: --answers FILE, --preset NAME, or a repository"
    return usage_error(
        "nothing has this name",
        got=key,
        allowed="a decision, a question or a control id" + (no_answers if answered is None else ""),
        fix=f"did you mean {close[0]}?"
        if close
        else "modelkeel plan lists decisions, docs/reference/answers.md questions",
    )
