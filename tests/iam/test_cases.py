"""The table of who may do what, decided by the simulator and by our own evaluator from the recorded documents."""

from __future__ import annotations

import functools

import pytest
from iam import simulation
from iam.world import Case, ask, cases

from modelkeel.iam.decision import decide

pytestmark = pytest.mark.slow
CASES = cases()


@functools.cache
def simulated() -> list[str]:
    policies = simulation.Policies()
    return simulation.run(policies, [ask(case).simulation(policies) for case in CASES])


def test_the_table_has_a_hundred_and_fifty_cases_and_everybody_is_in_it() -> None:
    assert len(CASES) >= 150
    assert len({str(case) + case.resource for case in CASES}) == len(CASES)
    assert {case.allowed for case in CASES} == {True, False}


@pytest.mark.parametrize("index", range(len(CASES)), ids=[str(case) for case in CASES])
def test_our_own_evaluator_decides_as_the_table_says(index: int) -> None:
    case = CASES[index]
    asked = ask(case)

    decision = decide(asked.request, asked.layers)

    assert (str(decision.result) == "allowed") == case.allowed, decision


@pytest.mark.parametrize("index", range(len(CASES)), ids=[str(case) for case in CASES])
def test_the_simulator_decides_as_the_table_says(index: int) -> None:
    simulation.require()

    answer = simulated()[index]

    assert not answer.startswith("error"), answer
    assert (answer == "allowed") == CASES[index].allowed, answer


@pytest.mark.parametrize("index", range(len(CASES)), ids=[str(case) for case in CASES])
def test_both_agree_on_how_it_is_denied(index: int) -> None:
    simulation.require()
    case: Case = CASES[index]
    asked = ask(case)

    assert str(decide(asked.request, asked.layers).result) == simulated()[index]
