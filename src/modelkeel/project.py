"""A generated repository as its readers find it: the answers and the plan that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelkeel.errors import ModelkeelError, usage_error

ANSWERS_FILE = ".copier-answers.yml"


@dataclass(frozen=True, kw_only=True)
class Project:
    """A folder that `modelkeel new` wrote, with what `.copier-answers.yml` in it says."""

    directory: Path
    answers: Mapping[str, Any]
    plan: Mapping[str, Any]

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments in the order of promotion."""
        return tuple(self.plan["environments"])


def load(directory: Path) -> Project:
    """Read the answers file of a generated repository.

    Raises:
        ModelkeelError: the folder is no generated repository, or its answers file is damaged (exit code 2).
    """
    import yaml  # noqa: PLC0415 (only the commands that read a repository need it)

    path = directory / ANSWERS_FILE
    if not path.is_file():
        raise _not_a_project(directory)
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise usage_error(
            "the answers file of the repository is damaged",
            got=f"{path}: {error}",
            fix="restore it from version control: it is written by modelkeel, not by hand",
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("plan"), dict):
        raise usage_error(
            "the answers file of the repository holds no plan",
            got=str(path),
            allowed="a file written by modelkeel new",
            fix="restore it from version control",
        )
    plan = document.pop("plan")
    answers = {key: value for key, value in document.items() if not key.startswith("_")}
    return Project(directory=directory, answers=answers, plan=plan)


def choose_environment(directory: Path, wanted: str | None) -> str:
    """Return the environment that a command works on: the one asked for, or the only one there is.

    Raises:
        ModelkeelError: several exist and none was named.
    """
    if wanted is not None:
        return wanted
    environments = load(directory).environments
    if len(environments) == 1:
        return environments[0]
    raise usage_error(
        "the repository has several environments: name one",
        allowed=", ".join([*environments, "shared", "all"]),
        fix=f"add --env {environments[-1]}",
    )


def _not_a_project(directory: Path) -> ModelkeelError:
    exists = "a folder without " + ANSWERS_FILE if directory.is_dir() else "no such folder"
    return usage_error(
        "this is not a repository that modelkeel generated",
        got=f"{directory} ({exists})",
        fix="run the command inside such a repository, name its folder, or make one with modelkeel new",
    )
