"""`modelkeel iam`: answers, open questions, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from iam.world import world

from modelkeel import graph
from modelkeel.cli import run
from modelkeel.graph import Graph
from modelkeel.iam.estate import estate
from modelkeel.iam.matrix import matrix
from modelkeel.report import iam as report

pytestmark = pytest.mark.slow
SM = "arn:aws:sagemaker:eu-west-1:333333333333"
MODEL = f"{SM}:model-package/card-fraud-prod-fraud-scorer/1"
APPROVED = "sagemaker:ModelApprovalStatus=Approved"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "prod.json"
    path.write_text(graph.dumps(world().graphs["prod"]), encoding="utf-8")
    return path


@pytest.fixture
def can(file: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def ask(*words: str) -> tuple[int, str, str]:
        code = run(["iam", "can", *words, "--graph", str(file)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return ask


def test_yes_is_zero_and_names_the_statement(can: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = can("mlops-manager", "sagemaker:UpdateModelPackage", MODEL, "--context", APPROVED)

    assert (code, out.split(":")[0]) == (0, "allowed")
    assert "identity policy card-fraud-prod-mlops-manager-1, statement ApproveModels1" in out


def test_no_is_one_and_names_every_layer_that_denies(can: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = can("data-scientist", "sagemaker:updatemodelpackage", MODEL, "--context", APPROVED)

    assert (code, out.split(":")[0]) == (1, "explicitly denied")
    assert "NeverApproveModels" in out
    assert "permission boundary card-fraud-prod-people-boundary, statement ApprovalByManager" in out
    assert "DenyApprovalByOthers" in out


def test_what_nobody_said_is_named_and_not_guessed(can: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = can("mlops-manager", "sagemaker:UpdateModelPackage", MODEL)

    assert (code, out.split(":")[0]) == (1, "undetermined")
    assert "open: sagemaker:ModelApprovalStatus" in out


def test_a_complete_request_lacks_what_is_not_given(can: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = can("mlops-manager", "sagemaker:UpdateModelPackage", MODEL, "--complete")

    assert (code, out.split(":")[0]) == (1, "implicitly denied")


def test_a_key_whose_policy_nobody_has_read_leaves_the_answer_open(can: Callable[..., tuple[int, str, str]]) -> None:
    key = "arn:aws:kms:eu-west-1:333333333333:key/somewhere"
    given = ["kms:ViaService=s3.eu-west-1.amazonaws.com", "kms:ResourceAliases=[alias/card-fraud-prod-data]"]

    _, out, _ = can("data-scientist", "kms:Decrypt", key, "--context", given[0], "--context", given[1])

    assert out.startswith("undetermined")
    assert "the resource policy" in out


def test_json_says_the_same(can: Callable[..., tuple[int, str, str]]) -> None:
    _, out, _ = can("business-analyst", "ce:GetCostAndUsage", "--output", "json")

    answer = json.loads(out)
    assert (answer["result"], answer["statements"][0]["sid"]) == ("allowed", "SeeCosts1")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["data-scientst", "ce:GetTags"], "did you mean data-scientist?"),
        (["data-scientist", "s3:GetObjct"], "did you mean s3:GetObject"),
        (["data-scientist", "s3:Get*"], "one action is asked about"),
        (["data-scientist", "nonsense"], "IAM has no such action"),
        (["data-scientist", "s3:GetObject"], "s3:GetObject needs a resource"),
        (["data-scientist", "s3:GetObject", "arn:aws:sqs:eu-west-1:1:x"], "acts on another kind of resource"),
        (["data-scientist", "ce:GetTags", "--context", "nonsense"], "KEY=VALUE"),
        (["data-scientist", "ce:GetTags", "--output", "sarif"], "this output format does not exist here"),
    ],
)
def test_what_does_not_exist_is_refused(
    words: list[str], message: str, can: Callable[..., tuple[int, str, str]]
) -> None:
    code, _, err = can(*words)

    assert code == 2
    assert message in err


def test_a_policy_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "graph.json"
    path.write_text(graph.dumps(_renamed(world().graphs["prod"], policy='{"Statement": [{"Effect": "Perhaps"}]}')))

    assert run(["iam", "can", "data-scientist", "ce:GetTags", "--graph", str(path)]) == 2
    assert "Perhaps" in capsys.readouterr().err


def test_the_organizations_policies_count_once_rolled_out() -> None:
    own = world().estates["prod"]

    before, after = matrix(own, "prod"), matrix(own, "prod", rolled_out=True)

    statements = {each.layer for row in after.rows for answer in row.answers for each in answer.because}
    assert "service control policy" in statements
    assert not any(each.layer.endswith("control policy") for r in before.rows for a in r.answers for each in a.because)


def test_the_matrix_says_who_approves() -> None:
    made = matrix(world().estates["prod"], "prod")
    (row,) = [row for row in made.rows if row.action.name == "sagemaker:UpdateModelPackage" and "card" in row.pattern]

    answers = {role.name: str(answer.result) for role, answer in zip(made.roles, row.answers, strict=True)}
    assert {name for name, result in answers.items() if result == "undetermined"} == {"mlops-manager"}


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a|b", 'x" onload="y'])
def test_names_do_not_break_out_of_the_page(name: str) -> None:
    renamed = estate(_renamed(world().graphs["prod"], name=name))
    made = matrix(renamed, name)

    page, table = report.page(made, name), report.markdown(made)

    assert "<script" not in page
    assert 'onload="y' not in page
    assert len({line.replace("\\|", "").count("|") for line in table.splitlines() if line.startswith("|")}) == 1


def _renamed(whole: Graph, *, name: str = "", policy: str = "") -> Graph:
    """Return the graph with another name for the data scientist's role, or other words in that role's policy."""
    stacks = []
    for stack in whole.stacks:
        resources = []
        for resource in stack.resources:
            made = resource
            if name and resource.name == "data-scientist" and resource.type.endswith(":Role"):
                made = dataclasses.replace(resource, name=name)
            if policy and resource.name == "data-scientist-1" and resource.type.endswith(":Policy"):
                made = dataclasses.replace(resource, inputs={**resource.inputs, "policy": policy})
            resources.append(made)
        stacks.append(dataclasses.replace(stack, resources=tuple(resources)))
    return dataclasses.replace(whole, stacks=tuple(stacks))
