"""The cases of the covering matrix: found once a process, in the same order everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cases.dimensions import ANYWHERE, DIMENSIONS, MODEL, PREFERRED, SPARING, TOLD, UNATTACHED, answers_of
from cases.pairwise import Pair, Row, cover

from modelkeel import answers, plan
from modelkeel.answers import Answers
from modelkeel.answers.loading import gather
from modelkeel.errors import ModelkeelError

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One combination of options; `number` tells apart what shares a start of its name."""

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
        told = (controls for (dimension, option), controls in TOLD.items() if self.options[dimension] == option)
        found = ANYWHERE.union(*told)
        return found if self.answers().policy_target_ids else found | UNATTACHED

    def answers(self) -> Answers:
        """Return the answers, valid."""
        return answers.validate(_values(self.options))


@cache
def _presets() -> dict[str, dict[str, Any]]:
    return {path.parent.name: gather(path) for path in sorted((ROOT / "examples").glob("*/answers.yml"))}


def _values(options: Row) -> dict[str, Any]:
    return answers_of(options, _presets())


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
    # A provider process serves one region: cases that share it run one after the other.
    rows.sort(key=lambda row: options["place"].index(row["place"]))
    return tuple(Case(number=number, options=row) for number, row in enumerate(rows, 1)), tuple(impossible)
