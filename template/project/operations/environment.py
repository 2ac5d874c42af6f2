"""An environment as `config/` describes it: where it lives, where its state is, which stacks it has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from operations.problem import USAGE, OperationError

ROOT = Path(__file__).resolve().parents[1]
SHARED = "shared"
"""What all environments share in a tooling account, as far as its updates go an environment of its own."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One environment; `state_url` and `secrets_provider` are what Pulumi is told.

    `neighbours` are the other environments in its account.
    """

    root: Path
    name: str
    project: str
    account: str
    region: str
    partition: str
    tags: dict[str, str]
    state_url: str
    secrets_provider: str
    account_keeper: str
    neighbours: tuple[str, ...] = ()

    @property
    def state_bucket(self) -> str:
        """The bucket that `state_url` names."""
        return self.state_url.removeprefix("s3://").partition("?")[0].partition("/")[0]

    @property
    def state_key_alias(self) -> str:
        """The alias of the KMS key that encrypts secrets in the state."""
        return self.secrets_provider.removeprefix("awskms://").partition("?")[0]

    @property
    def keeps_account(self) -> bool:
        """Whether what exists once in the account is updated with this environment."""
        return self.account_keeper == self.name

    @property
    def owns_account(self) -> bool:
        """Whether no other environment lives in the account."""
        return not self.neighbours

    @property
    def prefix(self) -> str:
        """How the names of the environment's resources begin."""
        return f"{self.project}-{self.name}-"

    def stack(self, program: str) -> str:
        """Return the name of the stack of `program`: the account's number for what exists once in an account."""
        return self.account if program == "account" else self.name

    def config_folder(self, program: str) -> Path:
        """Return where Pulumi runs `program`."""
        return self.root / "config" / program


def load(name: str, root: Path = ROOT) -> Environment:
    """Read the environment `name`.

    Raises:
        OperationError: there is no such environment, or its files lack something.
    """
    names = (root / "config" / "environments.txt").read_text(encoding="utf-8").split()
    if name == SHARED and (root / "config" / "tooling").is_dir():
        names = [SHARED]
    if name not in names:
        raise OperationError(f"no environment '{name}'", name or "no name", f"choose from {' '.join(names)}", USAGE)
    shell = _assignments(root / "config" / "ci" / f"{name}.env")
    platform = _platform(root, name)
    account = str(platform["account_id"])
    housed = [other for other in names if str(_platform(root, other)["account_id"]) == account]
    return Environment(
        root=root,
        name=name,
        project=str(platform["project"]),
        account=account,
        region=str(platform["region"]),
        partition=str(platform["partition"]),
        tags={"project": str(platform["project"]), "env": name},
        state_url=shell["PULUMI_BACKEND_URL"],
        secrets_provider=shell["PULUMI_SECRETS_PROVIDER"],
        account_keeper=housed[0],
        neighbours=tuple(other for other in housed if other != name),
    )


def _platform(root: Path, name: str) -> dict[str, Any]:
    program = "tooling" if name == SHARED else "identity"
    path = root / "config" / program / f"Pulumi.{name}.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))["config"]
    return {key.removeprefix("platform:"): value for key, value in config.items() if key.startswith("platform:")}


def _assignments(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
