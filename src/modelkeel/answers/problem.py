"""Validation errors told in the user's words: what, got, allowed, fix, where."""

from __future__ import annotations

import difflib
import json
import reprlib
from collections.abc import Iterable, Mapping
from typing import Any

from modelkeel.answers.document import KeyPath
from modelkeel.answers.kind import IN_WORDS
from modelkeel.answers.schema import Question, questions
from modelkeel.errors import Problem

_ENTRIES = {
    "account_ids": "12 digits, in quotes",
    "monthly_budget_usd": "a whole number of 1 or more",
    "team_gpus": "a whole number of 1 or more",
}
_COMPLAINTS = {
    "literal_error": "is not one of the choices",
    "string_pattern_mismatch": "is not written as it must be",
}
_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "yes_no": "true or false",
    "list": "a list",
    "map": "a map",
}


def problems_of(errors: Iterable[Mapping[str, Any]], locations: Mapping[KeyPath, str]) -> list[Problem]:
    """Return one problem for each pydantic error of the answers model, in the order of the questions."""
    order = {name: index for index, name in enumerate(questions())}
    ranked = sorted(errors, key=lambda error: order.get(str(error["loc"][0]), -1))
    return [_problem(error, _place(tuple(error["loc"]), locations)) for error in ranked]


def unknown_question(name: str, got: str, location: str) -> Problem:
    """Return the problem of a key that is no question, with the closest question as the way out."""
    close = difflib.get_close_matches(name, list(questions()), n=1)
    return Problem(
        what=f"there is no question {name!r}",
        got=got,
        fix=f"did you mean {close[0]}?" if close else "modelkeel schema answers lists all questions",
        location=location,
    )


def _problem(error: Mapping[str, Any], location: str) -> Problem:
    name = str(error["loc"][0])
    got = _shown(error["input"])
    if error["type"] == "extra_forbidden":
        return unknown_question(name, got, location)
    question = questions()[name]
    if error["type"] == "missing":
        return Problem(
            what=f"{name} is not answered: {question.help}", allowed=question.allowed(), fix=f"add {question.flag()}"
        )
    dotted = ".".join(str(part) for part in error["loc"] if part != "[key]")
    return Problem(
        what=f"{dotted} {_complaint(error, question)}",
        got=got,
        allowed=_allowed(error, question),
        fix=_fix(error, question),
        location=location,
    )


def _complaint(error: Mapping[str, Any], question: Question) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in {"string_type", "string_pattern_mismatch"} and question.name.startswith("account_id"):
        return "is no AWS account id"
    if kind in {"string_too_short", "string_too_long"}:
        limit = context.get("min_length", context.get("max_length"))
        return f"is too {kind.rpartition('_')[2]}: the limit is {limit} characters"
    if kind in _COMPLAINTS:
        return _COMPLAINTS[kind]
    if kind == "too_short":
        return f"needs {context['min_length']} entry at least"
    if kind == "too_long":
        return f"takes {context['max_length']} entries at most"
    if kind.startswith(("greater_than", "less_than")):
        return "is outside its limits"
    if len(error["loc"]) > 1:
        return "has the wrong type"
    return f"must be {_TYPES.get(question.kind, 'text')}"


def _allowed(error: Mapping[str, Any], question: Question) -> str:
    if question.kind == "map" and len(error["loc"]) > 1 and question.name in _ENTRIES:
        return _ENTRIES[question.name]
    if error["type"].startswith("string_") and error["type"] != "string_type":
        return IN_WORDS.get(error.get("ctx", {}).get("pattern") or question.pattern, question.help)
    return question.allowed()


def _fix(error: Mapping[str, Any], question: Question) -> str:
    given = error["input"]
    if question.kind == "list" and len(error["loc"]) == 1 and isinstance(given, str):
        return f"write it as a list: {question.name}: [{given}]"
    if question.choices and isinstance(given, str):
        wanted = given.strip().lower().replace("-", "_")
        close = difflib.get_close_matches(wanted, list(question.choices), n=1)
        close = close or [name for name in question.choices if wanted and name.startswith(wanted)][:1]
        if close:
            return f"did you mean {close[0]}?"
    if question.example is not None and question.kind in {"text", "map"}:
        return f"for example {question.name}: {_typed(question.example)}"
    if question.kind in {"integer", "number"}:
        return f"for example {question.name}: {question.default or (question.maximum or 1)}"
    return ""


def _typed(value: Any) -> str:
    """Return a value as a YAML file has it on one line."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _shown(value: Any) -> str:
    """Return the beginning of the value: YAML aliases may make the whole of it endless."""
    short = reprlib.Repr()
    short.maxlevel, short.maxstring, short.maxother = 2, 76, 76
    return short.repr(value)


def _place(path: KeyPath, locations: Mapping[KeyPath, str]) -> str:
    for length in range(len(path), 0, -1):
        if path[:length] in locations:
            return locations[path[:length]]
    return ""
