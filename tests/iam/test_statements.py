"""No guardrail stands there for nothing: without any one of them a case is decided otherwise in its own layer."""

from __future__ import annotations

import dataclasses
import functools

import pytest
from iam import simulation
from iam.layers import Guardrail, Turned, guardrails, turned
from iam.world import ACCOUNTS, ask, cases, service_trusts, world

from modelkeel.iam.decision import Layers, decide
from modelkeel.iam.estate import RESOURCE_CONTROL, SERVICE_CONTROL

pytestmark = pytest.mark.slow


@functools.cache
def turns() -> dict[Guardrail, Turned]:
    """One case for each statement that decides any."""
    found: dict[Guardrail, Turned] = {}
    for asked in [*map(ask, cases()), *(each for env in ACCOUNTS for _, each, _ in service_trusts(env))]:
        for each in turned(asked):
            found.setdefault(each.guardrail, each)
    return found


@functools.cache
def wanted() -> frozenset[Guardrail]:
    found: set[Guardrail] = set()
    for env in ACCOUNTS:
        own = world().estates[env]
        control = own.control(SERVICE_CONTROL, rolled_out=True)
        perimeter = own.control(RESOURCE_CONTROL, rolled_out=True)
        for role in own.roles.values():
            layers = Layers(
                identity=role.identity,
                boundary=role.boundary,
                service_control=control,
                resource_control=perimeter,
                resource=role.trust,
            )
            found |= set(guardrails(layers))
        for each in own.resource_policies:
            found |= set(guardrails(Layers(resource=each.policy)))
    return frozenset(found)


def test_without_any_one_statement_a_case_turns() -> None:
    assert len(wanted()) > 150
    assert sorted(map(str, wanted() - set(turns()))) == []


def test_the_simulator_sees_each_of_them_turn() -> None:
    """Each statement's case twice, with the statement and without: the answers differ."""
    policies = simulation.Policies()
    pairs = [each for guardrail, each in turns().items() if guardrail in wanted()]
    asked = [
        dataclasses.replace(each.asked, layers=layers).simulation(policies)
        for each in pairs
        for layers in (each.with_it, each.without_it)
    ]

    answers = simulation.run(policies, asked)

    same = [
        f"{each.guardrail}: {answers[2 * place]}"
        for place, each in enumerate(pairs)
        if answers[2 * place] == answers[2 * place + 1] or "error" in answers[2 * place] + answers[2 * place + 1]
    ]
    assert same == []


@pytest.mark.parametrize("env", ACCOUNTS)
def test_a_service_takes_on_its_roles_for_this_account_only(env: str) -> None:
    found = list(service_trusts(env))

    assert len(found) >= 20
    for name, asked, allowed in found:
        assert (str(decide(asked.request, asked.layers).result) == "allowed") == allowed, name
