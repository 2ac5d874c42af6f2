"""The organization program as it is planned, rendered and recorded."""

from __future__ import annotations

from pathlib import Path

import pytest
import repositories
import yaml

from modelkeel import answers, plan
from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph

ROOT = Path(__file__).resolve().parents[2]
POLICY, ATTACHMENT = "aws:organizations/policy:Policy", "aws:organizations/policyAttachment:PolicyAttachment"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("organization") / "project"
    repositories.written(repositories.example("fraud_realtime"), folder)
    return folder


def recorded(folder: Path) -> Graph:
    return repositories.registered(folder, "shared")


def types(graph: Graph) -> list[str]:
    return [resource.type for _, resource in graph.resources()]


def test_policies_are_made_and_attached_to_nothing(project: Path) -> None:
    graph = recorded(project)

    assert types(graph).count(POLICY) >= 3
    assert ATTACHMENT not in types(graph)
    assert all(resource.protect for _, resource in graph.resources() if resource.type == POLICY)
    assert [stack.account for stack in graph.stacks] == ["999999999999"]


def test_a_target_attaches_each_policy_to_it(project: Path) -> None:
    path = project / "config/organization/Pulumi.shared.yaml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "  organization:target_ids: [ou-abcd-11111111]\n", encoding="utf-8")
    try:
        graph = recorded(project)
    finally:
        path.write_text(before, encoding="utf-8")

    attached = [resource.inputs["targetId"] for _, resource in graph.resources() if resource.type == ATTACHMENT]
    assert attached == ["ou-abcd-11111111"] * types(graph).count(POLICY)


def test_ci_leaves_the_organization_alone(project: Path) -> None:
    """Its roles live in the environments' accounts."""
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    (programs,) = [line for line in makefile.splitlines() if line.startswith("PROGRAMS")]

    assert "organization" not in programs
    assert (project / "docs/organization-guardrails.md").is_file()


def test_without_an_organization_there_is_no_program() -> None:
    made = answers.load(ROOT / "examples" / "tabular_batch" / "answers.yml")

    assert "organization" not in plan.build(made).programs


def test_an_account_for_policies_without_an_organization_is_refused(tmp_path: Path) -> None:
    given = yaml.safe_load((ROOT / "examples/tabular_batch/answers.yml").read_text(encoding="utf-8"))
    file = tmp_path / "answers.yml"
    file.write_text(yaml.safe_dump({**given, "management_account_id": "999999999999"}), encoding="utf-8")

    with pytest.raises(ModelkeelError, match="management_account_id is given, but no organization"):
        answers.load(file)
