"""Answers that are valid one by one and impossible together: each with the answers in conflict and the ways out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from modelkeel.answers import compliance_rules, estate_rules, platform_rules, training_rules
from modelkeel.answers.conflict import Conflict
from modelkeel.answers.document import KeyPath
from modelkeel.answers.model import Answers
from modelkeel.errors import Problem


@dataclass(frozen=True)
class Rule:
    """One cross-rule: the questions that it reads and the function that finds a conflict."""

    keys: tuple[str, ...]
    check: Callable[[Answers], Conflict | None]


RULES = tuple(
    Rule(keys, check)
    for module in (platform_rules, estate_rules, training_rules, compliance_rules)
    for keys, check in module.RULES
)


def conflicts(answers: Answers, locations: Mapping[KeyPath, str], *, without: Collection[str] = ()) -> list[Problem]:
    """Return a problem for each rule that the answers break; rules that read a key of `without` are left out."""
    return [problem for _, problem in broken(answers, locations, without=without)]


def broken(
    answers: Answers, locations: Mapping[KeyPath, str], *, without: Collection[str] = ()
) -> Iterator[tuple[tuple[str, ...], Problem]]:
    """Yield the questions in conflict and the problem of each rule that the answers break; `without` as above."""
    for rule in RULES:
        if any(key in without for key in rule.keys):
            continue
        conflict = rule.check(answers)
        if conflict is not None:
            yield conflict.keys or rule.keys, _problem(rule, conflict, answers, locations)


def _problem(rule: Rule, conflict: Conflict, answers: Answers, locations: Mapping[KeyPath, str]) -> Problem:
    keys = conflict.keys or rule.keys
    got = ", ".join(f"{key}={_shown(getattr(answers, key))}" for key in keys)
    places = [locations[(key,)] for key in keys if (key,) in locations]
    return Problem(
        what=conflict.what,
        got=got,
        allowed=conflict.why,
        fix="; or ".join(conflict.ways_out),
        location=places[0] if places else "",
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(str(item) for item in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
