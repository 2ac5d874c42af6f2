"""`up` after a failure at any step: the next run does what is left, and makes nothing twice."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from operations import rollout
from operations.problem import OperationError
from tests.infra.cloud import BUCKET
from tests.infra.estate import PROGRAMS, WANTED, Estate
from tests.infra.pulumi_cli import KilledError, RefusedCallError

ALL = sorted(each.id for rows in WANTED.values() for each in rows)


def _fail_at(estate: Estate, number: int, failure: Callable[[], Exception]) -> None:
    left = [number]

    def before(what: str) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise failure()

    estate.cli.before = before


def _recover(estate: Estate, told: OperationError) -> None:
    """Run what the message and docs/operations.md tell, word for word."""
    for program in PROGRAMS:
        _pulumi(estate, f"-C config/{program} cancel --stack {estate.environment.stack(program)} --yes")
    try:
        estate.up()
    except OperationError as problem:
        told = problem
    if "Pulumi does not know whether it exists" not in told.what:
        return
    program = told.what.partition(":")[0]
    urn = told.got.split()[0]
    kind, name = urn.split("::")[-2:]
    if (kind, name) in estate.cloud.things:
        known = f"--import-pending-creates '{urn}' --import-pending-creates {name}"
    else:
        known = "--clear-pending-creates"
    _pulumi(estate, f"-C config/{program} refresh --stack {estate.environment.stack(program)} {known} --yes")


def _pulumi(estate: Estate, words: str) -> None:
    done = estate.cli(
        ["pulumi", *shlex.split(words)], cwd=estate.environment.root, env={"PULUMI_BACKEND_URL": "s3://b"}
    )
    assert done.returncode in {0, 6}, done.stderr


def test_an_update_makes_everything_in_order(estate: Estate) -> None:
    estate.up()

    assert sorted(name for _, name in estate.cloud.things) == ALL
    made = [step.removeprefix("create ") for step in estate.steps if step.startswith("create ")]
    assert [name for name in made if not name.startswith("stack ")] == [e.id for p in PROGRAMS for e in WANTED[p]]


def test_a_second_update_makes_nothing(estate: Estate) -> None:
    estate.up()
    estate.steps.clear()

    estate.up()

    assert estate.steps == []


def test_a_step_that_is_refused_anywhere_is_completed_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing right, a quota, a name that somebody else has: Pulumi saves its state and ends with an error."""
    monkeypatch.setattr("shutil.which", lambda _: "pulumi")
    number, told = 0, list[OperationError]()
    while True:
        estate = Estate(tmp_path)
        _fail_at(estate, number, lambda: RefusedCallError(4, "refused"))
        try:
            estate.up()
            break
        except OperationError as problem:
            told.append(problem)
        number += 1
        if [rows for rows in estate.cli.states.values() if '"creating"' in rows]:
            continue  # What was made and not written down is the next test's.

        estate.up()

        assert sorted(name for _, name in estate.cloud.things) == ALL, f"refused at {number}"
    assert number > 20
    assert {problem.code for problem in told} == {1}
    assert all("run the same target again" in problem.fix for problem in told)


def test_a_run_that_is_killed_anywhere_is_completed_as_it_says_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: "pulumi")
    number, half_made = 0, 0
    while True:
        estate = Estate(tmp_path)
        _fail_at(estate, number, KilledError)
        try:
            estate.up()
            break
        except OperationError as problem:
            told = problem
        number += 1
        half_made += any('"creating"' in text for text in estate.cli.states.values())

        _recover(estate, told)
        estate.up()

        assert sorted(name for _, name in estate.cloud.things) == ALL, f"killed at {number}"
        assert not any('"creating"' in text for text in estate.cli.states.values())
    assert number > 20
    assert half_made > 5


def test_what_a_killed_run_may_have_made_is_not_made_twice(estate: Estate) -> None:
    """Pulumi would warn and go on; what has no name of its own, a VPC or a key, would be there twice."""
    step = [*_steps_of(estate.environment.root)].index("created shop-dev-raw")
    _fail_at(estate, step, KilledError)
    with pytest.raises(OperationError):
        estate.up()
    estate.cli.locks.clear()

    with pytest.raises(OperationError, match="Pulumi does not know whether it exists") as caught:
        estate.up()

    assert caught.value.got.split() == [f"urn:pulumi:dev::shop-data::{BUCKET}::shop-dev-raw"]
    assert "--import-pending-creates URN --import-pending-creates ID" in caught.value.fix
    assert "make up ENV=dev" in caught.value.fix


def _steps_of(root: Path) -> list[str]:
    estate = Estate(root)
    estate.up()
    return estate.steps


def test_a_rollback_fails_the_update_and_the_next_run_passes(estate: Estate) -> None:
    estate.live()
    estate.cloud.account.roll_back("shop-dev-endpoint", to=1)
    asked = estate.cli.outputs["serving"]

    with pytest.raises(OperationError, match="what serves is not what was asked"):
        rollout.verify(estate.environment, asked, clients=estate.cloud.account.clients)

    estate.up(("serving",))


def test_locked_says_where_to_read(estate: Estate) -> None:
    estate.up()
    estate.cli.locks.add("shop-data/dev")

    with pytest.raises(OperationError) as caught:
        estate.up()

    assert "locked, see docs/operations.md" in caught.value.fix
