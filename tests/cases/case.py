"""The cases of the covering matrix, as they are kept in `covering.csv`: `python -m cases.case` renews them.

They are kept because finding them takes longer than to run some of them, and so that a new option adds cases and
leaves the others what they were.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cases.dimensions import DIMENSIONS, ENVIRONMENT, MODEL, NOT_TOLD, TOLD, UNATTACHED, answers_of
from cases.pairwise import Pair, Row, cover, met, pairs

from modelkeel import answers, plan
from modelkeel.answers import Answers
from modelkeel.answers.loading import gather
from modelkeel.errors import ModelkeelError

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("covering.csv")


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
    def environment(self) -> str:
        """The environment that is recorded."""
        return self.options[ENVIRONMENT].partition("-")[0]

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
    """Return the cases that are kept, those of one region together, and the pairs of options that meet in none."""
    rows = kept()
    options = {name: tuple(rows) for name, rows in DIMENSIONS.items()}
    together = {pair for row in rows for pair in met(row)}
    cases = [Case(number=number, options=row) for number, row in enumerate(rows, 1)]
    # A provider process serves one region: cases that share it run one after the other.
    cases.sort(key=lambda case: list(DIMENSIONS["place"]).index(case.options["place"]))
    return tuple(cases), tuple(pair for pair in pairs(options) if pair not in together)


def kept() -> list[Row]:
    """Return the rows of `covering.csv`, without what is no option any more."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if _is_row(row)]


def _is_row(row: Row) -> bool:
    return list(row) == list(DIMENSIONS) and all(row[name] in options for name, options in DIMENSIONS.items())


def renew() -> None:
    """Keep the rows that still hold, and add some for options that do not meet yet.

    A new dimension has its first option in the rows that are kept.
    """
    with KEPT.open(encoding="utf-8", newline="") as file:
        first = {name: next(iter(options)) for name, options in DIMENSIONS.items()}
        before = [{name: row.get(name, first[name]) for name in DIMENSIONS} for row in csv.DictReader(file)]
    holding = [row for row in before if _is_row(row) and not refusal(row)]
    options = {name: tuple(rows) for name, rows in DIMENSIONS.items()}
    with KEPT.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(DIMENSIONS), lineterminator="\n")
        table.writeheader()
        table.writerows(cover(options, lambda row: not refusal(row), holding))


if __name__ == "__main__":
    renew()
