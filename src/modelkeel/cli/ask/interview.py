"""Which question comes next and whether an answer holds: a value that every answer replaces, without a terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from modelkeel import answers, plan
from modelkeel.answers import Answers, rules
from modelkeel.answers.problem import problems_of
from modelkeel.answers.schema import Question, questions
from modelkeel.cli.ask import example, reading
from modelkeel.errors import ModelkeelError, Problem


@dataclass(frozen=True, kw_only=True)
class Interview:
    """What is answered so far.

    `given` came with the command line and is not asked. `answered` holds the answers in the order in which they
    were given. `quick` asks the questions of quick mode, otherwise only those without a default. `due` is asked
    first: questions that somebody wants to change, and those that a change no longer fits. `notices` says why
    something is asked again. `before` is the interview one answer ago.
    """

    given: Mapping[str, Any]
    quick: bool
    answered: Mapping[str, Any] = field(default_factory=dict)
    remembered: Mapping[str, Any] = field(default_factory=dict)
    due: tuple[str, ...] = ()
    changing: str = ""
    notices: tuple[Problem, ...] = ()
    before: Interview | None = None

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The answers that count: given and answered ones; an answer whose question no longer matters is left out."""
        known = {**self.given, **self.answered}
        draft = _draft(known)
        return {
            name: value for name, value in known.items() if name in self.given or _matters(questions()[name], draft)
        }

    @cached_property
    def question(self) -> Question | None:
        """The question to ask now; none when everything is answered."""
        for name in self.due:
            return questions()[name]
        draft = _draft(self.values)
        waiting = [name for name in questions() if self._is_asked(name, draft)]
        for keys, _ in rules.broken(draft, {}):
            unknown = [name for name in keys if name not in self.values]
            if unknown and not set(unknown) & set(waiting):
                return questions()[unknown[0]]
        return questions()[waiting[0]] if waiting else None

    @property
    def left(self) -> int:
        """How many questions are left as far as the answers so far tell; another answer may bring or spare some."""
        draft = _draft(self.values)
        waiting = {name for name in questions() if self._is_asked(name, draft)} | set(self.due)
        current = {self.question.name} if self.question else set()
        return len(waiting | current)

    @property
    def entries(self) -> str:
        """How the entries of a map are typed."""
        question = self.question
        if question is None or question.each != "environment":
            return "NAME=VALUE for each, with commas"
        names = _environments(self.values)
        if len(names) == 1:
            return f"one value, for {names[0]}"
        return f"one value for all, or {', '.join(names)} with commas in this order, or {names[0]}=..., {names[1]}=..."

    @property
    def proposal(self) -> Any:
        """What an empty answer takes: the value given before, the archetype's, the default; None without any."""
        question = self.question
        if question is None:
            return None
        name = question.name
        offers = (
            self.remembered.get(name),
            self._budgets() if name == "monthly_budget_usd" else None,
            example.proposals(self.values.get("archetype")).get(name),
            question.default,
        )
        return next((value for value in offers if value is not None and not self._problems(question, value)), None)

    def _budgets(self) -> dict[str, int] | None:
        """Return three times what each environment costs at least, in whole hundreds; none without a plan."""
        try:
            floor = plan.build(_draft({**self.values, "monthly_budget_usd": self._rich()})).value("least_usd_per_month")
        except (ModelkeelError, ValidationError):
            return None
        return {name: 100 * math.ceil(3 * usd / 100) for name, usd in floor.items()}

    def _rich(self) -> dict[str, int]:
        return dict.fromkeys(_environments(self.values), 10**8)

    def answer(self, text: str) -> Interview:
        """Return the interview after `text` was answered to the current question.

        A question that was reopened may push out answers that it no longer fits: they are asked again.

        Raises:
            ModelkeelError: the text is no answer, or contradicts what is answered; the interview stays as it is.
        """
        question = self.question
        if question is None:
            raise ValueError("there is nothing left to answer")
        value = self.proposal if not text.strip() else reading.read(question, text, _environments(self.values))
        if value is None:
            missing = {"type": "missing", "loc": (question.name,), "input": None}
            raise ModelkeelError(*problems_of([missing], {}))
        pushed: list[str] = []
        told: list[Problem] = []
        while conflicts := self._problems(question, value, without=pushed):
            more = [
                name for name in questions() if name != question.name and any(name in keys for keys, _ in conflicts)
            ]
            if self.changing != question.name or not more:
                raise ModelkeelError(*(problem for _, problem in conflicts))
            pushed += more
            told += [problem for _, problem in conflicts]
        kept = {name: value for name, value in self.answered.items() if name not in {question.name, *pushed}}
        return replace(
            self,
            given={name: value for name, value in self.given.items() if name not in pushed},
            answered={**kept, question.name: value},
            remembered={**self.remembered, **{name: self.values[name] for name in pushed}},
            due=(*(name for name in self.due if name != question.name), *pushed),
            changing="",
            notices=tuple(told),
            before=self,
        )

    def back(self) -> Interview:
        """Return the interview before the last answer, which becomes the proposal; itself at the beginning."""
        if self.before is None:
            return self
        asked = self.before.question
        if asked is None or asked.name not in self.answered:
            return self.before
        return replace(self.before, remembered={**self.before.remembered, asked.name: self.answered[asked.name]})

    def reopen(self, name: str) -> Interview:
        """Return the interview with the question `name` asked again; any question may be, also one with a default.

        Raises:
            ModelkeelError: there is no such question.
        """
        if name not in questions():
            from modelkeel.answers.problem import unknown_question  # noqa: PLC0415 (only a mistake needs it)

            raise ModelkeelError(unknown_question(name, name, ""))
        old = {name: self.values[name]} if name in self.values else {}
        return replace(
            self,
            given={key: value for key, value in self.given.items() if key != name},
            answered={key: value for key, value in self.answered.items() if key != name},
            remembered={**self.remembered, **old},
            due=(name, *self.due),
            changing=name,
            notices=(),
            before=self,
        )

    def complete(self) -> Answers:
        """Return the answers.

        Raises:
            ModelkeelError: as `answers.load`; never when `question` is None.
        """
        return answers.validate(self.values)

    def _is_asked(self, name: str, draft: Answers) -> bool:
        question = questions()[name]
        wanted = question.required or (self.quick and question.quick)
        return wanted and name not in self.values and _matters(question, draft)

    def _problems(
        self, question: Question, value: Any, *, without: Sequence[str] = ()
    ) -> list[tuple[tuple[str, ...], Problem]]:
        """Return what stands against a value: its own form, else the rules whose every question is answered."""
        name = question.name
        known = {**{key: other for key, other in self.values.items() if key not in without}, name: value}
        try:
            draft = _draft(known)
        except ValidationError as error:
            return [((name,), problem) for problem in problems_of(error.errors(include_url=False), {})]
        return [(keys, problem) for keys, problem in rules.broken(draft, {}) if set(known) >= set(keys)]


def start(given: Mapping[str, Any], *, quick: bool) -> Interview:
    """Return an interview about everything that `given` leaves open.

    Raises:
        ModelkeelError: given answers are wrong by themselves or together (exit code 2).
    """
    try:
        draft = _draft(given)
    except ValidationError as error:
        raise ModelkeelError(*problems_of(error.errors(include_url=False), {})) from error
    impossible = [problem for keys, problem in rules.broken(draft, {}) if set(given) >= set(keys)]
    if impossible:
        raise ModelkeelError(*impossible)
    return Interview(given=given, quick=quick)


def _draft(values: Mapping[str, Any]) -> Answers:
    """Return answers in which something that fits stands for what has no default and is not answered yet."""
    environments = _environments(values)
    alike = values.get("account_model") == "single"
    stand_ins = {
        "project_name": "project",
        "owner_email": "owner@example.com",
        "account_ids": {name: str(10**11 + (0 if alike else place)) for place, name in enumerate(environments)},
        "monthly_budget_usd": dict.fromkeys(environments, 10**8),
    }
    return Answers.model_validate({**stand_ins, **values})


def _environments(values: Mapping[str, Any]) -> tuple[str, ...]:
    known = values.get("environments")
    if isinstance(known, list | tuple) and all(isinstance(name, str) for name in known):
        return tuple(known)
    return tuple(questions()["environments"].default)


def _matters(question: Question, draft: Answers) -> bool:
    for key, values in question.when.items():
        answer = getattr(draft, key)
        if not set(answer if isinstance(answer, tuple) else (str(answer),)) & set(values):
            return False
    return True
