"""The answers of a repository, and the plan that they lead to with today's tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelkeel import project
from modelkeel.errors import usage_error


@dataclass(frozen=True)
class Told:
    """What a report can say about why; both are None for a graph without its repository."""

    answers: Mapping[str, Any] | None
    plan: Mapping[str, Any] | None


def of(directory: Path) -> Told:
    """Return the answers of the repository in `directory`, and their plan with reasons.

    Raises:
        ModelkeelError: the answers file is damaged, or its plan was made from other answers.
    """
    if not (directory / project.ANSWERS_FILE).is_file():
        return Told(None, None)
    from modelkeel import answers, plan  # noqa: PLC0415 (a graph file alone needs neither)

    found = project.load(directory)
    questions = answers.Answers.model_fields
    answered = answers.validate({key: value for key, value in found.answers.items() if key in questions})
    refuse_stale(found, answers.digest(answered))
    return Told(answers.flat(answered), plan.to_document(plan.build(answered)))


def refuse_stale(found: project.Project, digest: str) -> None:
    """Refuse a repository whose answers were changed without planning again.

    Raises:
        ModelkeelError: sizes and settings in the repository follow from other answers than it states.
    """
    if found.plan.get("answers_digest") != digest:
        raise usage_error(
            "the plan of this repository was made from other answers than it states",
            got=f"plan of {found.plan.get('answers_digest')}, answers are {digest}",
            allowed="answers and plan that were written together",
            fix=(
                f"restore {project.ANSWERS_FILE} from version control; to change an answer, run modelkeel new with the "
                "changed answers into a new folder and merge"
            ),
            location=str(found.directory / project.ANSWERS_FILE),
        )
