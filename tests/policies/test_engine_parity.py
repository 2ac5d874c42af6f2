"""The pack, driven over the engine's own protocol, says what the check says."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from policy_twins import all_twins
from policy_twins.build import UNKNOWN, changed, graph, resource
from policy_twins.s3 import bucket
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from modelkeel import findings
from modelkeel.graph import Graph, Resource

POLICIES = Path(__file__).resolve().parents[2] / "policies"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A policy server as `pulumi preview --policy-pack` starts it, from a working directory of its own."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(POLICIES)],
        stdout=subprocess.PIPE,
        cwd=tmp_path_factory.mktemp("elsewhere"),
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel)
    finally:
        process.kill()
        process.wait()


def sent(value: Any) -> Any:
    """Return a property as the engine sends it: unknown values and secrets have their own spelling."""
    if value == UNKNOWN:
        return UNKNOWN_STRING_VALUE
    if value == {"$secret": True}:
        return {SIGNATURE: SECRET, "value": "hunter2"}
    if isinstance(value, dict):
        return {key: sent(item) for key, item in value.items()}
    return [sent(item) for item in value] if isinstance(value, list) else value


def of_engine(engine: Any, it: Graph) -> tuple[set[tuple[str, str]], set[str]]:
    """Return what the pack reports of each stack (control and URN), and the controls it could not judge."""
    reported: set[tuple[str, str]] = set()
    undetermined: set[str] = set()
    for stack in it.stacks:
        by_urn = {resource.urn: resource for resource in stack.resources}
        answers = [(urn, engine.Analyze(_request(resource, by_urn))) for urn, resource in by_urn.items()]
        request = analyzer_pb2.AnalyzeStackRequest(resources=[_stack_row(each, by_urn) for each in stack.resources])
        answers.append(("", engine.AnalyzeStack(request)))
        for urn, answer in answers:
            for row in answer.diagnostics:
                if row.enforcementLevel == analyzer_pb2.ADVISORY:
                    undetermined.add(row.policyName)
                else:
                    reported.add((row.policyName, row.urn or urn))
    return reported, undetermined


def _provider(resource: Resource, by_urn: dict[str, Resource]) -> Any:
    provider = by_urn.get(resource.provider or "")
    if provider is None:
        return None
    row = analyzer_pb2.AnalyzerProviderResource(type=provider.type, urn=provider.urn, name=provider.name)
    row.properties.update(sent(dict(provider.inputs)))
    return row


def _request(resource: Resource, by_urn: dict[str, Resource]) -> Any:
    row = analyzer_pb2.AnalyzeRequest(
        type=resource.type,
        urn=resource.urn,
        name=resource.name,
        provider=_provider(resource, by_urn),
        options=analyzer_pb2.AnalyzerResourceOptions(protect=resource.protect),
    )
    row.properties.update(sent(dict(resource.inputs)))
    return row


def _stack_row(resource: Resource, by_urn: dict[str, Resource]) -> Any:
    row = analyzer_pb2.AnalyzerResource(
        type=resource.type,
        urn=resource.urn,
        name=resource.name,
        provider=_provider(resource, by_urn),
        options=analyzer_pb2.AnalyzerResourceOptions(protect=resource.protect),
        dependencies=list(resource.dependencies),
    )
    row.properties.update(sent(dict(resource.inputs)))
    for key, urns in resource.property_dependencies.items():
        row.propertyDependencies[key].urns.extend(urns)
    return row


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
def test_engine_and_check_report_the_same_of_a_violating_twin(engine: Any, control_id: str) -> None:
    it = graph(all_twins.TWINS[control_id].violating, tags=all_twins.TAGS_OF.get(control_id, all_twins.TAGS))

    assert of_check(it) == of_engine(engine, it)


def test_engine_and_check_agree_on_what_is_not_known_yet(engine: Any) -> None:
    """An unknown value is advisory in the engine and undetermined in the check: neither passes nor fails."""
    unknown = changed(bucket("raw"), "versioning", versioningConfiguration={"status": dict(UNKNOWN)})
    it = graph([*unknown, resource("sns/topic:Topic", "alerts", name=dict(UNKNOWN), kmsMasterKeyId="key")])

    expected = of_check(it)

    assert "s3-bucket-versioned" in expected[1]
    assert "messages-encrypted" not in expected[1]
    assert expected == of_engine(engine, it)


def test_the_engine_is_told_title_severity_frameworks_and_fix(engine: Any) -> None:
    from google.protobuf import empty_pb2

    info = engine.GetAnalyzerInfo(empty_pb2.Empty())
    told = {row.name: row for row in info.policies}["s3-bucket-public-access-blocked"]

    assert told.displayName == "Buckets block public access"
    assert told.severity == analyzer_pb2.POLICY_SEVERITY_CRITICAL
    assert "pci_dss_4" in told.tags
    assert told.remediation_steps.startswith("Add a BucketPublicAccessBlock")
