"""The plan: decisions, and the configuration of each stack that follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modelkeel.plan.decision import Decision

SCHEMA_VERSION = "1"


@dataclass(frozen=True, kw_only=True)
class PlannedStack:
    """One stack of one program; `environment` is none for a stack that several environments share."""

    program: str
    stack: str
    environment: str | None
    account_id: str
    region: str
    config: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the answers lead to. Equal answers give an equal plan."""

    schema_version: str
    answers_digest: str
    programs: tuple[str, ...]
    environments: tuple[str, ...]
    decisions: tuple[Decision, ...]
    stacks: tuple[PlannedStack, ...]
    words: Mapping[str, bool]

    def value(self, key: str) -> Any:
        """Return the value of the decision `key`.

        Raises:
            KeyError: nothing of that name is decided.
        """
        for decision in self.decisions:
            if decision.key == key:
                return decision.value
        raise KeyError(key)
