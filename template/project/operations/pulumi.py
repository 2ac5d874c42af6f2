"""The Pulumi CLI, driven from one place: which call is made for which step, and what its answer means.

`tests/infra/pulumi_cli.toml` lists every command and flag that is used here, with its page and the date it was read.
Exit codes: https://www.pulumi.com/docs/iac/cli/exit-codes/. `--ignore-protect` came with 3.256.0 (the CLI's CHANGELOG);
`requiredPulumiVersion` in each Pulumi.yaml asks for it, so that an older CLI stops before it does anything.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from operations.environment import Environment
from operations.problem import ENVIRONMENT, OperationError

STACK_NOT_FOUND, CHANGES = 6, 7
FALLBACK = {"PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true"}
"""Secrets are decrypted by the key that the state names. The CLI writes that key into the stack's file of whoever made
the stack; without this variable it asks a checkout that lacks those two lines for a passphrase."""

Runner = Callable[..., "subprocess.CompletedProcess[str]"]
MEANINGS = {
    2: ("the CLI refused the call", "read the message above: a value or a flag is wrong"),
    3: ("no credentials, or too few rights", "take the role of the environment, and log in again"),
    4: ("a resource could not be created, changed or deleted", "mend the cause above and run the same target again"),
    5: ("a policy refuses the change", "change the program, or waive the policy in policies/waivers.toml"),
    8: ("the run was interrupted", "run the same target again; if the stack is locked, see docs/operations.md"),
}
OTHER = (
    "Pulumi stopped",
    "read its message above, then run the same target again: it does what is left. A stack that is locked, see "
    "docs/operations.md",
)


class Pulumi:
    """The calls for one environment; each raises a OperationError when the CLI fails, and leaves the state as it is."""

    def __init__(self, environment: Environment, run: Runner = subprocess.run) -> None:
        """Start nothing yet; `run` is how a process is run.

        Raises:
            OperationError: the CLI is not installed.
        """
        self._environment = environment
        self._start = run
        found = shutil.which("pulumi")
        if found is None:
            raise OperationError(
                "the Pulumi CLI is not installed",
                "no `pulumi` on PATH",
                "https://www.pulumi.com/docs/install/",
                ENVIRONMENT,
            )
        self._binary = found
        # Without a terminal nobody can say yes; the environment's reviewers have.
        self._confirmed = [] if sys.stdin.isatty() else ["--yes", "--non-interactive"]

    def login(self) -> None:
        """Choose the environment's state."""
        self._run(["login", self._environment.state_url], "login")

    def exists(self, program: str) -> bool:
        """Whether the program's stack is in the state.

        Raises:
            OperationError: nobody can tell, as without rights to the state; that is not the same as no.
        """
        arguments = self._in(program, "stack", "select", self._environment.stack(program))
        done = self._done(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode == STACK_NOT_FOUND:
            return False
        if done.returncode != 0:
            print(done.stderr, file=sys.stderr)
            raise self._problem(arguments, program, done.returncode)
        return True

    def create(self, program: str) -> None:
        """Make the program's stack, with the key that encrypts its secrets; one that exists stays as it is."""
        arguments = ["stack", "select", self._environment.stack(program), "--create"]
        self._run([*self._in(program, *arguments), "--secrets-provider", self._environment.secrets_provider], program)

    def up(self, program: str) -> None:
        """Update the program's stack."""
        self._run([*self._in(program, "up", *self._stack(program)), *self._confirmed], program)

    def preview(self, program: str, config_file: str) -> None:
        """Show what an update would change, with the settings of `config_file`."""
        self._run(self._in(program, "preview", *self._stack(program), "--config-file", config_file, "--diff"), program)

    def unchanged(self, program: str) -> bool:
        """Whether what exists is what the program says.

        Raises:
            OperationError: it could not be compared.
        """
        arguments = ["preview", *self._stack(program), "--refresh", "--expect-no-changes", "--diff"]
        code = self._call(self._in(program, *arguments))
        if code not in {0, CHANGES}:
            raise self._problem(self._in(program, *arguments), program, code)
        return code == 0

    def outputs(self, program: str) -> dict[str, Any]:
        """Return the exports of the program's last update."""
        text = self._read(self._in(program, "stack", "output", "--json", *self._stack(program)), program)
        return dict(json.loads(text or "{}"))

    def resources(self, program: str) -> list[dict[str, Any]]:
        """Return the rows of the state: type, id, URN, `protect`, outputs."""
        return list(self._state(program).get("resources") or [])

    def state(self, program: str) -> dict[str, Any]:
        """Return the whole state of the program, secrets encrypted: what `stack export` gives."""
        text = self._read(self._in(program, "stack", "export", *self._stack(program)), program)
        return dict(json.loads(text or "{}"))

    def replace_state(self, program: str, state: dict[str, Any]) -> None:
        """Put another state in the place of the program's; Pulumi checks that it holds together."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "state.json"
            file.write_text(json.dumps(state), encoding="utf-8")
            self._run(self._in(program, "stack", "import", *self._stack(program), "--file", str(file)), program)

    def half_made(self, program: str) -> list[str]:
        """Return the URNs of what a killed run was making: it may exist, and the state does not know its id."""
        rows = self._state(program).get("pending_operations") or []
        return [str(row["resource"]["urn"]) for row in rows if row.get("type") == "creating"]

    def destroy(self, program: str, *, protected: bool) -> None:
        """Delete what the stack holds; without `protected`, all but what is protected and what that stands on.

        Protection stays in the state: a run that stops half-way leaves the rest as protected as it was.
        """
        flag = "--ignore-protect" if protected else "--exclude-protected"
        self._run(self._in(program, "destroy", *self._stack(program), "--yes", "--non-interactive", flag), program)

    def remove(self, program: str) -> None:
        """Remove the empty stack from the state; its file in config/ stays."""
        stack = self._environment.stack(program)
        self._run(self._in(program, "stack", "rm", stack, "--yes", "--preserve-config", "--non-interactive"), program)

    def _in(self, program: str, *arguments: str) -> list[str]:
        return ["-C", str(self._environment.config_folder(program).relative_to(self._environment.root)), *arguments]

    def _stack(self, program: str) -> list[str]:
        return ["--stack", self._environment.stack(program)]

    def _state(self, program: str) -> dict[str, Any]:
        return dict(self.state(program).get("deployment") or {})

    def _variables(self) -> dict[str, str]:
        here = {"AWS_REGION": self._environment.region, "PULUMI_BACKEND_URL": self._environment.state_url}
        return {**os.environ, **FALLBACK, **here}

    def _done(self, arguments: list[str], **streams: Any) -> subprocess.CompletedProcess[str]:
        sys.stdout.flush()
        call = [self._binary, *arguments]
        return self._start(call, cwd=self._environment.root, env=self._variables(), text=True, check=False, **streams)

    def _call(self, arguments: list[str]) -> int:
        return self._done(arguments).returncode

    def _run(self, arguments: list[str], step: str) -> None:
        code = self._call(arguments)
        if code != 0:
            raise self._problem(arguments, step, code)

    def _read(self, arguments: list[str], step: str) -> str:
        done = self._done(arguments, stdout=subprocess.PIPE)
        if done.returncode != 0:
            raise self._problem(arguments, step, done.returncode)
        return str(done.stdout)

    def _problem(self, arguments: list[str], step: str, code: int) -> OperationError:
        why, fix = MEANINGS.get(code, OTHER)
        called = " ".join(["pulumi", *arguments])
        return OperationError(f"{step} of {self._environment.name}: {why}", f"exit code {code} of {called}", fix)
