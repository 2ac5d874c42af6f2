"""The first update stands on an empty registry; an approved package adds the endpoint and changes nothing else."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from operations import deployment, rollout
from operations.problem import OperationError
from stacks_models.model_project import PACKAGE, stack
from stacks_serving.modes import served
from tests.infra.account import Account, environment
from tests.infra.estate import ENDPOINT, PROGRAMS, WANTED, Estate

from modelkeel.change import Changes, compare
from modelkeel.graph import Graph

MODES = ("realtime", "serverless", "batch")  # One that captures, one that does not, one with no endpoint.
CAPTURED = ("realtime", "batch")
BRINGS = {
    "realtime": "aws:sagemaker/endpoint:Endpoint",
    "serverless": "aws:sagemaker/endpoint:Endpoint",
    "batch": "aws:sagemaker/model:Model",
}


@cache
def _graphs(mode: str) -> tuple[Graph, Graph]:
    return served(mode, approved=False), served(mode)


def _changes(mode: str) -> Changes:
    waiting, live = _graphs(mode)
    return compare(waiting, live, against="the empty registry")


@pytest.mark.parametrize("mode", MODES)
def test_a_package_adds_what_serves_and_replaces_nothing(mode: str) -> None:
    rows = _changes(mode).rows

    assert {row.action for row in rows} <= {"create", "update"}
    assert {row.program for row in rows} <= {"serving", "monitoring"}
    assert BRINGS[mode] in {row.type for row in rows if row.action == "create"}
    assert stack(_graphs(mode)[0], "serving").exports["status"] == "waiting_for_approval"
    assert stack(_graphs(mode)[1], "serving").exports["model_package_arn"] == PACKAGE


@pytest.mark.parametrize("mode", MODES)
def test_of_what_was_there_only_the_watch_over_drift_changes(mode: str) -> None:
    """It waits for a model: its schedule is off and its gap is no alarm; the model is its baseline."""
    begins = {"drift-start": "state", "drift-gap": "treatMissingData", "drift": "definition"}
    updated = {row.urn.rpartition("::")[2]: row.properties for row in _changes(mode).rows if row.action == "update"}

    assert updated in ({name: (key,) for name, key in begins.items()}, {})
    assert bool(updated) == (mode in CAPTURED)


def test_the_deployment_passes_with_and_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The step that deploys, over the stand-in of the CLI: nothing to verify at first, the endpoint as asked then."""
    monkeypatch.setattr("shutil.which", lambda _: "pulumi")
    estate = Estate(tmp_path)
    wanted = estate.cli.programs.pop("serving")
    estate.cli.outputs["serving"] = {"status": "waiting_for_approval"}

    deployment.up(estate.environment, PROGRAMS, pulumi=estate.pulumi)
    assert "no endpoint was asked for: nothing to verify" in capsys.readouterr().out
    assert not [kind for kind, _ in estate.cloud.things if kind == ENDPOINT]

    made = set(estate.cloud.things)
    estate.cli.programs["serving"] = wanted
    estate.up()

    assert set(estate.cloud.things) - made == {(each.kind, each.id) for each in WANTED["serving"]}
    assert "shop-dev-endpoint: as asked" in capsys.readouterr().out


def test_what_the_program_asks_is_what_the_verifier_reads() -> None:
    """Exports of the recorded program, read by the verifier: the endpoint is missed, by its name."""
    exports = stack(_graphs("realtime")[1], "serving").exports
    asked = json.loads(exports["realtime_asked"])

    with pytest.raises(OperationError, match=f"{asked['endpoint_name']} does not exist"):
        rollout.verify(environment(), {"realtime_asked": exports["realtime_asked"]}, clients=Account().clients)
