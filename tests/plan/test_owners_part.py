"""What owners of a given key or bucket set: the same that the project's own keys allow, and no more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelkeel import answers, plan
from modelkeel.answers.model import Answers
from modelkeel.errors import ModelkeelError
from modelkeel.plan import brought, owners_part
from modelkeel.render import render
from stacks import placement
from stacks.documents.key import key_policy, use_through
from stacks.settings import Platform

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "111111111111"
PLACES = {"aws": "eu-west-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}


def given(partition: str, *data: str) -> Answers:
    region = PLACES[partition]
    key = f"arn:{partition}:kms:{region}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    chosen = (f"regions=[{region}]", f"existing_key_arns=prod={key}", "existing_data_buckets=prod=acme-raw", *data)
    return answers.load(ROOT / "examples" / "tabular_batch" / "answers.yml", preset=None, data=chosen)


def platform(partition: str) -> Platform:
    return Platform(
        project="churn-scores",
        environment="prod",
        account_id=ACCOUNT,
        region=PLACES[partition],
        partition=partition,
        owner_email="",
        cost_center="",
        data_classification="internal",
        ai_risk="none",
        compliance=[],
        use_fips=False,
    )


def by_sid(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Return statements by their names, with actions in no order."""
    rows = json.loads(json.dumps(statements))
    for row in rows:
        row["Action"] = sorted(row["Action"]) if isinstance(row["Action"], list) else row["Action"]
    return {row["Sid"]: row for row in rows}


@pytest.mark.parametrize("partition", PLACES)
@pytest.mark.parametrize("linked", [(), ("autoscaling",)])
def test_the_key_allows_what_keys_of_the_project_allow_but_its_administration(
    partition: str, linked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = given(partition)
    monkeypatch.setattr(owners_part, "_linked_services", lambda plan, environment: list(linked))

    row = owners_part.given_keys(answered, plan.build(answered))[0]

    said = by_sid(json.loads(row["policy"])["Statement"])
    own = by_sid(key_policy(platform(partition), placement.KEY_CLASSES, linked)["Statement"])
    assert said.pop("AliasesAndDescription")["Action"] == sorted(owners_part.ALIASES)
    own.pop("AdministerThroughIam")
    assert own == said


@pytest.mark.parametrize("partition", PLACES)
def test_the_buckets_key_lets_the_account_decrypt_through_s3(partition: str) -> None:
    row = owners_part.given_buckets(given(partition))[0]

    said = json.loads(row["key_policy"])["Statement"][0]["Condition"]["StringEquals"]
    own = use_through(platform(partition), ["s3"])[0]["Condition"]["StringEquals"]
    assert {**own, "kms:ViaService": own["kms:ViaService"][0]} == said


def test_the_page_has_both_and_is_there_only_where_something_is_given() -> None:
    answered = given("aws")
    data = plan.template_data(answered, plan.build(answered))
    files = {str(path): file for path, file in render({**data, "tool_requirement": "x"}, ROOT).items()}
    page = files["governance/what-others-own.md"].content.decode()

    assert page.count("```json") == 3
    assert "role/mlops/prod/churn-scores-prod-processing" in page
    plain = answers.load(ROOT / "examples" / "tabular_batch" / "answers.yml")
    assert not brought.used(plain)


def test_keys_and_raw_buckets_are_not_planned_where_they_are_given() -> None:
    plain = plan.build(answers.load(ROOT / "examples" / "tabular_batch" / "answers.yml", preset=None, data=()))
    answered = given("aws")
    made = plan.build(answered)

    assert made.value("least_usd_per_month")["prod"] == pytest.approx(plain.value("least_usd_per_month")["prod"] - 3)
    assert not [text for text in plan.template_data(answered, made)["prose"]["not_built"] if "existing" in text]


@pytest.mark.parametrize(
    ("arn", "said"),
    [
        ("arn:aws:kms:eu-west-1:999999999999:key/a-1", "in eu-west-1 of account 999999999999"),
        ("arn:aws:kms:us-east-1:111111111111:key/a-1", "in us-east-1 of account 111111111111"),
    ],
)
def test_a_key_elsewhere_is_refused(arn: str, said: str) -> None:
    with pytest.raises(ModelkeelError, match=said):
        given("aws", f"existing_key_arns=prod={arn}")


def test_one_key_is_refused_where_a_framework_wants_one_for_each_class() -> None:
    with pytest.raises(ModelkeelError, match="one key is given for all classes"):
        given("aws", "frameworks=[hipaa]", "data_sensitivity=[phi]")
