"""The targets of the Makefile: which stacks they touch, in which order, with what; Pulumi only writes down the call."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from template.conftest import rendered

from modelkeel.render import write

PULUMI = """#!/bin/sh
echo "$@" >> "$PULUMI_LOG"
case "$*" in
    *"stack select"*--create*) ;;
    *"stack select"*) test -z "$PULUMI_EMPTY" || exit "$PULUMI_EMPTY" ;;
    *--expect-no-changes*)
        case "$*" in
            *"config/$PULUMI_DRIFTED "*) exit 7 ;;
            *"config/$PULUMI_CLOSED "*) exit 3 ;;
        esac ;;
    *" preview "*) for word; do case $word in *.yaml) tail -1 "$word" >> "$PULUMI_LOG" ;; esac; done ;;
esac
"""
PROGRAMS = ("account", "identity", "data")


class Shell:
    """Runs the script in a repository and reads what Pulumi was asked."""

    def __init__(self, repository: Path, case: str) -> None:
        self.repository, self.log = repository / "repository", repository / "log"
        write(rendered(case), self.repository)
        (repository / "bin").mkdir()
        (repository / "bin" / "pulumi").write_text(PULUMI, encoding="utf-8")
        (repository / "bin" / "pulumi").chmod(0o755)

    def run(
        self, *arguments: str, empty: str = "", drifted: str = "nothing", closed: str = "nothing"
    ) -> subprocess.CompletedProcess[str]:
        self.log.write_text("", encoding="utf-8")
        path = f"{self.log.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [sys.executable, "-m", "operations", *arguments],
            cwd=self.repository,
            env={
                **os.environ,
                "PATH": path,
                "PULUMI_LOG": str(self.log),
                "PULUMI_EMPTY": empty,
                "PULUMI_DRIFTED": drifted,
                "PULUMI_CLOSED": closed,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def asked(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def fraud(tmp_path: Path) -> Shell:
    return Shell(tmp_path, "fraud")


@pytest.fixture
def one_account(tmp_path: Path) -> Shell:
    return Shell(tmp_path, "one-account")


def test_an_update_takes_the_programs_in_order_and_the_account_by_its_number(fraud: Shell) -> None:
    done = fraud.run("up", "staging", *PROGRAMS)

    assert done.returncode == 0, done.stderr
    assert [line for line in fraud.asked() if " up " in line] == [
        "-C config/account up --stack 222222222222 --yes --non-interactive",
        "-C config/identity up --stack staging --yes --non-interactive",
        "-C config/data up --stack staging --yes --non-interactive",
    ]


def test_state_and_its_key_are_those_of_the_environment(fraud: Shell) -> None:
    fraud.run("up", "prod", "identity")

    assert fraud.asked()[0] == "login s3://card-fraud-prod-state-333333333333?region=eu-west-1"
    assert "--secrets-provider awskms://alias/card-fraud-prod-state?region=eu-west-1" in fraud.asked()[1]


def test_what_exists_once_in_an_account_is_updated_once(one_account: Shell) -> None:
    """Two stacks of one trail would fight for it."""
    for environment in ("dev", "staging"):
        done = one_account.run("up", environment, *PROGRAMS)
        touched = [line for line in one_account.asked() if "config/account" in line]
        assert bool(touched) == (environment == "dev")

    assert "account 111111111111 is kept with the environment dev" in done.stdout


def test_a_preview_assumes_upstream_and_writes_nothing_into_the_repository(fraud: Shell) -> None:
    before = (fraud.repository / "config/data/Pulumi.dev.yaml").read_bytes()

    fraud.run("preview", "dev", "data")

    assert fraud.asked()[-1] == '  modelkeel:assume_upstream: "true"'
    assert not [line for line in fraud.asked() if "--create" in line or " up " in line]
    assert (fraud.repository / "config/data/Pulumi.dev.yaml").read_bytes() == before


def test_a_preview_of_what_was_never_deployed_says_so(fraud: Shell) -> None:
    """The role of previews may not write a new stack into the state."""
    done = fraud.run("preview", "dev", "data", empty="6")

    assert done.returncode == 0
    assert "data: not deployed yet" in done.stdout


def test_a_state_that_cannot_be_read_is_not_taken_for_an_empty_one(fraud: Shell) -> None:
    done = fraud.run("preview", "dev", "data", empty="3")

    assert done.returncode == 1
    assert "no credentials, or too few rights" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"), [(("up", "qa", "data"), "dev staging prod"), (("down", "dev", "data"), "invalid choice")]
)
def test_a_wrong_word_is_a_usage_error(fraud: Shell, arguments: tuple[str, ...], said: str) -> None:
    done = fraud.run(*arguments)

    assert done.returncode == 2
    assert said in done.stderr


def test_drift_is_looked_for_in_every_program_and_named(fraud: Shell) -> None:
    """The first program that differs must not hide the others."""
    done = fraud.run("drift", "dev", *PROGRAMS, drifted="identity")

    assert done.returncode == 1
    assert done.stderr.startswith("not as the programs say, in dev: identity\n")
    assert len([line for line in fraud.asked() if "--expect-no-changes" in line]) == len(PROGRAMS)
    assert not [line for line in fraud.asked() if " up " in line]


def test_what_could_not_be_compared_is_not_called_drift(fraud: Shell) -> None:
    done = fraud.run("drift", "dev", *PROGRAMS, closed="identity", drifted="data")

    assert done.returncode == 1
    assert done.stderr.startswith("could not be compared, in dev: identity\n")
    assert "not as the programs say: data" in done.stderr


def test_no_drift_is_no_failure(fraud: Shell) -> None:
    assert fraud.run("drift", "dev", *PROGRAMS).returncode == 0
