"""The one error that people see: what is wrong, what was given, what is allowed, how to fix it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """The process exit codes of the command line; documented in docs/reference/cli.md."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    ENVIRONMENT = 3
    CONFLICTS = 4
    INTERRUPT = 130


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, in the user's own names.

    `location` is `file:line` where one is known. Lines that do not apply stay empty and are not shown.
    """

    what: str
    got: str = ""
    allowed: str = ""
    fix: str = ""
    location: str = ""

    def __str__(self) -> str:
        got = f"{self.got}   ({self.location})" if self.got and self.location else self.got or self.location
        rows = (("got", got), ("allowed", self.allowed), ("fix", self.fix))
        return "\n".join([self.what, *(f"  {label + ':':<8} {text}" for label, text in rows if text)])


class ModelkeelError(Exception):
    """One or more problems found together, with the exit code that the command ends with."""

    def __init__(self, *problems: Problem, exit_code: ExitCode = ExitCode.USAGE) -> None:
        if not problems:
            raise ValueError("a ModelkeelError carries at least one problem")
        self.problems = problems
        self.exit_code = exit_code
        super().__init__("\n".join(str(problem) for problem in problems))


def usage_error(what: str, *, got: str = "", allowed: str = "", fix: str = "", location: str = "") -> ModelkeelError:
    """Return an error of exit code 2 that holds one problem."""
    return ModelkeelError(Problem(what=what, got=got, allowed=allowed, fix=fix, location=location))


def environment_error(
    what: str, *, got: str = "", allowed: str = "", fix: str = "", location: str = ""
) -> ModelkeelError:
    """Return an error of exit code 3: the machine, the file system or a program is at fault, not the answers."""
    problem = Problem(what=what, got=got, allowed=allowed, fix=fix, location=location)
    return ModelkeelError(problem, exit_code=ExitCode.ENVIRONMENT)
