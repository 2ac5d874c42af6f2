"""Requests against their schema, which is the data contract: one schema for batches and for single requests."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from ..data import contract, dataset
from ..problem import BadRequestError

_NOT_SENT = (dataset.ARRIVED,)
_LARGEST_BYTES = 6_291_456
"""InvokeEndpoint takes no larger body."""

Rule = Callable[[Any], str | None]


def parse(body: bytes, optional: frozenset[str]) -> list[dict[str, Any]]:
    """The events of a request: one JSON object, or `{"instances": [...]}`.

    Raises:
        BadRequestError: it is not JSON, too large, or an event breaks the contract; all problems are named at once.
    """
    if len(body) > _LARGEST_BYTES:
        raise BadRequestError("the request is too large", got=f"{len(body)} bytes", allowed=f"{_LARGEST_BYTES} bytes")
    try:
        document = json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadRequestError("the request is not JSON", got=str(error)) from error
    events = document.get("instances", [document]) if isinstance(document, dict) else document
    if not isinstance(events, list) or not events or not all(isinstance(event, dict) for event in events):
        raise BadRequestError("the request holds no events", allowed='an object, or {"instances": [objects]}')
    problems = [f"{where}{problem}" for where, event in _numbered(events) for problem in _problems(event, optional)]
    if problems:
        raise BadRequestError(f"{len(problems)} problem(s) in the request", got="; ".join(problems[:20]))
    return [_typed(event) for event in events]


def _numbered(events: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return [("", events[0])] if len(events) == 1 else [(f"event {n}: ", event) for n, event in enumerate(events)]


def _problems(event: Mapping[str, Any], optional: frozenset[str]) -> list[str]:
    rules = _rules()
    problems = [f"{name} is missing" for name in rules if name not in event and name not in optional]
    for name, value in event.items():
        if name not in rules:
            problems.append(f"{name[:40]} is unknown")
        elif not (name in optional and value is None):
            problems += [f"{name} {problem}" for rule in rules[name] if (problem := rule(value)) is not None]
    return problems


def _typed(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as features take it: time as seconds, fields that were not sent as None."""
    whole = dict.fromkeys(_rules()) | dict(event)
    whole[dataset.TIME] = pd.Timestamp(event[dataset.TIME]).timestamp()
    return whole


@lru_cache
def _rules() -> dict[str, tuple[Rule, ...]]:
    """For each field of the contract, what must hold; each rule returns its problem, or None."""
    rules: dict[str, tuple[Rule, ...]] = {}
    for name, column in contract.SCHEMA.columns.items():
        if name not in _NOT_SENT:
            checks = [_of_check(check.name, check.statistics) for check in column.checks]
            kind = str(column.dtype)
            first = _is_time if kind.startswith("datetime") else _is_number if kind.startswith("float") else _is_text
            # A rule behind a wrong type would only repeat the problem.
            rules[name] = (_all_of(first, *checks),)
    return rules


def _all_of(*rules: Rule) -> Rule:
    def first_problem(value: Any) -> str | None:
        return next((problem for rule in rules if (problem := rule(value)) is not None), None)

    return first_problem


def _is_number(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is not a number"
    return None if math.isfinite(value) else "is not finite"


def _is_text(value: Any) -> str | None:
    if not isinstance(value, str):
        return "is not text"
    return "may be a card or account number: it was not stored" if contract.forbidden(value) else None


def _is_time(value: Any) -> str | None:
    try:
        moment = pd.Timestamp(value)
    except (ValueError, TypeError):
        return "is not a time, such as 2026-05-04T10:00:00Z"
    return None if moment.tzinfo is not None else "has no time zone"


def _of_check(name: str, statistics: Mapping[str, Any]) -> Rule:
    match name:
        case "isin":
            allowed = tuple(statistics["allowed_values"])
            return lambda value: None if value in allowed else f"is none of {', '.join(map(str, allowed))}"
        case "in_range":
            low, high = statistics["min_value"], statistics["max_value"]
            return lambda value: None if low <= value <= high else f"is not between {low} and {high}"
        case "str_matches":
            pattern = re.compile(statistics["pattern"])
            return lambda value: None if pattern.match(value) else f"does not match {pattern.pattern}"
    raise NotImplementedError(f"a request cannot be held against the check {name}; add it here")
