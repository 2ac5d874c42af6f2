"""The repository that the platform's commands read and write: teams, their tiers and prices, what the cluster has."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stacks import teams as files
from stacks.teams import Team, TeamsError

from ..problem import ProblemError


@dataclass(frozen=True)
class Repository:
    """The repository at `root`; each property reads its file anew."""

    root: Path

    @property
    def teams_folder(self) -> Path:
        """Where the team files lie."""
        return self.root / "teams"

    def project_folder(self, team: str, name: str) -> Path:
        """Where a project lies."""
        return self.root / "projects" / team / name

    @property
    def teams(self) -> list[Team]:
        """All teams, by name.

        Raises:
            ProblemError: files are not what they must be; all problems are named.
        """
        try:
            return files.read(self.teams_folder)
        except TeamsError as error:
            raise ProblemError("the team files are not right", got=str(error), fix="see docs/teams.md") from error

    def team(self, name: str) -> Team:
        """A team by its name.

        Raises:
            ProblemError: there is no such team.
        """
        found = {team.name: team for team in self.teams}
        if name not in found:
            raise ProblemError(
                "there is no such team", got=name, allowed=", ".join(found), fix=f"make new-team NAME={name} OWNER=..."
            )
        return found[name]

    @property
    def tiers(self) -> dict[str, Any]:
        """What the platform asks of each tier, and promises."""
        return self._toml("tiers.toml")

    @property
    def prices(self) -> dict[str, Any]:
        """What an hour of a GPU and of a processor is charged at, and on which basis."""
        return self._toml("prices.toml")

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments, from the first to production."""
        return tuple((self.root / "config" / "environments.txt").read_text().split())

    @property
    def gpus(self) -> dict[str, int]:
        """GPUs of the cluster at its largest, by environment; none where there is no cluster."""
        return {name: self._gpus(name) for name in self.environments}

    def _gpus(self, environment: str) -> int:
        path = self.root / "config" / "kubernetes" / f"Pulumi.{environment}.yaml"
        if not path.is_file():
            return 0
        config = yaml.safe_load(path.read_text())["config"]
        machines = [*config.get("kubernetes:pools", []), *config.get("kubernetes:kept", [])]
        return sum(int(row["gpus"]) * int(row["most_nodes"]) for row in machines)

    def _toml(self, name: str) -> dict[str, Any]:
        path = self.teams_folder / name
        try:
            return tomllib.loads(path.read_text())
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ProblemError(f"teams/{name} cannot be read", got=str(error), fix="correct the file") from error
