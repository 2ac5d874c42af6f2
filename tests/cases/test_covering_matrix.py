"""Whatever is combined: it records, nothing is wrong with it, all is priced and drawn, AWS's provider takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cases.case import KEPT, Case, covering, refusal
from cases.dimensions import DIMENSIONS
from cases.pairwise import met
from cases.workbench import Workbench

from modelkeel import cost, findings, provider
from modelkeel.graph import Graph
from modelkeel.tables.kind import kinds

CASES, APART = covering()
FIRST = 45
"""How many cases `make test` runs: in them nine of ten pairs meet. `make matrix` runs the others."""
PACKAGES = ("aws:", "kubernetes:")
ELSEWHERE = ("leaves audit and detection to others", "program is not among the stacks that were read")
"""What no stack of the graph can decide: where `management` is somebody else, and in the organization's stack alone."""


def wrong(case: Case, graph: Graph, workbench: Workbench) -> Iterator[str]:
    """Yield what a reviewer would send back: a finding, a resource without a price or a place in the picture."""
    for each in findings.check(graph, workbench.policies).findings:
        if (
            each.result != "pass"
            and each.control.id not in case.told
            and not any(text in each.message for text in ELSEWHERE)
        ):
            yield f"{each.result} {each.control.id}: {each.message} ({each.urn})"
    for unpriced in cost.price(graph).unpriced:
        yield f"without a price: {unpriced.type} {unpriced.dimension}: {unpriced.reason}"
    for kind in sorted(_without_a_place(graph)):
        yield f"without a place in the diagram: {kind}"


def _without_a_place(graph: Graph) -> set[str]:
    """Return types without words of their own that no component with such words speaks for either."""
    drawn = {resource.parent for _, resource in graph.resources() if resource.type in kinds()}
    parents = {resource.urn: resource.parent for _, resource in graph.resources()}
    drawn |= {parents.get(parent) for parent in drawn if parent}
    return {
        resource.type
        for _, resource in graph.resources()
        if resource.custom
        and resource.type.startswith(PACKAGES)
        and resource.type not in kinds()
        and not _beneath(resource.parent, drawn, parents)
    }


def _beneath(urn: str | None, drawn: set[str | None], parents: Mapping[str, str | None]) -> bool:
    while urn is not None and ":pulumi:Stack::" not in urn:
        if urn in drawn:
            return True
        urn = parents.get(urn)
    return False


def tiers() -> Iterator[Any]:
    """Yield the cases, those after the first marked for the second tier; by place, as each Region starts a provider."""
    for case in sorted(CASES, key=lambda each: each.options["place"]):
        yield pytest.param(case, id=case.name, marks=[pytest.mark.wide] if case.number > FIRST else [])


@pytest.mark.slow
@pytest.mark.parametrize("case", list(tiers()))
def test_a_combination_holds(case: Case, workbench: Workbench, judge: provider.Judge | None) -> None:
    """One environment of it, and the organization's stack."""
    for name, graph in workbench.graphs(case, case.environment).items():
        said = dict.fromkeys(wrong(case, graph, workbench))
        if judge is not None:
            answer = judge.validate(graph)
            said |= dict.fromkeys(
                f"the provider: {row.place.urn} {row.place.path}: {row.message}" for row in answer.errors
            )

        assert "" == "\n".join(f"{name}: {text}" for text in said)


def test_every_row_that_is_kept_is_a_case() -> None:
    """Where this or the next fails after a change of the answers, `make cases` finds the cases anew."""
    assert len(KEPT.read_text(encoding="utf-8").splitlines()) - 1 == len(CASES) >= 40
    assert [case.name for case in CASES if refusal(case.options)] == []


def test_the_first_cases_join_most_pairs() -> None:
    first = {pair for case in CASES if case.number <= FIRST for pair in met(case.options)}
    together = {pair for case in CASES for pair in met(case.options)}

    assert len(first) / len(together) > 0.9


def test_two_options_that_meet_in_no_case_are_refused_together() -> None:
    plain = {name: next(iter(rows)) for name, rows in DIMENSIONS.items()}

    assert [pair for pair in APART if not refusal(plain | dict(pair))] == []
