"""One folder in which every case of a process is laid out after the other: what stays the same is compiled once."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import repositories

from modelkeel import plan
from modelkeel.answers import Answers
from modelkeel.graph import Graph


class Laid(Protocol):
    """What is laid out: answers, and whether a model package has been approved."""

    @property
    def approved(self) -> bool:
        """Whether the serving program names an approved package."""

    def answers(self) -> Answers:
        """Return the answers, valid."""


class Workbench:
    """A folder, and the repository of the case that was laid out last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._laid_out = -1

    @property
    def policies(self) -> Path:
        """The control pack of the repository."""
        return self.folder / "policies"

    def graphs(self, case: Laid, environment: str = "") -> dict[str, Graph]:
        """Return what the programs of the case register: `environment` or each, and what is shared by all."""
        planned = self._lay_out(case)
        environments = [environment] if environment else planned.environments
        names = [*environments, *(["shared"] if "organization" in planned.programs else [])]
        return {name: repositories.registered(self.folder, name) for name in names}

    def _lay_out(self, case: Laid) -> plan.Plan:
        return repositories.lay_out(case.answers(), self.folder, approved=case.approved)
