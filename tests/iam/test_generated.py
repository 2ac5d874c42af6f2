"""Our own evaluator and the simulator agree on what nobody thought of, and an open question is never guessed."""

from __future__ import annotations

import dataclasses
import functools
import itertools

import pytest
from iam import simulation
from iam.generated import requests
from iam.world import Asked

from modelkeel.iam.decision import Result, decide

pytestmark = pytest.mark.slow
SEED, SPARE = 20261125, 100
COUNTS = [600, pytest.param(2000, marks=pytest.mark.wide)]


@functools.cache
def asked(count: int) -> list[Asked]:
    return list(itertools.islice(requests(SEED), count + SPARE))


@pytest.mark.parametrize("count", COUNTS)
def test_generated_requests_are_decided_alike(count: int) -> None:
    """What the simulator refuses to judge (an ARN of two kinds at once) is left out, and is little."""
    policies = simulation.Policies()
    answers = simulation.run(policies, [each.simulation(policies) for each in asked(count)])

    judged = [
        (each, answer) for each, answer in zip(asked(count), answers, strict=True) if not answer.startswith("error")
    ]
    differ = [
        (each.request.principal, each.request.action, each.request.resource, dict(each.context), answer)
        for each, answer in judged
        if str(decide(each.request, each.layers).result) != answer
    ]

    assert differ == []
    assert len(judged) >= count
    assert len({answer for _, answer in judged}) == 3


def test_what_is_not_said_leaves_an_answer_open_or_as_it_was() -> None:
    """With a key taken away and the request called incomplete, no certain answer is the wrong one."""
    opened = 0
    for each in asked(500):
        full = decide(each.request, each.layers).result
        for key in each.request.context:
            fewer = {name: values for name, values in each.request.context.items() if name != key}
            partial = dataclasses.replace(each.request, context=fewer, complete=False)
            result = decide(partial, each.layers).result
            denied = {Result.EXPLICIT_DENY, Result.IMPLICIT_DENY}
            assert result in {full, Result.UNDETERMINED} or {result, full} <= denied, (each.request.action, key)
            opened += result == Result.UNDETERMINED
    assert opened > 100
