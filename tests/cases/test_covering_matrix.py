"""Whatever is combined: it records, nothing is wrong with it, all is priced and drawn, AWS's provider takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from cases.case import Case, covering, refusal
from cases.dimensions import DIMENSIONS, SPARING
from cases.pairwise import pairs
from cases.workbench import Workbench

from modelkeel import cost, findings, provider
from modelkeel.graph import Graph
from modelkeel.tables.kind import kinds

CASES, IMPOSSIBLE = covering()
FIRST = 50
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
    """Yield the cases, those after the first marked as belonging to the second tier."""
    for case in CASES:
        yield pytest.param(case, id=case.name, marks=[pytest.mark.wide] if case.number > FIRST else [])


@pytest.mark.slow
@pytest.mark.parametrize("case", tiers())
def test_a_combination_holds(case: Case, workbench: Workbench, judge: provider.Judge | None) -> None:
    """Every environment of it, and the organization's stack."""
    for name, graph in workbench.graphs(case).items():
        said = dict.fromkeys(wrong(case, graph, workbench))
        if judge is not None:
            answer = judge.validate(graph)
            said |= dict.fromkeys(
                f"the provider: {row.place.urn} {row.place.path}: {row.message}" for row in answer.errors
            )

        assert "" == "\n".join(f"{name}: {text}" for text in said)


def test_every_two_options_meet_in_a_case_or_are_refused_with_a_reason() -> None:
    options = {name: tuple(rows) for name, rows in DIMENSIONS.items()}
    met = {pair for case in CASES for pair in pairs({name: (option,) for name, option in case.options.items()})}

    assert set(pairs(options, SPARING)) - met == set(IMPOSSIBLE)
    assert len(CASES) >= 40


def test_the_first_cases_join_most_pairs() -> None:
    first = [case.options for case in CASES if case.number <= FIRST]
    met = {pair for row in first for pair in pairs({name: (option,) for name, option in row.items()})}
    options = {name: tuple(rows) for name, rows in DIMENSIONS.items()}
    possible = set(pairs(options, SPARING)) - set(IMPOSSIBLE)

    assert len(met & possible) / len(possible) > 0.9


def test_two_options_are_left_out_only_where_the_product_refuses_them() -> None:
    plain = {name: next(iter(rows)) for name, rows in DIMENSIONS.items()}

    assert [pair for pair in IMPOSSIBLE if not refusal(plain | dict(pair))] == []


def test_the_cases_are_the_same_in_every_process() -> None:
    covering.cache_clear()

    assert covering() == (CASES, IMPOSSIBLE)
