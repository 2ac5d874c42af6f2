"""Why a decision is what it is, and which single answer would change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modelkeel.answers import Answers, flat, validate
from modelkeel.answers.schema import Question, questions
from modelkeel.errors import ModelkeelError
from modelkeel.plan.building import build
from modelkeel.plan.decision import Decision


@dataclass(frozen=True, kw_only=True)
class Change:
    """Another answer to one question, and the value of the decision that it leads to (none: it is not decided)."""

    question: str
    answer: Any
    value: Any


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A decision, the answers that it follows from, and what another answer would make of it.

    `changes` holds one answer changed at a time: each other choice, numbers halved and doubled. Answers that are
    in conflict with the rest are left out.
    """

    decision: Decision
    answers: Mapping[str, Any]
    changes: tuple[Change, ...]


def explain(answers: Answers, key: str) -> Explanation:
    """Return the explanation of the decision `key`; it plans once for each other answer, about a millisecond each.

    Raises:
        KeyError: nothing of that name is decided.
    """
    decisions = {decision.key: decision for decision in build(answers).decisions}
    decision = decisions[key]
    given = flat(answers)
    named = [name for name in decision.from_ if name in given]
    return Explanation(
        decision=decision,
        answers={name: given[name] for name in named},
        changes=tuple(change for name in named for change in _changes(given, questions()[name], decision)),
    )


def others(question: Question, given: Any) -> Iterator[Any]:
    """Yield other answers to a question than the one given, nearest first; texts and maps have none to offer."""
    if question.kind == "choice":
        yield from (choice for choice in question.choices if choice != given)
    elif question.kind == "yes_no":
        yield not given
    elif question.kind in {"integer", "number"} and given:
        whole = question.kind == "integer"
        for value in (given // 2 if whole else given / 2, given * 2):
            if value != given and _is_within(question, value):
                yield value
    elif question.kind == "list" and question.choices:
        yield from ([item for item in given if item != gone] for gone in given)
        yield from ([*given, choice] for choice in question.choices if choice not in given)


def _is_within(question: Question, value: float) -> bool:
    low, high = question.minimum, question.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _changes(given: Mapping[str, Any], question: Question, decision: Decision) -> Iterator[Change]:
    for answer in others(question, given[question.name]):
        try:
            plan = build(validate({**given, question.name: answer}))
        except ModelkeelError:
            continue
        value = next((found.value for found in plan.decisions if found.key == decision.key), None)
        if value != decision.value:
            yield Change(question=question.name, answer=answer, value=value)
