"""Each control accepts its passing twin and catches its violating one; no other control speaks."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from policy_twins import all_twins
from policy_twins.build import Twin, graph

from modelkeel import findings
from modelkeel.graph import Resource
from policies import control

POLICIES = Path(__file__).resolve().parents[2] / "policies"
TODAY = date(2026, 11, 23)
FURTHER = [*all_twins.MORE_VIOLATIONS, *all_twins.VIOLATIONS_BY_NAME]


def results(resources: Sequence[Resource], control_id: str) -> tuple[set[str], set[str], dict[str, str]]:
    found = findings.check(
        graph(resources, tags=all_twins.TAGS_OF.get(control_id, all_twins.TAGS)), POLICIES, today=TODAY
    )
    violated = {each.control.id for each in found.findings if each.result == "violation"}
    passed = {each.control.id for each in found.findings if each.result == "pass"}
    errors = {each.control.id: each.message for each in found.findings if each.result == "error"}
    return violated, passed, errors


def test_each_control_has_twins() -> None:
    assert sorted(all_twins.TWINS) == sorted(row.id for row in control.load())


@pytest.mark.parametrize(("control_id", "twin"), sorted(all_twins.TWINS.items()))
def test_the_passing_twin_violates_nothing_and_was_judged(control_id: str, twin: Twin) -> None:
    violated, passed, errors = results(twin.passing, control_id)

    assert (violated, errors) == (set(), {})
    assert control_id in passed


@pytest.mark.parametrize(("control_id", "twin"), sorted(all_twins.TWINS.items()))
def test_the_violating_twin_is_caught_by_exactly_its_control(control_id: str, twin: Twin) -> None:
    violated, _, errors = results(twin.violating, control_id)

    assert (violated, errors) == ({control_id}, {})


@pytest.mark.parametrize(
    ("control_id", "resources"),
    FURTHER,
    ids=[f"{name}-{number}" for number, (name, _) in enumerate(FURTHER)],
)
def test_further_ways_to_break_a_control_are_caught(control_id: str, resources: Sequence[Resource]) -> None:
    violated, _, errors = results(resources, control_id)

    assert (violated, errors) == ({control_id}, {})


@pytest.mark.parametrize(
    ("control_id", "resources"),
    all_twins.MORE_PASSES,
    ids=[f"{name}-{number}" for number, (name, _) in enumerate(all_twins.MORE_PASSES)],
)
def test_what_only_looks_wrong_is_accepted(control_id: str, resources: Sequence[Resource]) -> None:
    violated, passed, errors = results(resources, control_id)

    assert (violated, errors) == (set(), {})
    assert control_id in passed
