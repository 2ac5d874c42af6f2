"""The check itself: a graph, a policy pack, and the waivers that somebody signed."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from modelkeel.findings import pack as packs
from modelkeel.findings.finding import RESULTS, SEVERITIES, Control, Finding, Findings, Foreign, Framework, Waiver
from modelkeel.graph import Graph, Source
from modelkeel.graph import Resource as GraphResource

# What somebody can answer for: what is wrong, and what no stack of the project can show. A rule that failed is neither.
WAIVABLE = frozenset({"violation", "undetermined"})
WAIVER_EXPIRED = Control(
    id="waiver-expired",
    title="A waiver has expired",
    severity="high",
    rationale="A waiver without an end is a rule that nobody wrote down.",
    remediation="Correct what it waives, or renew it in policies/waivers.toml with a new date and a new reason.",
    source="",
)
WAIVER_UNUSED = Control(
    id="waiver-unused",
    title="A waiver waives nothing",
    severity="low",
    rationale="A waiver that is left behind lets the next violation through unseen.",
    remediation="Remove it from policies/waivers.toml, or correct its control and resource.",
    source="",
)


def check(
    graph: Graph,
    policies_dir: Path,
    *,
    waivers: Path | None = None,
    frameworks: Sequence[str] = (),
    strict: bool = False,
    today: date | None = None,
    foreign: Foreign | None = None,
) -> Findings:
    """Return what the pack in `policies_dir` says of `graph`, worst first.

    `waivers` is the project's file of them; `frameworks` keeps the controls that serve one of them; `today`
    (UTC) decides what has expired. `foreign` are findings of other packs: waivers speak of them as well.

    Raises:
        ModelkeelError: pack or waivers cannot be read, or a framework is unknown (exit code 2).
    """
    pack = packs.load(policies_dir)
    chosen = packs.serving(pack.controls, frameworks)
    others = foreign or Foreign()
    controls = {row.id: _control(row) for row in chosen} | {control.id: control for control in others.controls}
    try:
        known = {row.id for row in pack.controls} | {control.id for control in others.controls}
        signed = pack.waiver.load(waivers, known)
    except pack.waiver.WaiverError as error:
        raise packs.as_usage_error(error, waivers or Path("waivers.toml")) from error
    places = {resource.urn: (stack.program, resource.source) for stack, resource in graph.resources()}
    view = view_of(graph, pack)
    day = today or datetime.now(UTC).date()
    book = _Waivers(signed, day)
    found = [
        book.applied(_finding(verdict, controls[verdict.control.id], graph, places))
        for verdict in pack.judge.judge(view, chosen, pack.rules)
    ]
    found += [book.applied(finding) for finding in others.findings]
    found += book.findings(graph, set(controls), waivers)
    return Findings(
        project=graph.project,
        environment=graph.environment,
        tool_version=graph.tool_version,
        findings=tuple(_ordered(_numbered(found), (*controls.values(), WAIVER_EXPIRED, WAIVER_UNUSED))),
        controls=tuple(controls.values()),
        stacks=tuple(f"{stack.program}/{stack.stack}" for stack in graph.stacks),
        resource_types_without_control=_unseen(graph, chosen),
        strict=strict,
        judged_on=day.isoformat(),
        bound_by=_bound_by(view, pack),
    )


def _bound_by(view: Any, pack: packs.Pack) -> tuple[str, ...]:
    tags = [view.tags(provider).get("compliance") for provider in view.of(pack.view.PROVIDER)]
    return tuple(sorted({name for tag in tags if type(tag) is str for name in tag.split("+")} - {"", "none"}))


def _control(row: Any) -> Control:
    return Control(
        id=row.id,
        title=row.title,
        severity=row.severity,
        rationale=row.rationale,
        remediation=row.remediation,
        source=row.source,
        frameworks=tuple(Framework(clause.framework, clause.clause, clause.basis) for clause in row.clauses),
    )


def view_of(graph: Graph, pack: packs.Pack) -> Any:
    """Return the graph as the pack's rules look at it; what is only read is left out."""
    rows = (_resource(resource, pack) for _, resource in graph.resources() if not resource.read)
    return pack.view.View(rows, (stack.program for stack in graph.stacks))


def _resource(resource: GraphResource, pack: packs.Pack) -> Any:
    arn = resource.outputs.get("arn")
    return pack.view.Resource(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        raw=resource.inputs,
        parent=resource.parent,
        dependencies=resource.dependencies,
        property_dependencies=resource.property_dependencies,
        provider=resource.provider,
        protect=resource.protect,
        known_as=tuple(text for text in (resource.id, arn) if isinstance(text, str) and text),
    )


def _finding(verdict: Any, control: Control, graph: Graph, places: Mapping[str, tuple[str, Source | None]]) -> Finding:
    resource = verdict.resource
    program, source = (None, None) if resource is None else places.get(resource.urn, (None, None))
    return Finding(
        control=control,
        result=verdict.result,
        urn=None if resource is None else resource.urn,
        program=program,
        environment=graph.environment if resource is None else resource.environment,
        path=verdict.path,
        message=verdict.message,
        location=source,
    )


class _Waivers:
    """The waivers of a project, and which of them were of use."""

    def __init__(self, signed: Sequence[Any], today: date) -> None:
        self._signed = signed
        self._today = today
        self._used: set[int] = set()

    def applied(self, finding: Finding) -> Finding:
        """Return the finding, waived where a waiver speaks of it; an expired one is named and waives nothing."""
        if finding.result not in WAIVABLE:
            return finding
        for index, row in enumerate(self._signed):
            if row.covers(finding.control.id, finding.urn):
                self._used.add(index)
                expired = row.expired(self._today)
                waiver = Waiver(
                    owner=row.owner,
                    reason=row.reason,
                    ticket=row.ticket,
                    expires=row.expires.isoformat(),
                    expired=expired,
                )
                return dataclasses.replace(finding, result=finding.result if expired else "waived", waiver=waiver)
        return finding

    def findings(self, graph: Graph, chosen: set[str], path: Path | None) -> Iterator[Finding]:
        """Yield a finding for each waiver that has expired, and for each that waives nothing of this graph."""
        urns = [resource.urn for _, resource in graph.resources()]
        for index, row in enumerate(self._signed):
            if row.control not in chosen or not row.concerns(urns):
                continue
            expired = row.expired(self._today)
            if expired or index not in self._used:
                said = f"expired on {row.expires}" if expired else "covers nothing that was found"
                yield Finding(
                    control=WAIVER_EXPIRED if expired else WAIVER_UNUSED,
                    result="violation",
                    urn=None,
                    program=None,
                    environment=graph.environment,
                    path=f"{row.control} {row.resource}",
                    message=f"the waiver of {row.owner} for {row.control} ({row.ticket}) {said}",
                    location=Source(f"policies/{'waivers.toml' if path is None else path.name}", row.line),
                )


def _numbered(found: Iterable[Finding]) -> Iterator[Finding]:
    """Tell apart findings that share control, resource and property: their fingerprints must differ."""
    seen: dict[tuple[str, str | None, str], int] = {}
    for finding in found:
        key = (finding.control.id, finding.urn, finding.path)
        before = seen.get(key, 0)
        yield dataclasses.replace(finding, ordinal=before) if before else finding
        seen[key] = before + 1


def _ordered(found: Iterable[Finding], controls: Iterable[Control]) -> list[Finding]:
    results = {result: rank for rank, result in enumerate(RESULTS)}
    severities = {severity: rank for rank, severity in enumerate(SEVERITIES)}
    by_weight = sorted(controls, key=lambda control: (severities[control.severity], control.id))
    weight = {control.id: rank for rank, control in enumerate(by_weight)}
    return sorted(
        found,
        key=lambda item: (results[item.result], weight[item.control.id], item.urn or "", item.path, item.ordinal),
    )


def _unseen(graph: Graph, chosen: Iterable[Any]) -> dict[str, int]:
    seen = {kind for row in chosen for kind in (*row.applies_to, *row.reads)}
    found = Counter(resource.type for _, resource in graph.resources() if resource.is_aws and resource.type not in seen)
    return dict(sorted(found.items()))
