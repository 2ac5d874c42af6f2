"""An environment is taken down whole or not at all: order, protection, what AWS refuses, a failure at any step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from moto import mock_aws

from operations import emptying
from operations.problem import OperationError
from operations.services import Services
from tests.infra.account import REGION, RefusedError
from tests.infra.cloud import BUCKET, FIREWALL, KEY, REPOSITORY, TABLE, VAULT, VPC
from tests.infra.estate import A_CLUSTER, PROGRAMS, WANTED, Estate
from tests.infra.pulumi_cli import KilledError, RefusedCallError

MANIFEST = '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"}'
PROTECTED = sorted(each.id for rows in WANTED.values() for each in rows if each.protect)


class CutError(Exception):
    """The network, the credentials or the machine went away."""


@pytest.mark.parametrize("confirmed", ["", "prod", "yes"])
def test_without_its_name_nothing_is_touched(lived: Estate, confirmed: str) -> None:
    with pytest.raises(OperationError, match="wants its name") as caught:
        lived.destroy(protected=True, confirmed=confirmed)

    assert caught.value.code == 2
    assert lived.steps == []


def test_what_is_protected_stays_with_all_that_is_in_it_and_is_named(lived: Estate) -> None:
    inside = {key: dict(lived.cloud.things[key].inside) for key in lived.cloud.things if key[1] in PROTECTED}

    stay = lived.destroy(protected=False)

    assert sorted(urn.rpartition("::")[2] for urn in stay) == PROTECTED
    assert lived.cloud.left() == PROTECTED
    assert {key: lived.cloud.things[key].inside for key in inside} == inside


def test_with_both_flags_nothing_is_left(lived: Estate) -> None:
    assert lived.destroy(protected=True) == []

    assert lived.cloud.left() == []
    assert lived.cli.states == {}
    assert lived.cloud.things["aws:kms/key:Key", "key-1"].state == "PendingDeletion"
    order = [step.removeprefix("delete ") for step in lived.steps if step.startswith("delete ")]
    assert order.index("shop-dev-endpoint") < order.index("shop-dev-raw") < order.index("vpc-1") < order.index("key-1")


def test_an_account_that_others_live_in_stays(lived: Estate, tmp_path: Path) -> None:
    shared = Estate(tmp_path, neighbours=("prod",))
    shared.live()

    shared.destroy(protected=True)

    assert list(shared.cli.states) == ["shop-account/111122223333"]


def test_what_people_made_is_told(lived: Estate) -> None:
    lived.cloud.make(VPC, "vpc-by-hand")

    with pytest.raises(OperationError, match=r"still carry the tags of dev.*\n.*vpc-by-hand"):
        lived.destroy(protected=True)


def test_an_environment_that_was_never_deployed_has_nothing_to_take_down(estate: Estate) -> None:
    assert estate.destroy(protected=True) == []


def test_a_stack_that_was_made_and_never_updated_goes(estate: Estate) -> None:
    estate.pulumi.create("data")

    assert estate.destroy(protected=True) == []
    assert estate.cli.states == {}


def test_without_rights_to_the_state_nothing_is_called_gone(lived: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever cannot read the state must not be told that nothing is left."""
    monkeypatch.setattr(lived.cli, "_stack_select", _refuse(3, "AccessDenied"))

    with pytest.raises(OperationError, match="no credentials, or too few rights") as caught:
        lived.destroy(protected=False)

    assert caught.value.code == 1
    assert not [step for step in lived.steps if step.startswith("delete ")]


def test_a_network_stays_while_something_protected_stands_in_it(
    estate: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cluster's machines are in the subnets of another program, whose Pulumi knows nothing of them."""
    estate.cli.programs["training"].append(A_CLUSTER)
    estate.live()

    stay = estate.destroy(protected=False)

    assert "foundation: stays whole, shop-dev-cluster stand in its network" in capsys.readouterr().out
    assert (VPC, "vpc-1") in estate.cloud.things
    assert f"urn:pulumi:dev::shop-training::{A_CLUSTER.kind}::shop-dev-cluster" in stay
    assert estate.destroy(protected=True) == []
    assert estate.cloud.left() == []


def test_what_a_lock_keeps_is_an_error_that_says_so(lived: Estate) -> None:
    lived.cloud.put(BUCKET, "shop-dev-raw", "v9", locked=True)

    with pytest.raises(OperationError, match="holds what may not be deleted yet") as caught:
        lived.destroy(protected=True)

    assert "events: AccessDenied" in caught.value.got


@pytest.mark.parametrize("kind", [BUCKET, VAULT, TABLE, FIREWALL, VPC])
def test_pulumi_alone_would_not_finish(lived: Estate, kind: str) -> None:
    """The simulation refuses what AWS refuses: full, or protected by AWS itself."""
    name = next(name for each, name in lived.cloud.things if each == kind)

    with pytest.raises(RefusedError):
        lived.cloud.delete(kind, name)


@pytest.mark.parametrize("protected", [True, False])
def test_a_failure_at_any_step_is_completed_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protected: bool
) -> None:
    """Each call of Pulumi is refused once and killed once, each call of AWS is cut once; then it is run again."""
    monkeypatch.setattr("shutil.which", lambda _: "pulumi")
    clean = Estate(tmp_path)
    clean.live()
    clean.destroy(protected=protected)
    cuts = [(index, failure) for index, step in enumerate(clean.steps) for failure in _failures(step)]
    assert len(cuts) > (80 if protected else 25)

    for number, (index, failure) in enumerate(cuts):
        where = f"{failure} at {clean.steps[index]}"
        estate = Estate(tmp_path)
        estate.live()
        _fail_at(estate, index, failure)
        with pytest.raises((OperationError, CutError)):
            estate.destroy(protected=protected)
        _unlock(estate)
        there = set(PROTECTED) & set(estate.cloud.left())
        assert protected or there == set(PROTECTED), where
        if number % 4 == 0:
            # Whatever the first run was told, the second is told to leave what is protected: and it does.
            full = {key: dict(thing.inside) for key, thing in estate.cloud.things.items() if key[1] in there}
            estate.destroy(protected=False)
            assert {key: estate.cloud.things[key].inside for key in full} == full, where
        estate.destroy(protected=protected)
        assert estate.cloud.left() == ([] if protected else PROTECTED), where
        assert (estate.cli.states == {}) == protected, where


def _failures(step: str) -> list[type[Exception]]:
    return [CutError] if ":" in step.partition(" ")[0] else [RefusedCallError, KilledError]


def _fail_at(estate: Estate, number: int, failure: type[Exception]) -> None:
    left = [number]

    def before(_: str) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise RefusedCallError(4, "refused") if failure is RefusedCallError else failure()

    estate.cli.before = estate.cloud.before = before


def _unlock(estate: Estate) -> None:
    """Do what docs/operations.md says of a lock that a killed run has left."""
    for program in PROGRAMS:
        call = ["pulumi", "-C", f"config/{program}", "cancel", "--stack", estate.environment.stack(program), "--yes"]
        estate.cli(call, cwd=estate.environment.root, env={"PULUMI_BACKEND_URL": "s3://state"})


def _refuse(code: int, message: str) -> Callable[[object], None]:
    def refuse(_: object) -> None:
        raise RefusedCallError(code, message)

    return refuse


def test_a_bucket_and_a_repository_are_emptied_in_another_simulation_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto knows versions, delete markers and images from its own reading of the API."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        services = Services(REGION, sleep=lambda _: None)
        s3, ecr = services["s3"], services["ecr"]
        s3.create_bucket(Bucket="shop-dev-raw", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket="shop-dev-raw", VersioningConfiguration={"Status": "Enabled"})
        for number in range(3):
            s3.put_object(Bucket="shop-dev-raw", Key="events", Body=json.dumps(number).encode())
        s3.delete_object(Bucket="shop-dev-raw", Key="events")
        ecr.create_repository(repositoryName="shop-dev-model")
        ecr.put_image(repositoryName="shop-dev-model", imageManifest=MANIFEST, imageTag="1")
        rows = [(BUCKET, "shop-dev-raw"), (REPOSITORY, "shop-dev-model"), (KEY, "key")]

        emptying.empty(services, [{"type": kind, "id": name} for kind, name in rows])

        s3.delete_bucket(Bucket="shop-dev-raw")
        ecr.delete_repository(repositoryName="shop-dev-model")
        assert s3.list_buckets()["Buckets"] == []
        assert ecr.describe_repositories()["repositories"] == []
