"""From a file, a preset and flags to valid answers, or to every problem at once."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from modelkeel.answers import document, flags, rules
from modelkeel.answers.document import KeyPath
from modelkeel.answers.model import Answers
from modelkeel.errors import ModelkeelError, Problem, usage_error


def presets() -> dict[str, Path]:
    """Return the answers file of each preset by name."""
    from modelkeel import source  # noqa: PLC0415 (answers themselves need no template)

    return {path.parent.name: path for path in sorted((source.bundle_root() / "examples").glob("*/answers.yml"))}


def load(path: Path | None = None, *, preset: str | None = None, data: Sequence[str] = ()) -> Answers:
    """Return the answers: defaults, then the preset, then the file, then `data` (`key=value`, `key+=value`).

    Raises:
        ModelkeelError: exit code 2; it carries every problem of the file, the flags, the values and their
            combination, each with its place.
    """
    values, locations, problems = _gathered(path, preset, data)
    answers, more = _validated(values, locations)
    problems += more
    if problems or answers is None:
        raise ModelkeelError(*problems)
    return answers


def gather(path: Path | None = None, *, preset: str | None = None, data: Sequence[str] = ()) -> dict[str, Any]:
    """Return what preset, file and flags answer, in this order, not yet validated and without defaults.

    Raises:
        ModelkeelError: exit code 2; a file or a flag cannot be read.
    """
    values, _, problems = _gathered(path, preset, data)
    if problems:
        raise ModelkeelError(*problems)
    return values


def _gathered(
    path: Path | None, preset: str | None, data: Sequence[str]
) -> tuple[dict[str, Any], dict[KeyPath, str], list[Problem]]:
    values: dict[str, Any] = {}
    locations: dict[KeyPath, str] = {}
    problems: list[Problem] = []
    for file in (_preset_path(preset) if preset else None, path):
        if file is None:
            continue
        found = document.read(file)
        problems += found.problems
        for name in found.values:
            for stale in [place for place in locations if place[0] == name]:
                del locations[stale]
        values.update(found.values)
        locations.update(found.locations)
    unreadable = bool(problems) and not values
    problems += flags.apply(data, values, locations) if data else []
    if unreadable:
        raise ModelkeelError(*problems)
    return values, locations, problems


def validate(values: Mapping[str, Any]) -> Answers:
    """Return the answers that a mapping holds, for example those stored in a repository.

    Raises:
        ModelkeelError: as `load`, without places in a file.
    """
    answers, problems = _validated(dict(values), {})
    if problems or answers is None:
        raise ModelkeelError(*problems)
    return answers


def _preset_path(name: str) -> Path:
    known = presets()
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name, known, n=1)
    raise usage_error(
        "there is no such preset",
        got=name,
        allowed=", ".join(known),
        fix=f"--preset {close[0]}" if close else "choose one of these, or write an answers file",
    )


def _validated(values: dict[str, Any], locations: dict[KeyPath, str]) -> tuple[Answers | None, list[Problem]]:
    try:
        answers = Answers.model_validate(values)
    except ValidationError as error:
        from modelkeel.answers.problem import problems_of  # noqa: PLC0415 (only a mistake needs the schema)

        errors = error.errors(include_url=False)
        problems = problems_of([dict(row) for row in errors], locations)
        bad = {str(row["loc"][0]) for row in errors}
        return None, problems + _conflicts_of_the_rest(values, bad, locations)
    return answers, rules.conflicts(answers, locations)


def _conflicts_of_the_rest(values: dict[str, Any], bad: set[str], locations: dict[KeyPath, str]) -> list[Problem]:
    """Return the conflicts among the answers that are valid by themselves, so that one run shows everything."""
    good = {name: value for name, value in values.items() if name not in bad}
    stand_ins = {
        "project_name": "project",
        "owner_email": "owner@example.com",
        "account_ids": {},
        "monthly_budget_usd": {},
    }
    try:
        answers = Answers.model_validate({**{name: stand_ins[name] for name in stand_ins if name in bad}, **good})
    except ValidationError:
        return []
    return rules.conflicts(answers, locations, without=bad)
