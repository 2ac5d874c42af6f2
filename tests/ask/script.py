"""Answers typed one after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelkeel.cli.ask import interview
from modelkeel.cli.ask.interview import Interview

REQUIRED = {
    "project_name": "card-fraud",
    "owner_email": "fraud@example.com",
    "account_ids": "111111111111, 222222222222, 333333333333",
    "monthly_budget_usd": "90000",
}


def upto(name: str, typed: Mapping[str, str] | None = None, given: Mapping[str, Any] | None = None) -> Interview:
    """Return a quick interview that stands at the question `name`; what is not typed is accepted as proposed."""
    asked = interview.start(given or {}, quick=True)
    while asked.question is not None and asked.question.name != name:
        asked = asked.answer({**REQUIRED, **(typed or {})}.get(asked.question.name, ""))
    return asked


def names(asked: Interview, typed: Mapping[str, str] | None = None) -> list[str]:
    """Return the questions that are still asked, in order."""
    found = []
    while asked.question is not None:
        found.append(asked.question.name)
        asked = asked.answer({**REQUIRED, **(typed or {})}.get(asked.question.name, ""))
    return found
