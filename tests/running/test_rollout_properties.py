"""Every rollback is caught and every honest rollout passes, whatever happened before."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from operations import rollout
from operations.problem import OperationError
from running import conftest as _  # noqa: F401 (puts the generated repository's code on the path)
from tests.infra.account import Account, environment

NAMES = ("shop-dev-endpoint", "shop-dev-async", "shop-dev-serverless")
MOVING = ("Creating", "Updating", "SystemUpdating", "RollingBack")

histories = st.fixed_dictionaries(
    {
        "versions": st.integers(2, 6),
        "names": st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
        "passing": st.lists(st.sampled_from(MOVING), max_size=5),
        "weight": st.sampled_from([0.5, 1, 2]),
        "capture": st.integers(0, 100),
    }
)


def _deploy(account: Account, history: dict[str, Any]) -> dict[str, str]:
    outputs = {}
    for name in history["names"]:
        for version in range(1, history["versions"] + 1):
            asked = account.deploy(name, version, weight=history["weight"], capture=history["capture"])
        account.passing[name] = list(history["passing"])
        outputs[f"{name}_asked"] = json.dumps(asked)
    return outputs


@given(histories)
@settings(max_examples=60)
def test_every_honest_rollout_passes_and_keeps_a_way_back(history: dict[str, Any]) -> None:
    account = Account()
    outputs = _deploy(account, history)
    waits: list[float] = []

    rollout.verify(environment(), outputs, clients=account.clients, sleep=waits.append)

    assert len(waits) == len(history["passing"]) * len(history["names"])
    for name in history["names"]:
        assert f"{name}-config-{history['versions']}" in account.configurations
    # One former configuration for each endpoint, and the model of every configuration that stays.
    assert len(account.configurations) == min(history["versions"], 2) * len(history["names"])
    assert {row["ProductionVariants"][0]["ModelName"] for row in account.configurations.values()} == set(account.models)


@given(histories, st.data())
@settings(max_examples=120)
def test_every_rollback_is_caught_and_loses_nothing(history: dict[str, Any], data: st.DataObject) -> None:
    account = Account()
    outputs = _deploy(account, history)
    name = data.draw(st.sampled_from(history["names"]))
    account.roll_back(name, to=data.draw(st.integers(1, history["versions"] - 1)))
    before = (dict(account.configurations), dict(account.models))

    with pytest.raises(OperationError) as caught:
        rollout.verify(environment(), outputs, clients=account.clients, sleep=lambda _: None)

    assert f"{name} runs another configuration than was asked" in str(caught.value)
    assert (account.configurations, account.models) == before
