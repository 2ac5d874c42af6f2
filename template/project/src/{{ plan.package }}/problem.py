"""The one error that a person sees: what is wrong, what was got, what is allowed, how to fix it."""

from __future__ import annotations


class ProblemError(Exception):
    """Something a person can put right. Anything else that is raised is a defect of this code."""

    def __init__(self, what: str, *, got: str = "", allowed: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.got = got
        self.allowed = allowed
        self.fix = fix

    def __str__(self) -> str:
        parts = (("got", self.got), ("allowed", self.allowed), ("fix", self.fix))
        return "\n".join([self.what, *(f"  {name + ':':<9}{text}" for name, text in parts if text)])


class DataRefusedError(ProblemError):
    """The data breaks its contract; nothing downstream may use it."""


class GateFailedError(ProblemError):
    """A model did not pass what it must pass before registration."""


class NotAllowedError(ProblemError):
    """The person or the state does not permit this step."""


class BadRequestError(ProblemError):
    """A request to the server that does not follow its schema."""
