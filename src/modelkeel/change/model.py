"""What changes between two graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from modelkeel.errors import ExitCode
from modelkeel.graph import Source

Action = Literal["create", "update", "replace", "delete"]
Basis = Literal["provider", "table", "engine", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One resource that an update touches.

    `properties` are the changed paths, `because` those of them from which a replacement comes, or the URN of a
    resource that is replaced before this one. `basis` tells how that is known; `loses` what goes with a stateful
    resource, "" for others; `former_urn` the URN before, where an alias leads to it.
    """

    action: Action
    urn: str
    type: str
    program: str
    stack: str
    properties: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    basis: Basis = "engine"
    loses: str = ""
    protected: bool = False
    retained: bool = False
    former_urn: str | None = None
    location: Source | None = None

    @property
    def is_loss(self) -> bool:
        """Whether a stateful resource would be replaced or deleted; one that Pulumi lets stand is none."""
        return bool(self.loses) and self.action in {"replace", "delete"} and not self.retained


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All changes from `old` to the graph of today, in document order; `same` counts what stays as it is."""

    project: str
    environment: str
    tool_version: str
    against: str
    provider_version: str | None
    same: int
    rows: tuple[Change, ...]

    @property
    def losses(self) -> tuple[Change, ...]:
        """The stateful resources that would be replaced or deleted."""
        return tuple(row for row in self.rows if row.is_loss)

    @property
    def exit_code(self) -> ExitCode:
        """1 when something stateful would be lost."""
        return ExitCode.FINDINGS if self.losses else ExitCode.OK
