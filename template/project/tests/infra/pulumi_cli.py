"""A stand-in for the Pulumi CLI: the behaviour that its pages document, over a simulated account.

It knows the commands and flags of `pulumi_cli.toml` and refuses all others with exit code 2. A program is a list of
what it names. `before` is called ahead of each thing that it does, so that a test can let any of them fail.
"""

from __future__ import annotations

import copy
import json
import subprocess
import tomllib
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.infra.account import RefusedError

TABLE = tomllib.loads((Path(__file__).with_name("pulumi_cli.toml")).read_text(encoding="utf-8"))
COMMANDS: dict[str, dict[str, Any]] = {row["name"]: row for row in TABLE["command"]}
SWITCHES = {
    *("--clear-pending-creates", "--create", "--diff", "--exclude-protected", "--expect-no-changes"),
    *("--ignore-protect", "--include-parents", "--json", "--non-interactive", "--preserve-config", "--preview-only"),
    *("--protect", "--refresh", "--secret", "--show-urns", "--yes"),
}
STACK, PROVIDER = "pulumi:pulumi:Stack", "pulumi:providers:aws"


class KilledError(Exception):
    """The process is gone: its lock stays, and what it was making is not in the state."""


class RefusedCallError(Exception):
    """The CLI ends with an exit code and a message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Place(Protocol):
    """Where resources are made."""

    def make(self, kind: str, name: str, *, locked: bool = False, stack: str = "any") -> None: ...
    def delete(self, kind: str, name: str) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Named:
    """A resource that a program names; `id` is what it is called on AWS."""

    kind: str
    id: str
    protect: bool = False
    retain: bool = False
    locked: bool = False


class PulumiCli:
    """Runs calls as `subprocess.run` does; `states` holds each checkpoint as text, by project and stack."""

    def __init__(self, place: Place, states: MutableMapping[str, str] | None = None) -> None:
        self.place = place
        self.states: MutableMapping[str, str] = {} if states is None else states
        self.programs: dict[str, list[Named]] = {}
        self.outputs: dict[str, dict[str, Any]] = {}
        self.locks: set[str] = set()
        self.before: Callable[[str], None] = lambda _: None
        self.calls: list[str] = []

    def __call__(self, call: Sequence[str], *, cwd: Path, env: dict[str, str], **_: Any) -> Any:
        """Answer one call."""
        words = list(call[1:])
        self.calls.append(" ".join(words))
        try:
            code, said, why = 0, self._run(words, cwd, env), ""
        except RefusedCallError as refused:
            code, said, why = refused.code, "", str(refused)
        except RefusedError as refused:
            code, said, why = 4, "", str(refused)
        except KilledError:
            code, said, why = -9, "", "killed"
        return subprocess.CompletedProcess(list(call), code, said, why)

    def _run(self, words: list[str], cwd: Path, env: dict[str, str]) -> str:
        folder = cwd
        if words[0] == "-C":
            folder, words = cwd / words[1], words[2:]
        name = max((each for each in COMMANDS if [*each.split()] == words[: len(each.split())]), key=len, default="")
        if not name:
            raise RefusedCallError(2, f"unknown command {' '.join(words)}")
        given, flags = _parsed(name, words[len(name.split()) :])
        if name == "login":
            return ""
        if "PULUMI_BACKEND_URL" not in env:
            raise RefusedCallError(3, "no state was chosen")
        lines = (folder / "Pulumi.yaml").read_text(encoding="utf-8").splitlines()
        project = next(line.removeprefix("name: ") for line in lines if line.startswith("name: "))
        stack = flags.get("--stack", [given[0] if given else ""])[-1]
        method = getattr(self, "_" + name.replace(" ", "_").replace("-", "_"))
        said = method(_Call(project=project, stack=stack, given=given, flags=flags, folder=folder))
        return str(said or "")

    def _stack_select(self, call: _Call) -> None:
        if call.key in self.states:
            return
        if "--create" not in call.flags:
            raise RefusedCallError(6, f"no stack named '{call.stack}' found")
        self.before(f"create stack {call.key}")
        provider = call.flags.get("--secrets-provider", ["passphrase"])[-1]
        self._save(call.key, {"secrets_providers": {"state": {"url": provider}}, "resources": []})

    def _stack_export(self, call: _Call) -> str:
        text = json.dumps({"version": 3, "deployment": self._load(call.key)})
        if "--file" in call.flags:
            Path(call.folder, call.flags["--file"][-1]).write_text(text, encoding="utf-8")
        return text

    def _stack_import(self, call: _Call) -> None:
        self._load(call.key)
        text = Path(call.folder, call.flags["--file"][-1]).read_text(encoding="utf-8")
        self._save(call.key, json.loads(text)["deployment"])

    def _stack_output(self, call: _Call) -> str:
        self._load(call.key)
        return json.dumps(self.outputs.get(call.program, {}))

    def _stack_rm(self, call: _Call) -> None:
        if self._load(call.key)["resources"]:
            raise RefusedCallError(1, f"'{call.stack}' still has resources; removal rejected")
        self.before(f"remove stack {call.key}")
        del self.states[call.key]

    def _stack_change_secrets_provider(self, call: _Call) -> None:
        state = self._load(call.key)
        state["secrets_providers"] = {"state": {"url": call.given[0]}}
        self._save(call.key, state)
        kept = call.file.read_text(encoding="utf-8")
        call.file.write_text(f"secretsprovider: {call.given[0]}\nencryptedkey: AQICAHi\n{kept}", encoding="utf-8")

    def _stack(self, call: _Call) -> str:
        return "\n".join(row["urn"] for row in self._load(call.key)["resources"])

    def _cancel(self, call: _Call) -> None:
        self.locks.discard(call.key)

    def _up(self, call: _Call) -> None:
        self._locked(call.key)
        state = self._load(call.key)
        wanted = self.programs.get(call.program, [])
        known = {row["urn"]: row for row in state["resources"]}
        if not state["resources"]:
            state["resources"].append({"urn": _urn(call, STACK, "root"), "type": STACK})
            state["resources"].append({"urn": _urn(call, PROVIDER, "aws"), "type": PROVIDER, "id": call.program})
        for each in wanted:
            urn = _urn(call, each.kind, each.id)
            if urn not in known:
                self._make(call, state, each, urn)
            else:
                known[urn]["protect"] = each.protect
        roots = {_urn(call, STACK, "root"), _urn(call, PROVIDER, "aws")}
        kept = roots | {_urn(call, each.kind, each.id) for each in wanted}
        for row in [row for row in reversed(state["resources"]) if row["urn"] not in kept]:
            self._unmake(call.key, state, row)
        self._save(call.key, state)
        self.locks.discard(call.key)

    def _make(self, call: _Call, state: dict[str, Any], each: Named, urn: str) -> None:
        key = call.key
        row = {"urn": urn, "type": each.kind, "id": each.id, "protect": each.protect, "retainOnDelete": each.retain}
        row |= {"parent": _urn(call, STACK, "root"), "provider": f"{_urn(call, PROVIDER, 'aws')}::{call.program}"}
        self._step(f"create {each.id}", key)
        pending = state.setdefault("pending_operations", [])
        pending.append({"type": "creating", "resource": {"urn": urn, "type": each.kind}})
        self._save(key, state)
        try:
            stack = key.split("/", maxsplit=1)[0].removeprefix("shop-")
            self.place.make(each.kind, each.id, locked=each.locked, stack=stack)
        except RefusedError:
            pending.pop()
            self._save(key, state)
            self.locks.discard(key)
            raise
        self._step(f"created {each.id}", key)
        pending.pop()
        state["resources"].append(row)
        self._save(key, state)

    def _unmake(self, key: str, state: dict[str, Any], row: dict[str, Any]) -> None:
        if row["type"] not in {STACK, PROVIDER} and not row.get("retainOnDelete"):
            self._step(f"delete {row['id']}", key)
            try:
                self.place.delete(row["type"], row["id"])
            except KeyError:
                pass  # The provider takes what is gone for deleted.
            except RefusedError:
                self.locks.discard(key)
                raise
        state["resources"].remove(row)
        self._save(key, state)

    def _step(self, what: str, key: str) -> None:
        try:
            self.before(what)
        except RefusedCallError:
            self.locks.discard(key)
            raise

    def _preview(self, call: _Call) -> None:
        rows = self._load(call.key)["resources"]
        known = {row["urn"] for row in rows if row["type"] not in {STACK, PROVIDER}}
        wanted = {_urn(call, each.kind, each.id) for each in self.programs.get(call.program, [])}
        if "--expect-no-changes" in call.flags and known != wanted:
            raise RefusedCallError(7, "changes were not expected")

    def _refresh(self, call: _Call) -> None:
        self._locked(call.key)
        state = self._load(call.key)
        pairs = call.flags.get("--import-pending-creates", [])
        if len(pairs) % 2:
            raise RefusedCallError(2, "each URN must be followed by an ID")
        ids = dict(zip(pairs[::2], pairs[1::2], strict=True))
        for operation in list(state.get("pending_operations", [])):
            row = operation["resource"]
            if row["urn"] in ids:
                state["resources"].append({**row, "id": ids[row["urn"]], "protect": False})
            if row["urn"] in ids or "--clear-pending-creates" in call.flags:
                state["pending_operations"].remove(operation)
        self._save(call.key, state)
        self.locks.discard(call.key)

    def _destroy(self, call: _Call) -> None:
        self._locked(call.key)
        state = self._load(call.key)
        if not state["resources"]:
            raise RefusedCallError(6, "the stack has no state")
        held = [row for row in state["resources"] if row.get("protect")]
        if held and not {"--exclude-protected", "--ignore-protect"} & set(call.flags):
            self.locks.discard(call.key)
            raise RefusedCallError(4, f"{held[0]['urn']} is protected")
        stay = held if "--exclude-protected" in call.flags else []
        for row in [row for row in reversed(state["resources"]) if row not in stay]:
            if row["type"] not in {STACK, PROVIDER} or not stay:
                self._unmake(call.key, state, row)
        self.locks.discard(call.key)

    def _import(self, call: _Call) -> None:
        state = self._load(call.key)
        kind, name, identifier = call.given
        row = {"urn": _urn(call, kind, name), "type": kind, "id": identifier, "protect": True}
        state["resources"].append(row)
        self._save(call.key, state)

    def _state_move(self, call: _Call) -> None:
        source, dest = (_reference(call, call.flags[flag][-1]) for flag in ("--source", "--dest"))
        there, here = self._load(source), self._load(dest)
        moved = [row for row in there["resources"] if row["urn"] in call.given]
        if not moved:
            raise RefusedCallError(1, "no resources found to move")
        if {row["id"] for row in there["resources"] if row["type"] == PROVIDER} != {
            row["id"] for row in here["resources"] if row["type"] == PROVIDER
        }:
            raise RefusedCallError(1, f"provider {_urn(call, PROVIDER, 'aws')} already exists in destination stack")
        for row in moved:
            there["resources"].remove(row)
            project, stack = dest.split("/")
            kept = row["urn"].split("::", 2)[2]
            here["resources"].append({**row, "urn": f"urn:pulumi:{stack}::{project}::{kept}"})
        self._save(dest, here)
        self._save(source, there)

    def _config_set(self, call: _Call) -> None:
        self._load(call.key)
        key, value = call.given
        value = f"\n    secure: {'*' * len(value)}" if "--secret" in call.flags else f" '{value}'"
        with call.file.open("a", encoding="utf-8") as file:
            file.write(f"  {key}:{value}\n")

    def _locked(self, key: str) -> None:
        if key in self.locks:
            raise RefusedCallError(1, "the stack is currently locked by 1 lock(s)")
        self.locks.add(key)

    def _load(self, key: str) -> dict[str, Any]:
        if key not in self.states:
            raise RefusedCallError(6, f"no stack named '{key}' found")
        loaded: dict[str, Any] = json.loads(self.states[key])
        return loaded

    def _save(self, key: str, state: dict[str, Any]) -> None:
        self.states[key] = json.dumps(copy.deepcopy(state))


@dataclass(frozen=True, kw_only=True)
class _Call:
    project: str
    stack: str
    given: list[str]
    flags: dict[str, list[str]]
    folder: Path

    @property
    def key(self) -> str:
        return f"{self.project}/{self.stack}"

    @property
    def program(self) -> str:
        return self.folder.name

    @property
    def file(self) -> Path:
        return self.folder / f"Pulumi.{self.stack}.yaml"


def _parsed(name: str, words: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Return arguments and flags of one call.

    Raises:
        RefusedCallError: a flag is not of this command, or nobody could confirm it.
    """
    row, given = COMMANDS[name], []
    flags: dict[str, list[str]] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            given.append(word)
            continue
        flag, _, value = word.partition("=")
        if flag not in {*row["flags"], *TABLE["everywhere"]}:
            raise RefusedCallError(2, f"unknown flag of pulumi {name}: {flag}")
        flag = "--stack" if flag == "-s" else flag
        flags.setdefault(flag, []).append("" if flag in SWITCHES else value or rest.pop(0))
    if "asks" in row and not {row["asks"], "--preview-only"} & set(flags):
        raise RefusedCallError(2, f"pulumi {name} wants {row['asks']} where nobody can answer")
    return given, flags


def _urn(call: _Call, kind: str, name: str) -> str:
    return f"urn:pulumi:{call.stack}::{call.project}::{kind}::{name}"


def _reference(call: _Call, text: str) -> str:
    """Return the key of a stack by its name, as a bucket's backend reads it."""
    organization, project, stack = ("organization", call.project, text) if "/" not in text else text.split("/")
    if organization != "organization":
        raise RefusedCallError(2, "organization name must be 'organization'")
    return f"{project}/{stack}"
