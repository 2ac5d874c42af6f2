"""Each example with each framework as the only one: `python -m cases.single_frameworks [EXAMPLE...]` judges them all.

The run over everything takes some ten minutes of processor time and prints a line a combination; the test beside it
takes each framework and each example at least once.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from cases.case import presets
from cases.dimensions import STANDBY
from cases.workbench import Workbench

from modelkeel import answers, findings, plan
from modelkeel.answers import Answers
from modelkeel.answers.compliance import Framework
from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph

FRAMEWORKS: tuple[str, ...] = get_args(Framework)
# Where the data of an example may not lie under a framework, the example moves.
ALLOWED = {"gdpr": "eu-west-1", "fedramp_moderate": "us-east-1", "fedramp_high": "us-gov-west-1"}
# What no stack of the graph can decide: the owner of audit and detection is somebody else, or another stack shows it.
ELSEWHERE = ("leaves audit and detection to others", "program is not among the stacks that were read")
# SageMaker Feature Store is in no GovCloud Region of the table.
NOT_THERE = {"fedramp_high": {"feature_store": "none"}}


@dataclass(frozen=True, kw_only=True)
class Single:
    """An example under one framework."""

    example: str
    framework: str
    approved: bool = True

    def answers(self) -> Answers:
        """Return the answers of the example with that framework alone, in a Region where its data may lie."""
        values = {**presets()[self.example], "frameworks": [self.framework]}
        try:
            return _valid(values)
        except ModelkeelError:
            home = ALLOWED[self.framework]
            regions = [home, STANDBY[home]] if len(values.get("regions", ())) > 1 else [home]
            values = {key: value for key, value in values.items() if key != "data_residency"}
            # Prices differ, and an example's budget is that of its own Region.
            budgets = dict.fromkeys(values["environments"], 1_000_000)
            moved = {"regions": regions, "monthly_budget_usd": budgets}
            return _valid({**values, **moved, **NOT_THERE.get(self.framework, {})})


def _valid(values: dict[str, Any]) -> Answers:
    made = answers.validate(values)
    plan.build(made)
    return made


def singles(*examples: str) -> Iterator[Single]:
    """Yield every combination, of all examples or of those that are named."""
    names = examples or tuple(presets())
    for example in names:
        for framework in FRAMEWORKS:
            yield Single(example=example, framework=framework)


def sample() -> list[Single]:
    """Return combinations in which each framework and each example occurs."""
    found = {(each.example, each.framework): each for each in singles()}
    names = tuple(presets())
    return [found[names[number % len(names)], framework] for number, framework in enumerate(FRAMEWORKS)]


def wrong(graph: Graph, policies: Path) -> list[str]:
    """Return what is no pass, but for what no stack of the graph can decide."""
    return [
        f"{each.result} {each.control.id}: {each.message} ({each.urn})"
        for each in findings.check(graph, policies).findings
        if each.result != "pass" and not any(text in each.message for text in ELSEWHERE)
    ]


def main() -> int:
    """Print each combination with its environments; exit 1 where something is wrong."""
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Workbench(Path(folder))
        for each in singles(*sys.argv[1:]):
            graphs = bench.graphs(each)
            said = [f"{name}: {text}" for name, graph in graphs.items() for text in wrong(graph, bench.policies)]
            count += len(said)
            sys.stdout.write(f"{each.example} under {each.framework}, {', '.join(graphs)}: {len(said)} wrong\n")
            sys.stdout.write("".join(f"  {text}\n" for text in said))
            sys.stdout.flush()
    return int(count > 0)


if __name__ == "__main__":
    raise SystemExit(main())
