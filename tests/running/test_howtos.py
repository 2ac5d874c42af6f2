"""Every command of the page on running it, word for word, in a shell; and what has come of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws
from running.desk import Desk
from template.conftest import texts
from tests.infra.cloud import BUCKET
from tests.infra.pulumi_cli import Named

from stacks.identity.settings import IdentitySettings

PAGE = texts("fraud", "docs/operations.md")["docs/operations.md"]
RAW = Named(kind=BUCKET, id="card-fraud-dev-raw", protect=True)
ROLE = Named(kind="aws:iam/role:Role", id="card-fraud-dev-training")
MADE = "card-fraud-dev-curated-111111111111"
URN = f"urn:pulumi:dev::card-fraud-data::{BUCKET}::{RAW.id}"


def sections() -> dict[str, list[str]]:
    """Return the blocks of commands of each section."""
    parts = re.split(r"^## (.+)\n", PAGE, flags=re.MULTILINE)
    pairs = zip(["", *parts[1::2]], parts[::2], strict=True)
    found = {title: re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE) for title, text in pairs}
    return {title: blocks for title, blocks in found.items() if blocks and title}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Desk]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    # All of AWS's managed policies take a while to load; one section attaches one of them.
    with mock_aws(config={"iam": {"load_aws_managed_policies": "Restore data" in request.node.name}}):
        desk = Desk(tmp_path, "fraud", monkeypatch)
        desk.cli.programs = {"data": [RAW], "training": [ROLE]}
        yield desk


def run(desk: Desk, title: str, hooks: dict[int, Callable[[], None]] | None = None, **given: str) -> str:
    """Run a section's commands after those that every shell begins with, and return what was said."""
    first = re.search(r"^```\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert first is not None
    desk.hooks = [(hooks or {}).get(number, lambda: None) for number in range(len(sections()[title]))]
    steps = [f"hook {number}\n{block}" for number, block in enumerate(sections()[title])]
    done = desk.run("\n".join([first[1], *steps]), given)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def deployed(desk: Desk) -> None:
    """Bring the environment up, as the first section does."""
    done = desk.run("make up ENV=dev", {})
    assert done.returncode == 0, done.stderr


def state(desk: Desk, program: str) -> dict[str, dict[str, Any]]:
    """Return the rows of a program's state."""
    return {row["urn"]: row for row in json.loads(desk.cli.states[f"card-fraud-{program}/dev"])["resources"]}


def _look(desk: Desk) -> None:
    deployed(desk)
    said = run(desk, "Look, change, verify")

    assert "no endpoint was asked for" in said
    assert URN in state(desk, "data")
    assert desk.calls[-1] == "modelkeel preview --env prod --against main"


def _locked(desk: Desk) -> None:
    deployed(desk)
    another = Named(kind=BUCKET, id="card-fraud-dev-features")
    urn = URN.replace(RAW.id, another.id)

    def lock() -> None:
        desk.cli.locks.add("card-fraud-data/dev")

    def half_made(exists: bool) -> Callable[[], None]:
        def prepare() -> None:
            kept = json.loads(desk.cli.states["card-fraud-data/dev"])
            kept["resources"] = [row for row in kept["resources"] if row["urn"] != urn]
            kept["pending_operations"] = [{"type": "creating", "resource": {"urn": urn, "type": BUCKET}}]
            desk.cli.states["card-fraud-data/dev"] = json.dumps(kept)
            desk.cli.programs["data"] = [RAW, another]
            desk.cloud.things.pop((BUCKET, another.id), None)
            if exists:
                desk.cloud.make(BUCKET, another.id)

        return prepare

    hooks = {0: lock, 1: half_made(True), 2: half_made(False)}
    run(desk, "A stack is locked, or an update was cut", hooks, URN=urn, ID=another.id)

    assert urn in state(desk, "data")
    assert (BUCKET, another.id) in desk.cloud.things


def _upgrade(desk: Desk) -> None:
    deployed(desk)
    before = state(desk, "data")
    run(desk, "Upgrade pulumi-aws to a new major version")

    kept = json.loads((desk.root / "data-before.json").read_text(encoding="utf-8"))
    assert {row["urn"] for row in kept["deployment"]["resources"]} == set(before) == set(state(desk, "data"))
    assert len([call for call in desk.calls if call == "uv pip install"]) >= 2
    assert "modelkeel check --env all" in desk.calls
    assert "python -m pytest -q" in desk.calls


def _rotate(desk: Desk) -> None:
    deployed(desk)
    kms = boto3.client("kms", region_name="eu-west-1")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/card-fraud-dev-data", TargetKeyId=key)
    run(desk, "Rotate keys and secrets", URL="https://events.example.com/x")

    assert "aws kms" in " ".join(desk.calls)
    text = (desk.root / "config/data/Pulumi.dev.yaml").read_text(encoding="utf-8")
    assert text.startswith("secretsprovider: awskms://alias/card-fraud-dev-state?region=eu-west-1\n")
    assert yaml.safe_load(text)["config"]["platform:environment"] == "dev"
    secret = (desk.root / "config/monitoring/Pulumi.dev.yaml").read_text(encoding="utf-8")
    assert "events.example.com" not in secret
    assert "secure:" in secret


def _move(desk: Desk) -> None:
    deployed(desk)
    desk.cli.programs = {"data": [], "training": [ROLE, RAW]}
    made = set(desk.cloud.things)
    said = run(desk, "Move a resource to another program, or rename it", URN=URN)

    assert "nothing on AWS was touched" in said
    assert URN not in state(desk, "data")
    assert state(desk, "training")[URN.replace("fraud-data", "fraud-training")]["id"] == RAW.id
    desk.cli.before = pytest.fail
    assert desk.run("make up ENV=dev PROGRAMS='data training'", {}).returncode == 0
    assert set(desk.cloud.things) == made


def _teams(desk: Desk) -> None:
    deployed(desk)
    run(desk, "Several teams, several programs")

    assert (desk.root / "CODEOWNERS").read_text(encoding="utf-8").endswith("# edited\n")


def _break_glass(desk: Desk) -> None:
    deployed(desk)
    opened: list[IdentitySettings] = []

    def before_closing() -> None:
        text = (desk.root / "config/identity/Pulumi.dev.yaml").read_text(encoding="utf-8")
        rows = {key.removeprefix("identity:"): value for key, value in yaml.safe_load(text)["config"].items()}
        opened.append(IdentitySettings(**{key: value for key, value in rows.items() if ":" not in key}))

    said = run(desk, "Break glass", {1: before_closing})

    assert opened[0].break_glass_window == ("2026-11-25T18:00:00Z", "2026-11-25T20:00:00Z")
    assert "card-fraud-dev-break-glass/ana" in said
    assert "break_glass" not in (desk.root / "config/identity/Pulumi.dev.yaml").read_text(encoding="utf-8")


def _data(desk: Desk) -> None:
    s3 = boto3.client("s3", region_name="eu-west-1")
    s3.create_bucket(Bucket=MADE, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket=MADE, VersioningConfiguration={"Status": "Enabled"})
    for text in (b"right", b"wrong"):
        s3.put_object(Bucket=MADE, Key="day=1/events.parquet", Body=text)
    run(desk, "Restore data", KEY="day=1/events.parquet", TARGET="card-fraud-dev-restored")

    assert s3.get_object(Bucket=MADE, Key="day=1/events.parquet")["Body"].read() == b"right"
    assert desk.vault.restored[0]["Metadata"]["DestinationBucketName"] == "card-fraud-dev-restored"
    assert desk.vault.restored[0]["IamRoleArn"].endswith(":role/card-fraud-dev-restore")
    assert boto3.client("iam").list_roles()["Roles"] == []


def _state(desk: Desk) -> None:
    deployed(desk)
    good = desk.cli.states["card-fraud-data/dev"]
    desk.cli.states["card-fraud-data/dev"] = json.dumps({"resources": []})
    run(desk, "Restore the state")

    assert json.loads(desk.cli.states["card-fraud-data/dev"])["resources"] == json.loads(good)["resources"]


def _down(desk: Desk) -> None:
    deployed(desk)
    left: list[list[str]] = []
    run(desk, "Take an environment down", {1: lambda: left.append(desk.cloud.left())})

    assert left == [[RAW.id]]
    assert desk.cloud.left() == []


RUNS: dict[str, Callable[[Desk], None]] = {
    "Look, change, verify": _look,
    "A stack is locked, or an update was cut": _locked,
    "Upgrade pulumi-aws to a new major version": _upgrade,
    "Rotate keys and secrets": _rotate,
    "Move a resource to another program, or rename it": _move,
    "Several teams, several programs": _teams,
    "Break glass": _break_glass,
    "Restore data": _data,
    "Restore the state": _state,
    "Take an environment down": _down,
}


def test_every_section_with_commands_is_run() -> None:
    assert list(sections()) == list(RUNS)


@pytest.mark.parametrize("title", RUNS)
def test_its_commands_do_what_it_says(desk: Desk, title: str) -> None:
    RUNS[title](desk)


@pytest.mark.parametrize(
    "wrong", ["pulumi stack destroy", "make upp", "aws s3api copy-objekt --bucket x", ".venv/bin/modelkeel previe"]
)
def test_a_command_that_does_not_exist_stops_the_section(desk: Desk, wrong: str) -> None:
    assert desk.run(f"export PULUMI_BACKEND_URL=s3://b\n{wrong}", {}).returncode != 0
