"""The talk: a question, an answer, the next question, and a summary to confirm."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import replace

from modelkeel import plan
from modelkeel.answers import Answers
from modelkeel.answers.question import GROUPS
from modelkeel.answers.schema import Question
from modelkeel.cli.ask import example, meaning, reading, summary
from modelkeel.cli.ask.interview import Interview
from modelkeel.errors import ModelkeelError, Problem

WIDTH = 100
LEGEND = (
    "? explains, < goes back, ! leaves. Enter takes the value in [brackets]. Nothing is written before you confirm."
)


class Left(Exception):  # noqa: N818 (leaving is no error)
    """The person left; nothing is written."""


class Conversation:
    """Asks until everything is answered and confirmed; `read` shows a prompt and returns a line, `say` shows one."""

    def __init__(self, interview: Interview, read: Callable[[str], str], say: Callable[[str], None]) -> None:
        self.interview = interview
        self._read = read
        self._say = say
        self._group = ""
        self._heard = ""
        self._ending: summary.Ending | None = None

    def hold(self) -> Answers:
        """Return the confirmed answers.

        Raises:
            Left: the person does not want to go on.
            ModelkeelError: no infrastructure can be planned from the answers, which is only seen at the end.
        """
        self._say(LEGEND)
        while True:
            question = self.interview.question
            if question is not None:
                self._ask(question)
            elif self._confirmed():
                return self._planned().answers

    def _planned(self) -> summary.Ending:
        """The plan is made once for an interview, however often it is looked at."""
        if self._ending is None or self._ending.interview is not self.interview:
            answers = self.interview.complete()
            self._ending = summary.Ending(self.interview, answers, plan.build(answers))
        return self._ending

    def _ask(self, question: Question) -> None:
        if question.name != self._heard:
            self._introduce(question)
            self._heard = question.name
        proposal = self.interview.proposal
        default = "" if proposal is None else f" [{reading.shown(proposal)}]"
        self._take(self._line(f"{question.name}{default}:"), question)

    def _introduce(self, question: Question) -> None:
        if question.group != self._group:
            self._group = question.group
            left = self.interview.left
            self._say(f"\n{GROUPS[question.group]} ({left} question{'s' if left > 1 else ''} left)")
        self._say(f"\n{_wrapped(question.help)}")
        if question.choices:
            self._say(_menu(question))
        if question.kind == "map":
            self._say(f"  {self.interview.entries}")

    def _take(self, line: str, question: Question) -> None:
        if line == "?":
            self._say(_explained(question, self.interview))
            return
        if line == "<":
            if self.interview.before is None:
                self._say("  This is the first question.")
            self.interview = self.interview.back()
            self._group = ""
            return
        try:
            self.interview = self.interview.answer(line)
        except ModelkeelError as error:
            self._complain(error)
            return
        self._heard = ""
        if self.interview.notices:
            self._complain(ModelkeelError(*self.interview.notices))
            self._say("  What no longer fits is asked again.")

    def _confirmed(self) -> bool:
        try:
            ending = self._planned()
        except ModelkeelError as error:
            self._complain(error)
            self._say("\nThese answers cannot be planned. Name the question to change, or < to go back.")
            self._change(self._line("change:"))
            return False
        self._say(summary.text(ending))
        line = self._line("Write it? [y]:")
        if line.lower() in {"", "y", "yes"}:
            return True
        if line.lower() in {"n", "no"}:
            raise Left
        if line.startswith("?"):
            self._say(summary.explained(ending, line.removeprefix("?").strip()))
            self._read("Enter goes on:")
        else:
            self._change(line)
        return False

    def _change(self, line: str) -> None:
        self._group = self._heard = ""
        if line == "<":
            self.interview = self.interview.back()
            return
        try:
            self.interview = self.interview.reopen(line)
        except ModelkeelError as error:
            self._complain(error)

    def _complain(self, error: ModelkeelError) -> None:
        told = set()
        for problem in error.problems:
            what, *rest = str(_asked(problem)).splitlines()
            if tuple(rest) not in told:
                self._say("\n".join(_hung(line) for line in (what, *rest)))
            told.add(tuple(rest))

    def _line(self, prompt: str) -> str:
        line = self._read(prompt).strip()
        if line == "!":
            raise Left
        return line


def _asked(problem: Problem) -> Problem:
    """Leave out ways out that are for files and flags."""
    return replace(problem, fix="") if problem.fix.startswith(("for example ", "add --data ")) else problem


def _hung(line: str) -> str:
    """Indent a line of a problem; what does not fit goes on below the value."""
    return textwrap.fill(
        line, WIDTH, initial_indent="  ", subsequent_indent=" " * 13, break_long_words=False, break_on_hyphens=False
    )


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def _menu(question: Question) -> str:
    cells = [f"{place} {name}" for place, name in enumerate(question.choices, 1)]
    several = "   (several, with commas)" if question.kind == "list" else ""
    width = max(len(cell) for cell in cells) + 3
    columns = max(1, (WIDTH - 2) // width)
    rows = [cells[first : first + columns] for first in range(0, len(cells), columns)]
    return "\n".join("  " + "".join(cell.ljust(width) for cell in row).rstrip() for row in rows) + several


def _explained(question: Question, interview: Interview) -> str:
    lines = [f"It decides: {question.changes}", f"Allowed: {question.allowed()}"]
    lines += [f"{name}: {text}" for name, text in meaning.of(question.name).items()]
    if question.kind == "list":
        lines.append(
            f"Type names or numbers with commas; {reading.NOTHING} for an empty list."
            if question.choices
            else f"Type them with commas; {reading.NOTHING} for an empty list."
        )
    if question.name == "monthly_budget_usd":
        lines.append(
            "The value in brackets is three times what runs all month: training, data and traffic come on top, and"
            " `modelkeel cost` tells how much."
        )
    elif question.example is not None:
        lines.append(f"For example: {reading.shown(question.example)}")
    archetype = interview.values.get("archetype")
    if example.proposals(archetype).get(question.name) == interview.proposal is not None:
        lines.append(f"The value in brackets is what the example {archetype} answers.")
    return "\n".join(_wrapped(line, "  ") for line in lines)
