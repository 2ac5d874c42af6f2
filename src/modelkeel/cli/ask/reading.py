"""What a person types, as a value, and a value as a person types it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from modelkeel.answers import flags
from modelkeel.answers.schema import Question
from modelkeel.errors import ModelkeelError, usage_error

NOTHING = "none"
NUMBERS = ("monthly_budget_usd", "team_gpus")
_WORDS = {"y": "true", "yes": "true", "n": "false", "no": "false"}


def read(question: Question, text: str, environments: Sequence[str]) -> Any:
    """Return the value that `text` means: a choice by number or name, several of them, one value for every environment.

    Raises:
        ModelkeelError: values for the environments cannot be told apart (exit code 2).
    """
    text = text.strip()
    if question.kind == "list" and text == NOTHING and NOTHING not in question.choices:
        return []
    if question.kind == "map":
        return _by_environment(question, text, environments)
    if question.kind == "yes_no":
        text = _WORDS.get(text.lower(), text)
    elif question.choices:
        text = _named(question, text)
    values: dict[str, Any] = {}
    problems = flags.apply([f"{question.name}={text}"], values, {})
    if problems:
        raise ModelkeelError(*problems)
    return values[question.name]


def shown(value: Any) -> str:
    """Return a value as it can be typed."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key}={item}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value) or NOTHING
    return f"{value:g}" if isinstance(value, float) else str(value)


def _named(question: Question, text: str) -> str:
    """Put names for numbers and for the beginnings of one name only; a whole name goes before both."""
    parts = [text] if question.kind == "choice" else [part for part in re.split(r"[,\s]+", text.strip("[]")) if part]
    names = []
    for part in parts:
        place = int(part) if re.fullmatch(r"[0-9]{1,3}", part) else 0
        is_number = part not in question.choices and 1 <= place <= len(question.choices)
        begun = [name for name in question.choices if part and name.startswith(part.lower())]
        unfinished = part not in question.choices and len(begun) == 1
        names.append(question.choices[place - 1] if is_number else begun[0] if unfinished else part)
    return names[0] if question.kind == "choice" else ",".join(names)


def _by_environment(question: Question, text: str, environments: Sequence[str]) -> dict[str, Any]:
    parts = [part.strip() for part in text.strip("{}").split(",")]
    if all(re.search(r"[=:]", part) for part in parts):
        pairs = [re.split(r"\s*[=:]\s*", part, maxsplit=1) for part in parts]
        return {key: _entry(question, value) for key, value in pairs}
    if len(parts) == 1:
        parts *= len(environments)
    if len(parts) != len(environments):
        raise usage_error(
            f"{question.name} needs a value for each environment",
            got=text,
            allowed=f"one value for all, or one for each of {', '.join(environments)}",
            fix=", ".join(f"{name}=..." for name in environments),
        )
    return {name: _entry(question, value) for name, value in zip(environments, parts, strict=True)}


def _entry(question: Question, text: str) -> Any:
    """Account ids stay text, so that a zero in front survives; subnets stand with blanks between them."""
    text = text.strip("\"'")
    if question.name == "existing_subnet_ids":
        return text.split()
    return int(text) if question.name in NUMBERS and re.fullmatch(r"-?[0-9]{1,18}", text) else text
