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
SEED, COUNT, SPARE = 20261125, 2000, 100


@functools.cache
def asked() -> list[Asked]:
    return list(itertools.islice(requests(SEED), COUNT + SPARE))


def test_two_thousand_requests_are_decided_alike() -> None:
    """What the simulator refuses to judge (an ARN of two kinds at once) is left out, and is little."""
    policies = simulation.Policies()
    answers = simulation.run(policies, [each.simulation(policies) for each in asked()])

    judged = [(each, answer) for each, answer in zip(asked(), answers, strict=True) if not answer.startswith("error")]
    differ = [
        (each.request.principal, each.request.action, each.request.resource, dict(each.context), answer)
        for each, answer in judged
        if str(decide(each.request, each.layers).result) != answer
    ]

    assert differ == []
    assert len(judged) >= COUNT
    assert len({answer for _, answer in judged}) == 3


def test_what_is_not_said_leaves_an_answer_open_or_as_it_was() -> None:
    """With a key taken away and the request called incomplete, no certain answer is the wrong one."""
    opened = 0
    for each in asked()[:600]:
        full = decide(each.request, each.layers).result
        for key in each.request.context:
            fewer = {name: values for name, values in each.request.context.items() if name != key}
            partial = dataclasses.replace(each.request, context=fewer, complete=False)
            result = decide(partial, each.layers).result
            denied = {Result.EXPLICIT_DENY, Result.IMPLICIT_DENY}
            assert result in {full, Result.UNDETERMINED} or {result, full} <= denied, (each.request.action, key)
            opened += result == Result.UNDETERMINED
    assert opened > 100
