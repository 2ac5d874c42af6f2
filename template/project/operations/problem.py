"""What stops an operation, in words that say what to do."""

from __future__ import annotations

from dataclasses import dataclass

FAILED, USAGE, ENVIRONMENT = 1, 2, 3


@dataclass
class OperationError(Exception):
    """What is wrong, what was found, and the way out; `code` is the exit code.

    1: what exists is not what was asked. 2: the call is wrong. 3: a tool, a credential or a permission is missing.
    """

    what: str
    got: str
    fix: str
    code: int = FAILED

    def __str__(self) -> str:
        return f"{self.what}\n  got: {self.got}\n  fix: {self.fix}"
