"""What packs of others say of a graph, as findings beside our own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2

from modelkeel import console
from modelkeel.analyzer import folder, request
from modelkeel.analyzer.process import CALL_SECONDS, START_SECONDS, PackProcess
from modelkeel.errors import usage_error
from modelkeel.findings import Control, Finding, Foreign
from modelkeel.findings.finding import Severity
from modelkeel.graph import Graph, Stack

_SEVERITIES: dict[int, Severity] = {
    analyzer_pb2.POLICY_SEVERITY_CRITICAL: "critical",
    analyzer_pb2.POLICY_SEVERITY_HIGH: "high",
    analyzer_pb2.POLICY_SEVERITY_MEDIUM: "medium",
    analyzer_pb2.POLICY_SEVERITY_LOW: "low",
}
_UNKNOWN = "can't run policy"
"""How a pack begins to say that a value is not known yet; the protocol has no word for it."""


def run(
    packs: Sequence[Path], graph: Graph, *, start_seconds: float = START_SECONDS, call_seconds: float = CALL_SECONDS
) -> Foreign:
    """Return the findings of all packs. An advisory policy fails nothing: what it says goes to standard error.

    Raises:
        ModelkeelError: a pack cannot be run, raises, does not answer in time, or has the name of another (exit 2).
    """
    controls: dict[str, Control] = {}
    findings: list[Finding] = []
    for path in packs:
        with PackProcess(folder.read(path), start_seconds=start_seconds, call_seconds=call_seconds) as process:
            info = process.call("GetAnalyzerInfo", empty_pb2.Empty(), "its policies")
            own = {row.name: _control(info.name, row) for row in info.policies}
            taken = sorted({control.id for control in own.values()} & controls.keys())
            if taken:
                raise usage_error("two policy packs have the same name", got=info.name, fix="name each pack once")
            controls.update({control.id: control for control in own.values()})
            findings += _Judge(process, info, own, graph).findings()
    return Foreign(controls=tuple(controls.values()), findings=tuple(findings))


def _control(pack: str, row: Any) -> Control:
    return Control(
        id=f"{pack}/{row.name}",
        title=row.displayName or row.name,
        severity=_SEVERITIES.get(row.severity, "medium"),
        rationale=row.description or row.message,
        remediation=row.remediation_steps or f"See the policy {row.name} of the pack {pack}.",
        source=row.url,
    )


class _Judge:
    """One pack over one graph."""

    def __init__(self, process: PackProcess, info: Any, controls: dict[str, Control], graph: Graph) -> None:
        self._process = process
        self._controls = controls
        self._graph = graph
        self._advisory = {row.name for row in info.policies if row.enforcementLevel == analyzer_pb2.ADVISORY}
        self._said: set[str] = set()

    def findings(self) -> Iterator[Finding]:
        """Yield what the pack reports, then a pass for each policy that reported nothing."""
        for stack in self._graph.stacks:
            yield from self._of_stack(stack)
        for name, control in self._controls.items():
            if name not in self._said and name not in self._advisory:
                yield Finding(control=control, result="pass", urn=None, program=None, environment=self._environment)

    @property
    def _environment(self) -> str:
        return self._graph.environment

    def _of_stack(self, stack: Stack) -> Iterator[Finding]:
        name = f"{stack.program}/{stack.stack}"
        resources = [resource for resource in stack.resources if not resource.read]
        configured = analyzer_pb2.AnalyzerStackConfigureRequest(
            stack=stack.stack,
            project=f"{self._graph.project}-{stack.program}",
            organization="organization",
            dry_run=True,
        )
        self._process.call("ConfigureStack", configured, f"the stack {name}")
        by_urn = {resource.urn: resource for resource in stack.resources}
        for resource in resources:
            answer = self._process.call("Analyze", request.of_resource(resource, by_urn), resource.urn)
            yield from self._read(answer, stack, resource.urn)
        answer = self._process.call("AnalyzeStack", request.of_stack(stack), f"the stack {name}")
        yield from self._read(answer, stack, None)

    def _read(self, answer: Any, stack: Stack, asked: str | None) -> Iterator[Finding]:
        for row in answer.diagnostics:
            control = self._controls[row.policyName]
            unknown = row.enforcementLevel == analyzer_pb2.ADVISORY and row.message.startswith(_UNKNOWN)
            if row.policyName in self._advisory:
                console.warn(f"{control.id} (advisory): {row.message} {row.urn or asked or stack.program}")
                continue
            self._said.add(row.policyName)
            urn = row.urn or asked
            source = next((each.source for each in stack.resources if each.urn == urn), None)
            yield Finding(
                control=control,
                result="undetermined" if unknown else "violation",
                urn=urn,
                program=stack.program,
                environment=self._environment,
                message=_words(row.message, control),
                location=source,
            )


def _words(message: str, control: Control) -> str:
    """Return what is said of the resource: a pack repeats the policy's description, or its own name, before it."""
    if message.startswith(_UNKNOWN):
        return message.split(" during preview: ", 1)[-1]
    return message.removeprefix(control.rationale).strip() or message
