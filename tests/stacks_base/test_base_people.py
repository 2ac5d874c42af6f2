"""People's roles: a table that is checked, trusts that ask who comes, and a window for emergencies."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from stacks_base.base_project import ACCOUNT, KEY_CLASSES, LARGE, PURPOSES, inputs, platform, program

from stacks.documents import person
from stacks.documents.grant import Grants
from stacks.documents.packing import packed
from stacks.documents.person_trust import person_trust
from stacks.documents.statement import allow
from stacks.identity import people
from stacks.identity.settings import CLOSED, IdentitySettings
from stacks.settings import SettingsError

PEOPLE = people.table().people
OPEN = ("2026-11-25T18:00:00Z", "2026-11-26T06:00:00Z")
PERSON = """
[person.tester]
title = "Tester"
purpose = "Tests"
permission_set = "Tester"
max_session_seconds = 3600
may = ["look"]
never = []
[[may.look]]
actions = ["s3:GetObject"]
resources = ["objects:raw"]
"""


def settings(**changes: Any) -> IdentitySettings:
    return IdentitySettings(**{**LARGE["identity"], **changes})


def scope(environment: str = "dev", teams: tuple[str, ...] = ()) -> person.PersonScope:
    home = dataclasses.replace(platform(), environment=environment)
    return person.PersonScope(grants=Grants(platform=home, buckets=PURPOSES, key_classes=KEY_CLASSES), teams=teams)


def allowed(name: str, environment: str, teams: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    documents = person.policies(PEOPLE[name], scope(environment, teams))
    return {row["Sid"]: row for each in documents for row in each["Statement"] if row["Effect"] == "Allow"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("may = [", 'may = ["lok", '), "did you mean look"),
        (("never = [", 'never = ["leave"'), "allowed:"),
        (('"s3:GetObject"', '"s3:Get*"'), "name each action"),
        (("purpose =", "porpose ="), "did you mean purpose"),
        (('purpose = "Tests"', ""), "lacks purpose"),
        (("[[may", "[may"), "people.toml is no TOML"),
    ],
)
def test_a_broken_table_is_refused_with_what_is_allowed(change: tuple[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        people.parse(PERSON.replace(*change) if "[[" not in change[0] else "[[may.look]\n")


def test_somebody_who_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="did you mean data-scientist"):
        people.table().named("data-scientst")


def test_a_resource_that_stands_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="stands for nothing"):
        person.resources(["objekt:raw"], scope())


def test_a_statement_larger_than_a_policy_is_refused() -> None:
    long = allow("Long", ["s3:GetObject"], [f"arn:aws:s3:::bucket-{n}/*" for n in range(400)])

    with pytest.raises(ValueError, match="split it in two"):
        packed([long], 6144, "Tester")


def test_training_by_hand_is_for_dev_only() -> None:
    assert any("sagemaker:CreateTrainingJob" in row["Action"] for row in allowed("data-scientist", "dev").values())
    assert not any("sagemaker:CreateTrainingJob" in row["Action"] for row in allowed("data-scientist", "prod").values())


def test_teams_work_on_what_carries_their_tag() -> None:
    alone, shared = allowed("data-scientist", "dev"), allowed("data-scientist", "dev", ("pricing", "safety"))

    assert "Condition" not in alone["TrainInDev1"]
    assert shared["TrainInDev1"]["Condition"] == {"StringEquals": {"aws:RequestTag/team": "${aws:PrincipalTag/team}"}}
    assert shared["TrainInDev2"]["Condition"] == {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}


@pytest.mark.parametrize("name", PEOPLE)
def test_stars_stand_only_where_an_action_takes_no_resource(name: str) -> None:
    starred = {action for row in allowed(name, "dev").values() if row["Resource"] == ["*"] for action in row["Action"]}

    reading = ("AccessUI", "Describe", "Get", "List", "Search")
    assert not [action for action in starred if not action.split(":")[1].startswith(reading)]


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_is_both_allowed_and_forbidden_the_same(name: str) -> None:
    assert set(PEOPLE[name].may) & set(PEOPLE[name].never) == set()


def test_only_the_manager_approves_and_buys() -> None:
    assert [name for name, row in PEOPLE.items() if "approve-models" in row.may] == ["mlops-manager"]
    assert [name for name, row in PEOPLE.items() if "buy-capacity" in row.may] == ["mlops-manager"]
    assert "register-models" in PEOPLE["mlops-manager"].never


def test_identity_center_leads_to_one_role_each() -> None:
    (statement,) = person_trust(platform(), "identity_center", "DataScientist")["Statement"]

    patterns = statement["Condition"]["ArnLike"]["aws:PrincipalArn"]
    assert all(":role/aws-reserved/sso.amazonaws.com/" in arn and "_DataScientist_" in arn for arn in patterns)


def test_without_it_a_fresh_second_factor_is_asked_for() -> None:
    (statement,) = person_trust(platform(), "mfa", "DataScientist")["Statement"]

    assert statement["Condition"]["Bool"] == {"aws:MultiFactorAuthPresent": "true"}
    assert statement["Condition"]["NumericLessThan"] == {"aws:MultiFactorAuthAge": "3600"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"people_sign_in": "password"}, "allowed: identity_center, mfa"),
        ({"bootstrap_admin_role_arn": f"arn:aws:iam::{ACCOUNT}:role/mlops/prod/fraud-prod-ci-deploy"}, "a circle"),
        ({"break_glass_from": OPEN[0]}, "both ends"),
        ({"break_glass_from": "tomorrow", "break_glass_until": OPEN[1]}, "no instant"),
        ({"break_glass_from": OPEN[1], "break_glass_until": OPEN[0]}, "after the beginning"),
        ({"break_glass_from": OPEN[0], "break_glass_until": "2026-11-26T06:00:01Z"}, "at most 12 hours"),
    ],
)
def test_settings_that_cannot_be_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        settings(**changes)


def test_break_glass_is_closed_until_it_is_opened() -> None:
    assert settings().break_glass_window == (CLOSED, CLOSED)
    assert settings(break_glass_from=OPEN[0], break_glass_until=OPEN[1]).break_glass_window == OPEN


def test_break_glass_opens_in_its_trust_and_in_its_boundary() -> None:
    graph = program("identity")
    role = inputs(graph, "iam/role:Role")["break-glass"]
    (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
    boundary = json.loads(inputs(graph, "iam/policy:Policy")["break-glass-boundary"]["policy"])
    denies = {row["Sid"]: row for row in boundary["Statement"]}

    assert trust["Condition"]["DateLessThan"] == {"aws:CurrentTime": CLOSED}
    assert denies["NotAfter"]["Condition"] == {"DateGreaterThanEquals": {"aws:CurrentTime": CLOSED}}
    assert denies["NotAfter"]["Action"] == ["*"]
    assert role["maxSessionDuration"] == 3600


def test_ci_changes_nothing_of_people() -> None:
    """Whoever may rewrite the trust of the manager's role may approve models."""
    boundary = json.loads(inputs(program("identity"), "iam/policy:Policy")["ci-boundary"]["policy"])
    denies = {row["Sid"]: row for row in boundary["Statement"]}

    assert any(":role/mlops/prod/people/" in arn for arn in denies["KeepOwnRoles"]["Resource"])
    assert any(":policy/mlops/prod/people/" in arn for arn in denies["KeepOwnPolicies"]["Resource"])
