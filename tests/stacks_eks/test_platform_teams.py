"""A platform of twelve teams, made from their files: what each gets, and what none gets of another's."""

from __future__ import annotations

import functools
import itertools
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import repositories
import yaml

from modelkeel import answers, findings, plan, record
from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph, Resource
from modelkeel.iam.asking import action_of, question, role_of
from modelkeel.iam.decision import decide
from modelkeel.iam.estate import Estate, estate

ROOT = Path(__file__).resolve().parents[2]
TEAMS = tuple(f"team-{letter}" for letter in "abcdefghijkl")
LIMITS = {
    "iam/role:Role": ("name", 64),
    "iam/policy:Policy": ("name", 128),
    "budgets/budget:Budget": ("name", 100),
    "cloudwatch/dashboard:Dashboard": ("dashboardName", 255),
}
PURPOSES = ("curated", "features", "models", "capture", "raw")
ACTIONS = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")


@functools.cache
def twelve() -> Path:
    """The repository of a platform that twelve teams share."""
    folder = Path(tempfile.mkdtemp()) / "platform"
    names = ",".join(name.replace("-", "_") for name in TEAMS)
    made = answers.load(ROOT / "examples" / "shared_platform" / "answers.yml", data=[f"teams={names}"])
    repositories.written(made, folder)
    return folder


def recorded(folder: Path, program: str | None = None, environment: str = "prod") -> Graph:
    return record.project(folder, environment=environment, program=program, isolation="shared", talk=lambda _: None)


@functools.cache
def whole() -> Graph:
    return recorded(twelve())


@functools.cache
def policies() -> Estate:
    return estate(whole())


def of_type(graph: Graph, suffix: str) -> Iterator[Resource]:
    return (resource for _, resource in graph.resources() if resource.type.endswith(suffix))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The same repository, to be changed."""
    shutil.copytree(twelve(), tmp_path / "platform")
    return tmp_path / "platform"


def change(folder: Path, of: str, /, **changes: Any) -> None:
    path = folder / "teams" / f"{of}.yaml"
    document = yaml.safe_load(path.read_text()) if path.is_file() else {}
    path.write_text(yaml.safe_dump({**document, **changes}))


def test_twelve_teams_break_no_rule() -> None:
    found = findings.check(whole(), twelve() / "policies").findings

    assert [f"{each.control.id}: {each.message}" for each in found if each.result == "violation"] == []
    assert Counter(each.result for each in found)["pass"] > 1000


def test_every_name_is_its_own_and_within_its_limit() -> None:
    for kind, (key, most) in LIMITS.items():
        # Each account of the environment has its own boundary: a stack of the account program is an account.
        found = [(s.stack, r.inputs[key]) for s, r in whole().resources() if r.type == f"aws:{kind}"]
        assert len(found) == len(set(found)), kind
        assert max(len(name) for _, name in found) <= most, kind


def test_the_longest_names_that_answers_allow_fit_into_a_role() -> None:
    """24 characters of project, 20 of team; a longer team is refused before anything is rendered."""
    shared = ROOT / "examples" / "shared_platform" / "answers.yml"
    made = answers.load(shared, data=["project_name=" + "p" * 24, "teams=" + "t" * 20 + ",b"])

    assert len(f"{made.project_name}-staging-{'t' * 20}-training") <= 64
    long = answers.load(shared, data=["teams=" + "t" * 21 + ",b"])
    with pytest.raises(ModelkeelError, match="too long"):
        plan.template_data(long, plan.build(long))


def test_each_service_account_has_one_principal_and_no_two_share_one() -> None:
    associations = [
        (each.inputs["namespace"], each.inputs["serviceAccount"], each.inputs["roleArn"])
        for each in of_type(whole(), "eks/podIdentityAssociation:PodIdentityAssociation")
    ]
    mine = [row for row in associations if row[0] in TEAMS]

    assert {(name, account) for name in TEAMS for account in ("training", "serving")} == {row[:2] for row in mine}
    assert len({role for _, _, role in mine}) == len(mine) == 24


def test_each_team_has_its_namespace_queue_budget_and_dashboard() -> None:
    graph = whole()
    namespaces = {each.inputs["metadata"]["name"] for each in of_type(graph, "core/v1:Namespace")}
    queues = {each.inputs["metadata"]["name"] for each in of_type(graph, "kueue.x-k8s.io/v1beta2:ClusterQueue")}
    budgets = {each.inputs["name"] for each in of_type(graph, "budgets/budget:Budget")}
    boards = {each.inputs["dashboardName"] for each in of_type(graph, "cloudwatch/dashboard:Dashboard")}

    assert set(TEAMS) <= namespaces
    assert {*TEAMS, "pipeline"} == queues
    assert {f"ml-platform-prod-team-{name}" for name in TEAMS} <= budgets & boards


@pytest.mark.parametrize("kind", ["training", "serving"])
def test_no_team_reaches_what_is_anothers(kind: str) -> None:
    """Decided by the evaluator from everything recorded: roles, boundaries, policies of buckets and keys."""
    found = policies()
    for mine, other in itertools.permutations(TEAMS[:4], 2):
        role = role_of(found, f"{mine}-{kind}")
        for purpose, action in itertools.product(PURPOSES, ACTIONS):
            key = f"arn:aws:s3:::ml-platform-prod-{purpose}-333333333333/{purpose}/teams/{other}/x"
            asked = question(found, role, action_of(action), key, {})
            assert str(decide(asked.request, asked.layers).result).endswith("denied"), (mine, other, purpose, action)


def test_a_team_reaches_its_own_and_lists_nothing_else() -> None:
    found = policies()
    role = role_of(found, "team-a-training")
    bucket = "arn:aws:s3:::ml-platform-prod-models-333333333333"

    def answer(action: str, resource: str, **given: str) -> str:
        asked = question(found, role, action_of(action), resource, given)
        return str(decide(asked.request, asked.layers).result)

    assert answer("s3:GetObject", f"{bucket}/models/teams/team-a/m/model.ubj") == "allowed"
    assert answer("s3:ListBucket", bucket, **{"s3:prefix": "models/teams/team-a/"}) == "allowed"
    assert answer("s3:ListBucket", bucket, **{"s3:prefix": "models/teams/team-ab/"}).endswith("denied")
    assert answer("s3:ListBucket", bucket, **{"s3:prefix": "models/"}).endswith("denied")


def test_a_role_is_for_pods_of_its_team_only() -> None:
    (role,) = (each for each in of_type(whole(), "iam/role:Role") if each.inputs["name"].endswith("-team-a-training"))
    condition = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]["Condition"]["StringEquals"]

    assert condition["aws:RequestTag/kubernetes-namespace"] == "team-a"


def test_a_new_file_is_a_new_team_in_every_program(copy: Path) -> None:
    shutil.copy(copy / "teams" / "team-a.yaml", copy / "teams" / "maps.yaml")
    change(copy, "maps", team="maps", gpus={}, tier="gold", models=["eta"])
    before, after = whole(), recorded(copy)

    new = {resource.urn for _, resource in after.resources()} - {resource.urn for _, resource in before.resources()}
    programs = {stack.program for stack, resource in after.resources() if resource.urn in new}
    assert {"cluster", "kubernetes", "monitoring"} == programs
    trusts = [
        each.inputs["assumeRolePolicy"] for each in of_type(after, "iam/role:Role") if "/people/" in each.inputs["path"]
    ]
    assert any('"maps"' in trust for trust in trusts)


def test_a_team_that_keeps_to_itself_lends_and_borrows_nothing(copy: Path) -> None:
    change(copy, "team-b", borrowing=False)
    graph = recorded(copy, "kubernetes")
    queues = {
        each.inputs["metadata"]["name"]: each.inputs["spec"]
        for each in of_type(graph, "kueue.x-k8s.io/v1beta2:ClusterQueue")
    }
    limits = {
        each.inputs["metadata"]["namespace"]: each.inputs["spec"]["hard"]["requests.nvidia.com/gpu"]
        for each in of_type(graph, "core/v1:ResourceQuota")
    }

    assert "cohortName" not in queues["team-b"]
    assert queues["team-a"]["cohortName"] == "training"
    assert (limits["team-a"], limits["team-b"]) == ("12", "1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gpus": {"prod": 13}}, "promises 24 GPUs"),
        ({"owners": ["nobody@example.com"]}, "owner 'nobody@example.com' is unknown"),
        ({"tier": "iron"}, "tier is 'iron', allowed: gold, silver, bronze"),
        ({"team": "other"}, "both must be the same"),
        ({"gpus": "many"}, "gpus must be a dict, got 'many'"),
        ({"colour": "red"}, "colour is unknown"),
        ({"budget_usd_per_month": {"prod": -1}}, "budget_usd_per_month.prod must be a whole number"),
    ],
)
def test_a_file_that_cannot_be_stops_the_program_and_says_why(copy: Path, changes: dict[str, Any], said: str) -> None:
    change(copy, "team-a", **changes)

    with pytest.raises(ModelkeelError) as refused:
        recorded(copy, "kubernetes")

    assert said in str(refused.value)
