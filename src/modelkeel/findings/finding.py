"""What a check finds: one row for each control and resource."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from modelkeel.errors import ExitCode
from modelkeel.graph import Source

Result = Literal["violation", "error", "undetermined", "waived", "pass"]
Severity = Literal["critical", "high", "medium", "low"]

RESULTS: tuple[Result, ...] = ("violation", "error", "undetermined", "waived", "pass")
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Framework:
    """A clause of a framework that a control serves; `basis` is `vendor-backed` or `judgement`."""

    id: str
    clause: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Control:
    """What the reports need of a control: the texts of its row."""

    id: str
    title: str
    severity: Severity
    rationale: str
    remediation: str
    source: str
    frameworks: tuple[Framework, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Who answers for a violation, until when (ISO date), and why."""

    owner: str
    reason: str
    ticket: str
    expires: str
    expired: bool


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one control says of one resource; `urn` is None where it speaks of the graph as a whole.

    `ordinal` tells apart findings of one control at one place.
    """

    control: Control
    result: Result
    urn: str | None
    program: str | None
    environment: str
    path: str = ""
    message: str = ""
    location: Source | None = None
    waiver: Waiver | None = None
    ordinal: int = 0

    @cached_property
    def fingerprint(self) -> str:
        """Names the finding from one commit to the next: no line number and no wording goes into it."""
        text = "\n".join((self.control.id, self.urn or "", self.path, str(self.ordinal)))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def resource_name(self) -> str:
        """The resource's name in the program, or the environment for a finding about the graph."""
        return self.urn.rsplit("::", 1)[-1] if self.urn else self.environment

    @property
    def resource_type(self) -> str:
        """The resource's own type without its parents' types; empty for a finding about the graph."""
        parts = (self.urn or "").split("::")
        return parts[2].rsplit("$", 1)[-1] if len(parts) > 2 else ""


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """What packs of others said of the same graph, and the policies that they asked."""

    controls: tuple[Control, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Findings:
    """All findings of one check, worst first, passes last; `controls` are those that were asked.

    `judged_on` is the day (UTC, ISO) that decided which waivers have expired; `bound_by` are the frameworks that the
    project says, in its tag `compliance`, that it answers to.
    """

    project: str
    environment: str
    tool_version: str
    findings: tuple[Finding, ...]
    controls: tuple[Control, ...] = ()
    stacks: tuple[str, ...] = ()
    resource_types_without_control: Mapping[str, int] = field(default_factory=dict)
    strict: bool = False
    judged_on: str = "1970-01-01"
    bound_by: tuple[str, ...] = ()

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each result."""
        found = Counter(finding.result for finding in self.findings)
        return {result: found[result] for result in RESULTS}

    @property
    def exit_code(self) -> ExitCode:
        """Findings for a violation or a rule that failed; with `strict` for what is undetermined too."""
        failing = self.counts["violation"] + self.counts["error"]
        if self.strict:
            failing += self.counts["undetermined"]
        return ExitCode.FINDINGS if failing else ExitCode.OK
