"""What a team does about its models, and from which goal on it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "maturity_practices.toml"
# From the least that is asked to the most.
GOALS = ("prototype", "production", "regulated")


@dataclass(frozen=True, kw_only=True, slots=True)
class MaturityPractice:
    """One practice; `test` is its number in the ML Test Score, `here` what a generated repository has for it."""

    name: str
    title: str
    test: str
    asked_from: str
    here: str

    def asked_by(self, goal: str) -> bool:
        """Tell whether a project with this maturity goal is to have the practice."""
        return GOALS.index(self.asked_from) <= GOALS.index(goal)


@cache
def maturity_practices() -> Mapping[str, MaturityPractice]:
    """Return the practices by name, those that are asked for first before the others."""
    rows = {
        name: MaturityPractice(name=name, **row) for name, row in reader.document(FILE).items() if isinstance(row, dict)
    }
    return MappingProxyType(rows)
