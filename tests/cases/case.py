"""The cases of the covering matrix: found once a process, in the same order everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cases.dimensions import DIMENSIONS, MODEL, NOT_TOLD, PREFERRED, SPARING, TOLD, UNATTACHED, answers_of
from cases.pairwise import Pair, Row, cover

from modelkeel import answers, plan
from modelkeel.answers import Answers
from modelkeel.answers.loading import gather
from modelkeel.errors import ModelkeelError

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One combination of options; each brings fewer new pairs than those of lower `number`."""

    number: int
    options: Row

    @property
    def name(self) -> str:
        """Readable: what a case is mostly about."""
        shown = ("archetype", "frameworks", "place", "serving", "platform", "network", "ingestion")
        return f"{self.number:02}-" + "-".join(self.options[name] for name in shown)

    @property
    def approved(self) -> bool:
        """Whether a model package has been approved."""
        return self.options[MODEL] == "approved"

    @property
    def told(self) -> set[str]:
        """Controls that rightly find something in what is answered."""
        found = self._of(TOLD) - self._of(NOT_TOLD)
        return found if self.answers().policy_target_ids else found | UNATTACHED

    def _of(self, table: Mapping[tuple[str, str], set[str]]) -> set[str]:
        """Return what `table` says of the options of this case."""
        rows = (controls for (dimension, option), controls in table.items() if self.options[dimension] == option)
        return set[str]().union(*rows)

    def answers(self) -> Answers:
        """Return the answers, valid."""
        return answers.validate(_values(self.options))


@cache
def presets() -> dict[str, dict[str, Any]]:
    """Return the answers of the examples, by their names."""
    return {path.parent.name: gather(path) for path in sorted((ROOT / "examples").glob("*/answers.yml"))}


def _values(options: Row) -> dict[str, Any]:
    return answers_of(options, presets())


def refusal(options: Row) -> str:
    """Return why the product refuses a combination, empty where it does not."""
    try:
        plan.build(answers.validate(_values(options)))
    except ModelkeelError as error:
        return error.problems[0].what
    return ""


@cache
def covering() -> tuple[tuple[Case, ...], tuple[Pair, ...]]:
    """Return the cases, those of one region together, and the pairs that no valid answers hold."""
    options = {name: tuple(rows) for name, rows in DIMENSIONS.items()}
    rows, impossible = cover(options, lambda row: not refusal(row), PREFERRED, SPARING)
    cases = [Case(number=number, options=row) for number, row in enumerate(rows, 1)]
    # A provider process serves one region: cases that share it run one after the other.
    cases.sort(key=lambda case: options["place"].index(case.options["place"]))
    return tuple(cases), tuple(impossible)
