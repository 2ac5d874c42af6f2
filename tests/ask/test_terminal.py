"""The command in a real pseudo-terminal, and without one."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelkeel.cli.ask import terminal

START_SECONDS = 60.0


class Person:
    """Somebody at a terminal: waits for a prompt, types a line."""

    def __init__(self, *arguments: str) -> None:
        self.seen = ""
        self.interrupted = False
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            environment = {key: value for key, value in os.environ.items() if key != "CI"}
            command = [sys.executable, "-m", "modelkeel", *arguments]
            os.execve(command[0], command, environment)

    def sees(self, text: str) -> None:
        """Wait until `text` is on the screen, after whatever was waited for before."""
        end = time.monotonic() + START_SECONDS
        while text not in self.seen:
            assert time.monotonic() < end, self.seen
            if select.select([self._terminal], [], [], 1)[0]:
                try:
                    self.seen += os.read(self._terminal, 65536).decode().replace("\r\n", "\n")
                except OSError:
                    pytest.fail(f"it ended without {text!r}: {self.seen}")
        self.seen = self.seen.partition(text)[2]

    def types(self, line: str) -> None:
        """Type a line and Enter."""
        os.write(self._terminal, f"{line}\n".encode())

    def interrupts(self) -> None:
        """Press Ctrl-C."""
        self.interrupted = True
        os.write(self._terminal, b"\x03")

    def leaves(self) -> int:
        """Wait for the end of the command and return its exit code.

        A signal that arrives while readline shows its prompt waits for the next key, so Ctrl-C is pressed again.
        """
        end = time.monotonic() + START_SECONDS
        while True:
            if not select.select([self._terminal], [], [], 1)[0]:
                assert time.monotonic() < end, self.seen
                if self.interrupted:
                    self.interrupts()
                continue
            try:
                if not os.read(self._terminal, 65536):
                    break
            except OSError:
                break
        code = os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        self.process = 0
        return code


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    somebody = Person("new", str(tmp_path / "made"), "--defaults", "--data", "environments=prod")
    yield somebody
    if somebody.process:
        os.kill(somebody.process, signal.SIGKILL)
        os.waitpid(somebody.process, 0)


def answer_all(person: Person) -> None:
    for name, typed in (
        ("project_name", "vending-health"),
        ("owner_email", "ops@example.com"),
        ("account_ids", "111111111111"),
        ("monthly_budget_usd [prod=", "9000"),
    ):
        person.sees(name if "[" in name else f"{name}:")
        person.types(typed)
    person.sees("Write it? [y]:")


def test_a_person_answers_and_a_repository_is_written(person: Person, tmp_path: Path) -> None:
    answer_all(person)
    person.types("y")

    assert 0 == person.leaves()
    assert "vending-health" in (tmp_path / "made" / ".copier-answers.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("when", ["at a question", "at the summary"])
def test_an_interrupt_writes_nothing_and_ends_with_130(person: Person, tmp_path: Path, when: str) -> None:
    if when == "at a question":
        person.sees("project_name:")
    else:
        answer_all(person)
    person.interrupts()

    assert 130 == person.leaves()
    assert [] == list(tmp_path.iterdir())


def test_an_occupied_folder_is_refused_before_the_first_question(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    person = Person("new", str(tmp_path))
    person.sees("not empty")

    assert 2 == person.leaves()


@pytest.mark.parametrize("ci", ["true", "1", "True"])
def test_ci_is_never_asked(monkeypatch: pytest.MonkeyPatch, ci: str) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)

    assert terminal.is_interactive({})
    assert not terminal.is_interactive({"CI": ci})


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)

    assert not terminal.is_interactive({})
