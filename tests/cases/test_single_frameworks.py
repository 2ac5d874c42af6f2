"""An example under one framework alone, whatever its own are: nothing is wrong in its last environment."""

import pytest
from cases import single_frameworks
from cases.case import presets
from cases.single_frameworks import Single
from cases.workbench import Workbench

SINGLES = single_frameworks.sample()
FIRST = {each.example: each for each in reversed(SINGLES)}
"""One framework for each example: `make test` records these, `make matrix` the others."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "single",
    [
        pytest.param(
            each,
            id=f"{each.example}-{each.framework}",
            marks=[] if FIRST[each.example] == each else [pytest.mark.wide],
        )
        for each in SINGLES
    ],
)
def test_nothing_is_wrong_under_one_framework(single: Single, workbench: Workbench) -> None:
    graphs = workbench.graphs(single, single.answers().environments[-1])
    said = {name: single_frameworks.wrong(graph, workbench.policies) for name, graph in graphs.items()}

    assert said == {name: [] for name in said}


def test_the_sample_has_each_framework_and_each_example() -> None:
    found = single_frameworks.sample()

    assert {each.framework for each in found} == set(single_frameworks.FRAMEWORKS)
    assert {each.example for each in found} == set(presets())


def test_every_combination_is_an_answer_that_the_product_takes() -> None:
    assert all(each.answers().frameworks == (each.framework,) for each in single_frameworks.singles())
