"""What a list of existing resources becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modelkeel.errors import ExitCode
from modelkeel.graph import Resource, Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One line of the list: which resource of the program, and the id of what exists. `location` is where it stands."""

    reference: str
    id: str
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A name that the id gives and the program does not: `replaces` tells that the next update makes it again."""

    property: str
    exists: str
    program: str
    replaces: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """One resource of a stack with the id of what it takes over; `form` is None where the type's ids are not known."""

    stack: Stack
    resource: Resource
    id: str
    form: str | None
    differences: tuple[Difference, ...] = ()

    @property
    def key(self) -> str:
        """The resource by type and name, as `modelkeel:import_ids` names it within a program."""
        return f"{self.resource.type}::{self.resource.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoptions:
    """The whole list, in the order of stacks and URNs.

    `not_importable` are the types of the graph that Pulumi cannot take over, with the reason; `unknown_forms` those
    whose ids nothing here can check.
    """

    project: str
    environment: str
    tool_version: str
    rows: tuple[Adoption, ...]
    not_importable: Mapping[str, str]
    unknown_forms: tuple[str, ...]

    @property
    def exit_code(self) -> ExitCode:
        """1 when what is taken over would be replaced, or changed, by the next update."""
        return ExitCode.FINDINGS if any(row.differences for row in self.rows) else ExitCode.OK

    def of(self, program: str) -> tuple[Adoption, ...]:
        """Return the rows of one program."""
        return tuple(row for row in self.rows if row.stack.program == program)

    @property
    def programs(self) -> tuple[str, ...]:
        """The programs that take something over, in the order of the graph."""
        return tuple(dict.fromkeys(row.stack.program for row in self.rows))
