"""The pack, driven over the engine's own protocol, says what the check says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import repositories
from policy_twins import all_twins
from policy_twins.build import UNKNOWN, changed, graph, resource
from policy_twins.s3 import bucket
from pulumi.runtime.proto import analyzer_pb2

from modelkeel import findings
from modelkeel.analyzer import folder, request
from modelkeel.analyzer.process import PackProcess
from modelkeel.graph import Graph

POLICIES = Path(__file__).resolve().parents[2] / "policies"


@pytest.fixture(scope="module")
def engine() -> Iterator[PackProcess]:
    """The pack as `pulumi preview --policy-pack` starts it, in a process of its own."""
    with PackProcess(folder.read(POLICIES)) as process:
        yield process


def of_engine(engine: PackProcess, it: Graph) -> tuple[set[tuple[str, str]], set[str]]:
    """Return what the pack reports of each stack (control and URN), and the controls it could not judge."""
    reported: set[tuple[str, str]] = set()
    undetermined: set[str] = set()
    for stack in it.stacks:
        by_urn = {resource.urn: resource for resource in stack.resources}
        answers = [
            (urn, engine.call("Analyze", request.of_resource(resource, by_urn), urn))
            for urn, resource in by_urn.items()
        ]
        answers.append(("", engine.call("AnalyzeStack", request.of_stack(stack), stack.program)))
        for urn, answer in answers:
            for row in answer.diagnostics:
                if row.enforcementLevel == analyzer_pb2.ADVISORY:
                    undetermined.add(row.policyName)
                else:
                    reported.add((row.policyName, row.urn or urn))
    return reported, undetermined


def of_check(it: Graph) -> tuple[set[tuple[str, str]], set[str]]:
    reported: set[tuple[str, str]] = set()
    undetermined: set[str] = set()
    for stack in it.stacks:
        alone = Graph(
            project=it.project,
            environment=it.environment,
            fidelity=it.fidelity,
            tool_version=it.tool_version,
            stacks=(stack,),
        )
        for row in findings.check(alone, POLICIES).findings:
            if row.result in {"violation", "error"}:
                reported.add((row.control.id, row.urn or ""))
            elif row.result == "undetermined":
                undetermined.add(row.control.id)
    return reported, undetermined


@pytest.mark.parametrize("control_id", sorted(all_twins.TWINS))
def test_engine_and_check_report_the_same_of_a_violating_twin(engine: PackProcess, control_id: str) -> None:
    it = graph(all_twins.TWINS[control_id].violating, tags=all_twins.TAGS_OF.get(control_id, all_twins.TAGS))

    assert of_check(it) == of_engine(engine, it)


def test_engine_and_check_agree_on_what_is_not_known_yet(engine: PackProcess) -> None:
    """An unknown value is advisory in the engine and undetermined in the check: neither passes nor fails."""
    unknown = changed(bucket("raw"), "versioning", versioningConfiguration={"status": dict(UNKNOWN)})
    it = graph([*unknown, resource("sns/topic:Topic", "alerts", name=dict(UNKNOWN), kmsMasterKeyId="key")])

    expected = of_check(it)

    assert "s3-bucket-versioned" in expected[1]
    assert "messages-encrypted" not in expected[1]
    assert expected == of_engine(engine, it)


def test_the_engine_is_told_title_severity_frameworks_and_fix(engine: PackProcess) -> None:
    from google.protobuf import empty_pb2

    info = engine.call("GetAnalyzerInfo", empty_pb2.Empty(), "its policies")
    told = {row.name: row for row in info.policies}["s3-bucket-public-access-blocked"]

    assert told.displayName == "Buckets block public access"
    assert told.severity == analyzer_pb2.POLICY_SEVERITY_CRITICAL
    assert "pci_dss_4" in told.tags
    assert told.remediation_steps.startswith("Add a BucketPublicAccessBlock")


FIRST = ("fraud_realtime", "shared_platform")
"""Those that `make test` drives: between them, every program is there. `make matrix` drives the others."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "example", [pytest.param(name, marks=[] if name in FIRST else [pytest.mark.wide]) for name in repositories.EXAMPLES]
)
def test_engine_and_check_agree_on_an_example(engine: PackProcess, example: str) -> None:
    """Production, with a model approved: nothing is reported, and the same is left open."""
    it = repositories.recorded(repositories.example(example), "prod", approved=True)

    expected = of_check(it)

    assert expected[0] == set()
    assert expected == of_engine(engine, it)
