"""What is live is what was asked, or the update fails: each way in which the two can differ."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from operations import rollout
from operations.problem import OperationError
from tests.infra.account import PACKAGE, Account, environment

ENDPOINT = "shop-dev-endpoint"


def verify(account: Account, *asked: dict[str, Any], **different: Any) -> list[float]:
    """Compare; return for how long each wait was."""
    waits: list[float] = []
    outputs = {f"mode{index}_asked": json.dumps(row) for index, row in enumerate(asked)} | {"status": "live"}
    rollout.verify(environment(), outputs, clients=account.clients, sleep=waits.append, **different)
    return waits


def test_an_honest_rollout_passes(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account()

    verify(account, account.deploy(ENDPOINT, 1))

    assert f"{ENDPOINT}: as asked, with {ENDPOINT}-config-1" in capsys.readouterr().out


def test_without_an_approved_model_there_is_nothing_to_verify(capsys: pytest.CaptureFixture[str]) -> None:
    verify(Account())

    assert "nothing to verify" in capsys.readouterr().out


def test_a_silent_rollback_fails_and_removes_nothing() -> None:
    """SageMaker reports success: InService, on the configuration before."""
    account = Account()
    for version in (1, 2, 3):
        asked = account.deploy(ENDPOINT, version)
    account.roll_back(ENDPOINT, to=2)

    with pytest.raises(OperationError) as caught:
        verify(account, asked)

    assert "was rolled back" in str(caught.value)
    assert f"asked: {ENDPOINT}-config-3" in str(caught.value)
    assert f"got:   {ENDPOINT}-config-2" in str(caught.value)
    assert "refresh --stack dev" in caught.value.fix
    assert caught.value.code == 1
    assert account.deleted == []


def test_it_waits_while_an_update_runs() -> None:
    account = Account()
    asked = account.deploy(ENDPOINT, 1)
    account.passing[ENDPOINT] = ["Updating", "Updating", "RollingBack"]

    assert len(verify(account, asked)) == 3


def test_it_does_not_wait_for_ever() -> None:
    account = Account()
    asked = account.deploy(ENDPOINT, 1)
    account.passing[ENDPOINT] = ["Updating"] * 1000

    with pytest.raises(OperationError, match="still Updating after 5 minutes"):
        verify(account, asked, longest_wait_seconds=300)


def _status(value: str) -> Callable[[Account], None]:
    def change(account: Account) -> None:
        account.endpoints[ENDPOINT] |= {"EndpointStatus": value, "FailureReason": "no capacity"}

    return change


def _set(table: str, key: str, **values: Any) -> Callable[[Account], None]:
    return lambda account: getattr(account, table)[key].update(values)


def _drop(table: str, key: str) -> Callable[[Account], None]:
    return lambda account: getattr(account, table).pop(key)


CONFIG, MODEL = f"{ENDPOINT}-config-1", f"{ENDPOINT}-model-1"
DIFFERENCES: dict[str, tuple[Callable[[Account], Any], str]] = {
    "failed": (_status("Failed"), "does not serve"),
    "half rolled back": (_status("UpdateRollbackFailed"), "no capacity"),
    "out of service": (_status("OutOfService"), "does not serve"),
    "no endpoint": (_drop("endpoints", ENDPOINT), "does not exist"),
    "no configuration": (_drop("configurations", CONFIG), "is gone"),
    "no model": (_drop("models", MODEL), "cannot scale out"),
    "another model": (
        _set(
            "configurations",
            CONFIG,
            ProductionVariants=[{"VariantName": "live", "ModelName": "x", "InstanceType": "ml.m7i.large"}],
        ),
        "model of",
    ),
    "another machine": (
        _set(
            "configurations",
            CONFIG,
            ProductionVariants=[{"VariantName": "live", "ModelName": MODEL, "InstanceType": "ml.m5.large"}],
        ),
        "instance type of",
    ),
    "another variant": (
        _set("configurations", CONFIG, ProductionVariants=[{"VariantName": "green", "ModelName": MODEL}]),
        "variants of",
    ),
    "another package": (
        _set("models", MODEL, PrimaryContainer={"ModelPackageName": f"{PACKAGE}7"}),
        "package of",
    ),
    "not isolated": (_set("models", MODEL, EnableNetworkIsolation=False), "network isolation"),
    "weights": (
        _set("endpoints", ENDPOINT, ProductionVariants=[{"VariantName": "live", "CurrentWeight": 0.5}]),
        "weight of",
    ),
    "capture is off": (
        lambda account: account.endpoints[ENDPOINT]["DataCaptureConfig"].update(CaptureStatus="Stopped"),
        "captures",
    ),
    "less capture": (
        lambda account: account.endpoints[ENDPOINT]["DataCaptureConfig"].update(CurrentSamplingPercentage=5),
        "captures",
    ),
    "no scaling": (_drop("capacities", f"endpoint/{ENDPOINT}/variant/live"), "scaling of"),
    "other scaling": (
        lambda account: account.capacities.update({f"endpoint/{ENDPOINT}/variant/live": (1, 6)}),
        "1 to 6",
    ),
    "rejected since": (lambda account: account.packages.update({f"{PACKAGE}1": "Rejected"}), "approval of"),
    "unknown to the registry": (lambda account: account.packages.clear(), "not in the registry"),
}


@pytest.mark.parametrize("name", DIFFERENCES)
def test_each_difference_fails_and_is_named(name: str) -> None:
    account = Account()
    asked = account.deploy(ENDPOINT, 1)
    change, said = DIFFERENCES[name]
    change(account)

    with pytest.raises(OperationError, match="what serves is not what was asked") as caught:
        verify(account, asked)

    assert said in str(caught.value)
    assert account.deleted == []


def test_an_endpoint_with_hours_may_be_away() -> None:
    account = Account()
    asked = account.deploy(ENDPOINT, 1) | {"has_hours": True}
    del account.endpoints[ENDPOINT]

    verify(account, asked)


def test_the_configuration_before_stays_and_what_is_older_goes() -> None:
    account = Account()
    for version in (1, 2, 3, 4):
        asked = account.deploy(ENDPOINT, version)

    verify(account, asked)

    assert sorted(account.configurations) == [f"{ENDPOINT}-config-3", f"{ENDPOINT}-config-4"]
    assert sorted(account.models) == [f"{ENDPOINT}-model-3", f"{ENDPOINT}-model-4"]


def test_what_another_project_owns_is_left_alone() -> None:
    """`shop-dev` is an environment of `shop`, and the beginning of every name of a project `shop-dev`."""
    account = Account()
    other = Account()
    for version in (1, 2, 3):
        asked = account.deploy(ENDPOINT, version)
        other.deploy("shop-dev-prod-endpoint", version)
    account.configurations = {**other.configurations, **account.configurations}
    account.models = {**other.models, **account.models}
    account.tags |= {name: {"project": "shop-dev", "env": "prod", "stack": "serving"} for name in other.tags}

    verify(account, asked)

    assert set(account.configurations) >= set(other.configurations)
    assert account.deleted == [f"{ENDPOINT}-config-1", f"{ENDPOINT}-model-1"]


def test_models_of_inference_components_stay() -> None:
    account = Account()
    asked = account.deploy("shop-dev-components", 1)
    account.configurations["shop-dev-components-config-1"]["ProductionVariants"] = [{"VariantName": "live"}]
    asked |= {"variants": [{"name": "live"}], "capture_percent": None}
    account.components["shop-dev-ic-model"] = "shop-dev-components-model-1"

    verify(account, asked)

    assert account.deleted == []
