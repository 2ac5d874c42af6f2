"""`--data key=value`: one answer from the command line, read by the type of its question."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import yaml

from modelkeel.answers.document import KeyPath
from modelkeel.answers.problem import unknown_question
from modelkeel.answers.schema import Question, questions
from modelkeel.errors import Problem

LOCATION = "--data"


def apply(
    flags: Sequence[str], values: MutableMapping[str, Any], locations: MutableMapping[KeyPath, str]
) -> list[Problem]:
    """Set the answers that `flags` give: `a=v` replaces, `a+=v` adds to a list, `a.b=v` sets one entry of a map.

    Returns the problems; a flag with a problem changes nothing.
    """
    problems: list[Problem] = []
    for flag in flags:
        name, equals, text = flag.partition("=")
        adds = name.endswith("+")
        name, _, entry = name.removesuffix("+").strip().partition(".")
        if not equals or not name:
            problems.append(Problem(what="--data takes key=value", got=flag, fix="--data peak_rps=100"))
            continue
        question = questions().get(name)
        if question is None:
            problems.append(unknown_question(name, flag, LOCATION))
            continue
        if (adds and question.kind != "list") or (entry and question.kind != "map"):
            kind = "list" if adds else "map"
            problems.append(Problem(what=f"{name} is no {kind}", got=flag, allowed=f"--data {name}=VALUE"))
            continue
        value = _read(question, text, entry)
        if adds:
            value = [*_present(values, question), *(item for item in value if item not in _present(values, question))]
        elif entry:
            value = {**_map(values.get(name)), entry: value}
        values[name] = value
        for path in [path for path in locations if path[0] == name]:
            del locations[path]
        locations[(name,)] = LOCATION
    return problems


def _read(question: Question, text: str, entry: str) -> Any:
    text = text.strip()
    if question.kind in {"text", "choice"}:
        return text
    if question.kind == "list":
        if text.startswith("["):
            return _yaml(text)
        return [item.strip() for item in text.split(",") if item.strip()]
    if question.kind == "map" and not entry and not text.startswith("{"):
        pairs = (pair.partition("=") for pair in text.split(","))
        return {key.strip(): _yaml(value) for key, _, value in pairs}
    return _yaml(text)


def _yaml(text: str) -> Any:
    """Return the YAML value; text that is no YAML stays text, and the model says what is wrong with it."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def _present(values: Mapping[str, Any], question: Question) -> list[Any]:
    present = values.get(question.name, question.default)
    return list(present) if isinstance(present, list | tuple) else []


def _map(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}
