"""What the provider said of a graph: errors, warnings, and what it could not judge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from modelkeel.errors import ExitCode
from modelkeel.graph import Source

SCHEMA_VERSION = 1

Stage = Literal["convert", "validate", "plan"]
Reason = Literal[
    "other-package",
    "unknown-type",
    "newer-argument",
    "follows-newer-argument",
    "newer-value",
    "unknown",
    "secret",
    "needs-aws",
]

REASONS: Mapping[Reason, str] = {
    "other-package": "the resource is of another package than aws",
    "unknown-type": "this build of the provider has no such resource type",
    "newer-argument": "this build of the provider has no such argument, so the resource was judged without it",
    "follows-newer-argument": "this build of the provider misses something, maybe because of an argument it lacks",
    "newer-value": "this build of the provider refuses a value that AWS has introduced since",
    "unknown": "the value is known only after a deployment",
    "secret": "a secret stays out of the graph, so its value was not judged",
    "needs-aws": "the provider asks AWS to judge this while it plans, and there is no account here",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A resource, and where in it: `path` is a property path, "" for the whole resource."""

    urn: str
    type: str
    program: str
    stack: str
    path: str
    location: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An error or a warning; `stage` tells at which step it was found."""

    place: Place
    stage: Stage
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotVerifiable:
    """A resource or a property that this build of the provider could not judge, and why."""

    place: Place
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """The answer of one build of the provider to one graph.

    `resources` counts those that a deployment would create; `verified` those that passed validation and planning
    with nothing left out.
    """

    project: str
    environment: str
    tool_version: str
    provider_version: str
    resources: int
    verified: int
    errors: tuple[Verdict, ...]
    warnings: tuple[Verdict, ...]
    not_verifiable: tuple[NotVerifiable, ...]

    @property
    def exit_code(self) -> ExitCode:
        """1 when there is an error; what could not be judged fails nothing."""
        return ExitCode.FINDINGS if self.errors else ExitCode.OK


def to_document(found: Validation) -> dict[str, Any]:
    """Return the validation as plain JSON of schema version 1."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool_version": found.tool_version,
        "project": found.project,
        "environment": found.environment,
        "provider": {"name": "aws", "version": found.provider_version},
        "summary": {
            "resources": found.resources,
            "verified": found.verified,
            "errors": len(found.errors),
            "warnings": len(found.warnings),
            "not_verifiable": len(found.not_verifiable),
        },
        "errors": [_verdict(row) for row in found.errors],
        "warnings": [_verdict(row) for row in found.warnings],
        "not_verifiable": [
            {**_place(row.place), "reason": row.reason, "message": row.message} for row in found.not_verifiable
        ],
    }


def dumps(found: Validation) -> str:
    """Return the document as text: sorted keys, two spaces, one newline at the end."""
    return json.dumps(to_document(found), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _verdict(row: Verdict) -> dict[str, Any]:
    return {**_place(row.place), "stage": row.stage, "message": row.message}


def _place(place: Place) -> dict[str, Any]:
    location = place.location
    return {
        "urn": place.urn,
        "type": place.type,
        "program": place.program,
        "stack": place.stack,
        "path": place.path,
        "location": None if location is None else {"file": location.file, "line": location.line},
    }
