"""A resource goes from one program's state into another's, whole, once, and with nothing on AWS touched."""

from __future__ import annotations

import json
from typing import Any

import pytest

from operations import moving
from operations.problem import OperationError
from tests.infra.cloud import BUCKET
from tests.infra.estate import Estate
from tests.infra.pulumi_cli import RefusedCallError

LAKE = "urn:pulumi:dev::shop-data::modelkeel:data:Lake::lake"
INSIDE = f"urn:pulumi:dev::shop-data::modelkeel:data:Lake${BUCKET}::curated"
READER = f"urn:pulumi:dev::shop-data::{BUCKET}::shop-dev-raw"


@pytest.fixture
def lake(estate: Estate) -> Estate:
    """Have `data` hold a component with a bucket in it, on which another bucket depends."""
    estate.up()
    state = json.loads(estate.cli.states["shop-data/dev"])
    root, provider = state["resources"][0]["urn"], state["resources"][2]["provider"]
    state["resources"][2] |= {"dependencies": [INSIDE], "propertyDependencies": {"logging": [INSIDE]}}
    state["resources"][2:2] = [
        {"urn": LAKE, "type": "modelkeel:data:Lake", "parent": root},
        {"urn": INSIDE, "type": BUCKET, "id": "curated", "parent": LAKE, "provider": provider, "dependencies": [LAKE]},
    ]
    estate.cli.states["shop-data/dev"] = json.dumps(state)
    estate.steps.clear()
    return estate


def rows(estate: Estate, program: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a program's state by URN."""
    return {row["urn"]: row for row in json.loads(estate.cli.states[f"shop-{program}/dev"])["resources"]}


def test_a_component_goes_with_what_is_below_it(lake: Estate) -> None:
    moved = moving.move(lake.environment, "data", "training", LAKE, pulumi=lake.pulumi)

    here, there = rows(lake, "training"), rows(lake, "data")
    assert moved == [urn.replace("shop-data", "shop-training") for urn in (LAKE, INSIDE)]
    assert not {LAKE, INSIDE} & set(there)
    assert here[moved[0]]["parent"] == "urn:pulumi:dev::shop-training::pulumi:pulumi:Stack::root"
    assert here[moved[1]]["parent"] == moved[0]
    assert here[moved[1]]["dependencies"] == [moved[0]]
    assert here[moved[1]]["provider"] == "urn:pulumi:dev::shop-training::pulumi:providers:aws::aws::training"
    assert here[moved[1]]["id"] == "curated"
    assert lake.steps == []


def test_what_stays_no_longer_depends_on_it(lake: Estate) -> None:
    moving.move(lake.environment, "data", "training", LAKE, pulumi=lake.pulumi)

    assert rows(lake, "data")[READER]["dependencies"] == []
    assert rows(lake, "data")[READER]["propertyDependencies"] == {"logging": []}


@pytest.mark.parametrize("cut", ["dest", "source"])
def test_a_move_that_was_cut_is_completed_by_the_next_run(
    lake: Estate, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    before = {program: rows(lake, program) for program in ("data", "training")}
    refused = "shop-training/dev" if cut == "dest" else "shop-data/dev"
    save = lake.cli._save

    def broken(key: str, state: dict[str, Any]) -> None:
        if key == refused:
            raise RefusedCallError(1, "the state cannot be written")
        save(key, state)

    monkeypatch.setattr(lake.cli, "_save", broken)
    with pytest.raises(OperationError):
        moving.move(lake.environment, "data", "training", LAKE, pulumi=lake.pulumi)
    assert rows(lake, "data") == before["data"]
    monkeypatch.setattr(lake.cli, "_save", save)

    moved = moving.move(lake.environment, "data", "training", LAKE, pulumi=lake.pulumi)

    assert set(rows(lake, "training")) == {*before["training"], *moved}
    assert set(rows(lake, "data")) == set(before["data"]) - {LAKE, INSIDE}


def test_pulumis_own_move_is_refused_because_the_providers_differ(lake: Estate) -> None:
    names = [f"organization/shop-{program}/dev" for program in ("data", "training")]
    words = ["state", "move", "--source", names[0], "--dest", names[1], LAKE, "--yes"]
    call = ["pulumi", "-C", "config/data", *words]

    done = lake.cli(call, cwd=lake.environment.root, env={"PULUMI_BACKEND_URL": "s3://state"})

    assert done.returncode == 1
    assert "already exists in destination stack" in done.stderr


def test_what_is_not_there_or_holds_a_secret_is_refused(lake: Estate) -> None:
    with pytest.raises(OperationError, match="data has no such resource"):
        moving.move(lake.environment, "data", "training", f"{LAKE}x", pulumi=lake.pulumi)
    state = json.loads(lake.cli.states["shop-data/dev"])
    state["resources"][3]["outputs"] = {"password": {moving.SECRET: "1b47061264138c4ac30d75fd1eb44270"}}
    lake.cli.states["shop-data/dev"] = json.dumps(state)

    with pytest.raises(OperationError, match="a secret is encrypted for its own stack"):
        moving.move(lake.environment, "data", "training", LAKE, pulumi=lake.pulumi)


def test_a_program_that_was_never_deployed_takes_nothing(lake: Estate) -> None:
    lake.pulumi.create("training")
    lake.cli.states["shop-training/dev"] = json.dumps({"resources": []})

    with pytest.raises(OperationError, match="training was never deployed"):
        moving.move(lake.environment, "data", "training", LAKE, pulumi=lake.pulumi)
