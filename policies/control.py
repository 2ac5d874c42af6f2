"""The rows of controls.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FOLDER = Path(__file__).resolve().parent
SEVERITIES = ("critical", "high", "medium", "low")
SCOPES = ("resource", "stack", "graph")
LOCAL = "local"
LOCAL_KEYS = ("title", "severity", "scope", "rationale", "remediation")
BASES = ("vendor-backed", "judgement")

_NUMBER = re.compile(r"(\d+)")

Severity = Literal["critical", "high", "medium", "low"]
Scope = Literal["resource", "stack", "graph"]
Rule = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One requirement of a framework that a control serves, and whether a vendor's map says so or we judge it."""

    framework: str
    clause: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One row. `applies_to` are the types judged one by one; without any, the view is judged as a whole.

    `reads` are further types that the rule looks at. `scope` says how much it must see: one resource, one
    program's stack, or the graph of an environment. `environments` and `only_for` limit it: to the environments
    named, and to projects one of whose tags says so (`compliance:pci_dss_4`, `ai-risk:high`); empty means all.
    """

    id: str
    catalogue: str
    title: str
    severity: Severity
    scope: Scope
    applies_to: tuple[str, ...]
    reads: tuple[str, ...]
    environments: tuple[str, ...]
    only_for: tuple[str, ...]
    rationale: str
    remediation: str
    source: str
    clauses: tuple[Clause, ...]

    @property
    def function(self) -> str:
        """The name of its rule: the id in snake case."""
        return self.id.replace("-", "_")

    @property
    def frameworks(self) -> frozenset[str]:
        """The frameworks that it serves."""
        return frozenset(clause.framework for clause in self.clauses)


def load(folder: Path = FOLDER) -> tuple[Control, ...]:
    """Return the controls in the order of the catalogue.

    Raises:
        OSError, tomllib.TOMLDecodeError, KeyError, TypeError: the table is missing or damaged.
        ValueError: a row of the team's own table is incomplete, or has the id of one of the pack's.
    """
    with (folder / "controls.toml").open("rb") as stream:
        rows = tomllib.load(stream)
    rows |= _local(folder / "local" / "controls.toml", rows)
    with (folder / "fedramp.toml").open("rb") as stream:
        baselines: Mapping[str, list[str]] = tomllib.load(stream)["baseline"]
    controls = [_control(name, row, baselines) for name, row in rows.items()]
    return tuple(sorted(controls, key=lambda control: (control.catalogue, control.id)))


def _local(path: Path, taken: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rows of the team's own controls; they have no number in the catalogue."""
    if not path.is_file():
        return {}
    with path.open("rb") as stream:
        rows = tomllib.load(stream)
    for name, row in rows.items():
        if name in taken:
            raise ValueError(f"local/controls.toml: the pack has a control {name} already, choose another id")
        missing = [key for key in LOCAL_KEYS if not isinstance(row, dict) or key not in row]
        if missing:
            raise ValueError(f"local/controls.toml: control {name} has no {', '.join(missing)}")
        if row["severity"] not in SEVERITIES or row["scope"] not in SCOPES:
            allowed = f"severity {', '.join(SEVERITIES)}; scope {', '.join(SCOPES)}"
            given = f"severity {row['severity']!r}, scope {row['scope']!r}"
            raise ValueError(f"local/controls.toml: control {name} has {given}; allowed: {allowed}")
    return {name: {"catalogue": LOCAL, "applies_to": [], "source": "", **row} for name, row in rows.items()}


def _control(name: str, row: Mapping[str, Any], baselines: Mapping[str, list[str]]) -> Control:
    clauses = [
        Clause(framework=framework, clause=clause, basis=basis)
        for basis in BASES
        for framework, found in row.get(basis, {}).items()
        for clause in found
    ]
    return Control(
        id=name,
        catalogue=row["catalogue"],
        title=row["title"],
        severity=row["severity"],
        scope=row["scope"],
        applies_to=tuple(row["applies_to"]),
        reads=tuple(row.get("reads", ())),
        environments=tuple(row.get("environments", ())),
        only_for=tuple(row.get("only_for", ())),
        rationale=row["rationale"],
        remediation=row["remediation"],
        source=row["source"],
        clauses=tuple(sorted([*clauses, *_fedramp(clauses, baselines)], key=_natural)),
    )


def _natural(clause: Clause) -> tuple[str, list[tuple[int, str]]]:
    """Sort AC-2 before AC-10."""
    parts = _NUMBER.split(clause.clause)
    return clause.framework, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _fedramp(clauses: list[Clause], baselines: Mapping[str, list[str]]) -> list[Clause]:
    """FedRAMP's baselines are selections of NIST 800-53: a control serves them through the NIST clauses it serves."""
    return [
        Clause(framework=baseline, clause=clause.clause, basis=clause.basis)
        for clause in clauses
        if clause.framework == "nist_800_53_r5"
        for baseline, members in baselines.items()
        if clause.clause in members
    ]
