"""The organization's policies: their limits, their exclusions, and that they bind nobody until told to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stacks_organization.organization_project import ACCOUNTS, rails, settings

from stacks.documents.audit_query import audit_queries
from stacks.documents.packing import packed
from stacks.documents.statement import CONTROL_POLICY_CHARACTERS, deny, size
from stacks.organization.guardrails import AI_SERVICES_OPT_OUT, RESOURCE_CONTROL, SERVICE_CONTROL
from stacks.settings import SettingsError

# What the answers allow at most: a 24-character name, the longest partition, a fleet of instance types.
LARGEST = rails("p" * 24, "aws-us-gov", instance_types=[f"ml.m{n}i.24xlarge" for n in range(20)])


def statements(kind: str, **changes: Any) -> list[dict[str, Any]]:
    return [
        dict(statement)
        for rail in rails(**changes).values()
        if rail.kind == kind
        for statement in rail.content["Statement"]
    ]


@pytest.mark.parametrize("name", LARGEST)
def test_each_policy_fits_as_it_is_sent(name: str) -> None:
    assert len(json.dumps(LARGEST[name].content, separators=(",", ":"))) <= CONTROL_POLICY_CHARACTERS


@pytest.mark.parametrize("kind", [SERVICE_CONTROL, RESOURCE_CONTROL])
def test_no_more_policies_than_a_target_takes_beside_that_of_aws(kind: str) -> None:
    assert 1 <= sum(1 for rail in LARGEST.values() if rail.kind == kind) <= 4


@pytest.mark.parametrize("kind", [SERVICE_CONTROL, RESOURCE_CONTROL])
def test_guardrails_only_deny_and_are_told_apart(kind: str) -> None:
    found = statements(kind)

    assert {statement["Effect"] for statement in found} == {"Deny"}
    assert len({statement["Sid"] for statement in found}) == len(found)


def test_break_glass_roles_are_excluded_by_exact_arns_only() -> None:
    """A pattern would exclude whatever role somebody gives a fitting name."""
    exact = {
        f"arn:aws:iam::{account}:role/mlops/{name}/people/fraud-{name}-break-glass"
        for name, account in ACCOUNTS.items()
    }
    exempted = set()

    for statement in statements(SERVICE_CONTROL):
        condition = statement.get("Condition", {})
        assert "ArnNotLike" not in condition or "aws:PrincipalArn" not in condition["ArnNotLike"]
        exempted |= set(condition.get("ArnNotEquals", {}).get("aws:PrincipalArn", []))

    assert exact <= exempted
    assert not any("*" in arn for arn in exempted)


def test_nobody_deletes_audit_logs_not_even_when_glass_is_broken() -> None:
    (keep,) = [statement for statement in statements(SERVICE_CONTROL) if statement["Sid"] == "KeepAuditLogs"]

    assert "s3:DeleteObject" in keep["Action"]
    assert "Condition" not in keep
    assert "arn:aws:s3:::fraud-shared-trail-333333333333/*" in keep["Resource"]


def test_resource_control_names_only_services_that_it_covers() -> None:
    """SageMaker, EC2 and EKS are not among them: such a policy is refused."""
    services = {action.split(":")[0] for statement in statements(RESOURCE_CONTROL) for action in statement["Action"]}

    assert services <= {"dynamodb", "ecr", "kms", "logs", "s3", "secretsmanager", "sqs", "sts"}


def test_without_ci_no_statement_speaks_of_jobs() -> None:
    with_ci = {statement["Sid"] for statement in statements(RESOURCE_CONTROL)}
    without = {statement["Sid"] for statement in statements(RESOURCE_CONTROL, ci_issuer_url="", ci_subjects=[])}

    assert with_ci - without == {"OnlyKnownJobs"}


def test_an_existing_customer_may_go_on_with_closed_services() -> None:
    sids = {statement["Sid"] for statement in statements(SERVICE_CONTROL, allow_closed_services=True)}

    assert "NoClosedServices" not in sids


def test_too_many_instance_types_are_refused_with_the_way_out() -> None:
    many = [f"ml.m{n}i.24xlarge" for n in range(400)]

    with pytest.raises(ValueError, match="name fewer actions, resources or instance types"):
        rails(instance_types=many)


def test_content_of_the_accounts_does_not_train_models_of_aws() -> None:
    rail = rails()["ai-services-opt-out"]

    assert rail.kind == AI_SERVICES_OPT_OUT
    assert rail.content["services"]["default"]["opt_out_policy"]["@@assign"] == "optOut"


@pytest.mark.parametrize("target", ["", "prod", "ou-abc", "12345", "r-", "ou-abcd-11111111 "])
def test_a_target_that_organizations_cannot_have_is_refused(target: str) -> None:
    with pytest.raises(SettingsError, match="allowed: a root"):
        settings(target_ids=[target])


def test_every_statement_has_its_question_to_the_trail() -> None:
    """Nothing is attached before somebody has seen what it would have refused."""
    bound = {name: rail.content for name, rail in rails().items() if rail.kind != AI_SERVICES_OPT_OUT}
    queries = audit_queries(bound)

    assert set(queries) == {f"{name}/{row['Sid']}" for name, content in bound.items() for row in content["Statement"]}
    assert "awsregion NOT IN ('eu-west-1')" in queries["guardrails-1/OnlyRegions"]
    assert (
        "eventsource = 'organizations.amazonaws.com' AND eventname = 'LeaveOrganization'"
        in (queries["guardrails-1/StayInOrganization"])
    )


def test_a_query_takes_quotes_as_text() -> None:
    hostile = {"Statement": [deny("Sid", ["s3:Get'Object"], "*")]}

    assert "eventname = 'Get''Object'" in audit_queries({"p": hostile})["p/Sid"]


@given(st.lists(st.integers(1, 40), max_size=30), st.integers(400, 2000))
def test_packing_keeps_order_and_limit(lengths: list[int], limit: int) -> None:
    made = [deny(f"S{index}", ["s3:GetObject"] * length, "*") for index, length in enumerate(lengths) if length < 15]

    documents = packed(made, limit, "policy")

    assert [row for each in documents for row in each["Statement"]] == [dict(row) for row in made]
    assert all(size(each) <= limit for each in documents)
