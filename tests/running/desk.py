"""A platform engineer's desk: a generated repository, a shell, and AWS and Pulumi as far as they are documented.

The shell, make and git are real. `pulumi` and `aws` are small clients that hand each call to this process, where the
stand-in of the CLI and boto3 answer it, the latter on moto. Nothing leaves the machine.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import boto3
import jmespath
import pytest
import typer
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError
from operations import __main__ as operations
from operations import deployment, destruction, moving
from operations.environment import load
from operations.pulumi import Pulumi
from template.conftest import rendered
from tests.infra.account import answered_by
from tests.infra.cloud import Cloud
from tests.infra.pulumi_cli import PulumiCli

from modelkeel.cli.app import app
from modelkeel.render import write

CLIENT = """#!{python} -SE
import json, os, socket, sys
call = json.dumps([os.path.basename(sys.argv[0]), sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
with socket.socket(socket.AF_UNIX) as way:
    way.connect({place!r})
    way.sendall(call)
    way.shutdown(socket.SHUT_WR)
    code, out, err = json.load(way.makefile("rb"))
sys.stdout.write(out)
sys.stderr.write(err)
sys.exit(code)
"""
Answer = tuple[int, str, str]


class StateBucket(MutableMapping[str, str]):
    """Checkpoints where the CLI keeps them, so that a former version is there to go back to."""

    def __init__(self, bucket: str) -> None:
        self.s3, self.bucket = boto3.client("s3", region_name="eu-west-1"), bucket
        place = {"LocationConstraint": "eu-west-1"}
        self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    def _key(self, name: str) -> str:
        return f".pulumi/stacks/{name}.json"

    def __getitem__(self, name: str) -> str:
        try:
            body: bytes = self.s3.get_object(Bucket=self.bucket, Key=self._key(name))["Body"].read()
        except ClientError as error:
            raise KeyError(name) from error
        return body.decode()

    def __setitem__(self, name: str, text: str) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=self._key(name), Body=text.encode())

    def __delitem__(self, name: str) -> None:
        self.s3.delete_object(Bucket=self.bucket, Key=self._key(name))

    def __iter__(self) -> Iterator[str]:
        rows = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=".pulumi/stacks/").get("Contents", [])
        yield from (row["Key"].removeprefix(".pulumi/stacks/").removesuffix(".json") for row in rows)

    def __len__(self) -> int:
        return len(list(iter(self)))


class Vault:
    """AWS Backup, which moto does not have."""

    def __init__(self) -> None:
        self.restored: list[dict[str, Any]] = []

    def answer(self, _service: str, operation: str, sent: dict[str, Any]) -> dict[str, Any]:
        """Answer the two calls that a restore takes."""
        if operation == "start_restore_job":
            self.restored.append(sent)
            return {"RestoreJobId": "job-1"}
        assert operation == "list_recovery_points_by_backup_vault"
        point = "arn:aws:backup:eu-west-1:111111111111:recovery-point:continuous:card-fraud-dev-raw"
        return {"RecoveryPoints": [{"RecoveryPointArn": point, "BackupVaultName": sent["BackupVaultName"]}]}


class Desk:
    """Runs shell text in the repository; `calls` are the command lines that reached a client, `hooks` run between."""

    def __init__(self, folder: Path, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = folder / "repository"
        write(rendered(case), self.root)
        self.environment = load("dev", self.root)
        self.cloud, self.vault = Cloud(), Vault()
        self.cli = PulumiCli(self.cloud, StateBucket(self.environment.state_bucket))
        self.calls: list[str] = []
        self.hooks: list[Callable[[], None]] = []
        self.place = str(folder / "s")
        self._clients(folder / "bin")
        for module in (deployment, destruction, moving):
            monkeypatch.setattr(module, "Pulumi", lambda environment: Pulumi(environment, self.cli))
        monkeypatch.setattr(destruction, "Services", lambda _: self.cloud.connect())
        monkeypatch.setattr(operations.environments, "load", functools.partial(load, root=self.root))
        monkeypatch.setattr(shutil, "which", lambda _: "pulumi")

    def _clients(self, commands: Path) -> None:
        commands.mkdir()
        inside = self.root / ".venv" / "bin"
        inside.mkdir(parents=True)
        text = CLIENT.format(python=sys.executable, place=self.place)
        for path in (*(commands / name for name in ("pulumi", "aws", "uv", "hook", "edit")), inside / "modelkeel"):
            path.write_text(text, encoding="utf-8")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        shutil.copy(commands / "hook", inside / "python")
        for stamp in ("setup", "check"):
            (self.root / ".venv" / f"{stamp}.stamp").touch()
        self.path = f"{commands}{os.pathsep}{os.environ['PATH']}"
        self._git("init", "--quiet", "--initial-branch", "main")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", "generated")

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.root, env=self._variables({}), check=True, capture_output=True)

    def _variables(self, given: dict[str, str]) -> dict[str, str]:
        who = {f"GIT_{role}_{key}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
        home = {"HOME": str(self.root.parent), "GIT_CONFIG_NOSYSTEM": "1", "USER": "ana", "EDITOR": "edit"}
        return {"PATH": self.path, **who, **home, **given}

    def run(self, script: str, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a script as a person would paste it, stopping at the first command that fails."""
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(self.place)
            door.listen()
            threading.Thread(target=self._serve, args=(door,), daemon=True).start()
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", script],
                cwd=self.root,
                env=self._variables(given),
                capture_output=True,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
                timeout=120,
            )
            door.shutdown(socket.SHUT_RDWR)
        Path(self.place).unlink()
        return done

    def _serve(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                way, _ = door.accept()
                with way, way.makefile("rb") as sent:
                    name, words, cwd, variables = json.load(sent)
                    try:
                        answer = getattr(self, f"_{name}")(words, Path(cwd), variables)
                    except Exception as error:
                        answer = (70, "", f"{type(error).__name__}: {error}")
                    way.sendall(json.dumps(answer).encode())

    def _hook(self, words: list[str], *_: Any) -> Answer:
        self.hooks[int(words[0])]()
        return 0, "", ""

    def _edit(self, words: list[str], cwd: Path, _: Any) -> Answer:
        with (cwd / words[0]).open("a", encoding="utf-8") as file:
            file.write("# edited\n")
        return 0, "", ""

    def _pulumi(self, words: list[str], cwd: Path, variables: dict[str, str]) -> Answer:
        done = self.cli(["pulumi", *words], cwd=cwd, env=variables)
        self.calls.append(f"pulumi {' '.join(words)}")
        return done.returncode, done.stdout, done.stderr

    def _uv(self, words: list[str], *_: Any) -> Answer:
        self.calls.append(f"uv {' '.join(words[:2])}")
        return 0, "", ""

    def _python(self, words: list[str], *_: Any) -> Answer:
        self.calls.append(f"python {' '.join(words)}")
        if words[:2] != ["-m", "operations"]:
            return 0, "", ""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = operations.main(words[2:])
        return code, out.getvalue(), err.getvalue()

    def _modelkeel(self, words: list[str], *_: Any) -> Answer:
        """Read the command line as modelkeel does; what it then does has tests of its own."""
        self.calls.append(f"modelkeel {' '.join(words)}")
        group = typer.main.get_command(app)
        with group.make_context("modelkeel", words) as context:
            name, command, rest = group.resolve_command(context, words)  # type: ignore[attr-defined]
            command.make_context(name, rest, parent=context)
        return 0, "", ""

    def _aws(self, words: list[str], *_: Any) -> Answer:
        self.calls.append(f"aws {' '.join(words[:2])}")
        try:
            return 0, self._asked(words[0].removesuffix("api"), words[1], words[2:]), ""
        except (ClientError, ParamValidationError) as error:
            return 254, "", str(error)

    def _asked(self, service: str, operation: str, words: list[str]) -> str:
        """Make one call as the AWS CLI does: each option is a parameter of the operation, by its own name."""
        client = answered_by(self.vault, service) if service == "backup" else _client(service)
        method = operation.replace("-", "_")
        shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape
        names = {"--" + boto3_option(name): name for name in shape.members}
        given = dict(zip(words[::2], words[1::2], strict=True))
        query, output = given.pop("--query", "@"), given.pop("--output", "json")
        parameters = {names[option]: _value(shape.members[names[option]], text) for option, text in given.items()}
        found = jmespath.search(query, getattr(client, method)(**parameters))
        if output == "text" and found is None:
            return "None\n"
        return f"{found}\n" if output == "text" else json.dumps(found, default=str)


@functools.cache
def _client(service: str) -> Any:
    return boto3.client(service, region_name="eu-west-1")


def boto3_option(name: str) -> str:
    """Return the option of the AWS CLI for a parameter."""
    return str(xform_name(name, "-"))


def _value(shape: Any, text: str) -> Any:
    if shape.type_name == "map":
        return dict(pair.split("=", 1) for pair in text.split(","))
    return text
