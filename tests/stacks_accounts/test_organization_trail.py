"""The organization's trail in the log account, who administers detection, and the pack that Config judges by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from stacks_accounts.tooling_project import DEV, LOGS, MANAGEMENT, TOOLING, given, graph, policy, resources

from modelkeel import answers, plan
from modelkeel.findings import pack as packs
from modelkeel.plan.building import decide
from modelkeel.plan.unbuilt import not_built
from modelkeel.tables.config_rule import config_rules, serving
from modelkeel.tables.framework import frameworks
from stacks.account.settings import AccountSettings
from stacks.documents.conformance import TEMPLATE_CHARACTERS, template
from stacks.settings import SettingsError

ROOT = Path(__file__).resolve().parents[2]
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{MANAGEMENT}:trail/churn-shared-org-trail"


def planned(**changes: Any) -> plan.Plan:
    return plan.build(answers.validate(given(**changes)))


def account(planned: plan.Plan, name: str) -> dict[str, Any]:
    return next(dict(row.config) for row in planned.stacks if (row.program, row.stack) == ("account", name))


def test_the_trail_of_all_accounts_writes_into_the_log_account() -> None:
    (trail,) = (row for row in resources("prod", "Trail", "organization"))
    place = [stack.account for stack, row in graph().resources() if row.urn == trail.urn]

    assert place == [MANAGEMENT]
    assert trail.inputs["isOrganizationTrail"] is True
    assert trail.inputs["s3BucketName"] == f"churn-shared-org-trail-{LOGS}"
    assert trail.inputs["kmsKeyId"] == f"arn:aws:kms:eu-west-1:{LOGS}:alias/churn-shared-org-trail"


def test_its_bucket_takes_files_of_that_trail_alone_by_account_and_by_organization() -> None:
    statements = policy("prod", "BucketPolicy", "log_archive", "policy", "org-trail")
    writes = [each for each in statements if each["Sid"].startswith("TrailWrites")]

    assert [each["Resource"].rsplit("/AWSLogs/", 1)[-1] for each in writes] == [f"{MANAGEMENT}/*", "o-abcdefghij/*"]
    assert {each["Condition"]["StringEquals"]["aws:SourceArn"] for each in writes} == {TRAIL}


def test_the_log_account_is_named_administrator_before_it_watches() -> None:
    named = {row.inputs["adminAccountId"] for row in resources("prod", "OrganizationAdminAccount", "organization")}
    services = [row.inputs["servicePrincipal"] for row in resources("prod", "DelegatedAdministrator")]
    watching = {stack.account for stack, row in graph().resources() if row.type.endswith(":OrganizationConfiguration")}

    assert named == {LOGS}
    assert sorted(services) == ["access-analyzer.amazonaws.com", "config.amazonaws.com"]
    assert watching == {LOGS}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"management_account_id": ""}, "needs org_id and management_account_id"),
        ({"management": "control_tower"}, "control_tower writes the organization's trail"),
    ],
)
def test_without_the_management_account_no_trail_is_planned_and_that_is_said(
    changes: dict[str, Any], said: str
) -> None:
    made = answers.validate(given(**changes))
    told = not_built(made, decide(made), plan.build(made).stacks)

    assert "log_archive" not in plan.build(made).programs
    assert any(text.startswith("log_account_id: ") and said in text for text in told)


def test_targets_that_are_named_are_attached_and_others_are_left_to_the_team() -> None:
    key = "organization:target_ids"
    configs = [
        next(dict(row.config) for row in planned(policy_target_ids=ids).stacks if row.program == "organization")
        for ids in ([], ["ou-abcd-11111111"])
    ]

    assert [config.get(key) for config in configs] == [None, ["ou-abcd-11111111"]]


def test_config_judges_by_the_rules_of_the_framework_where_its_owner_is_the_project() -> None:
    key = "account:conformance_rules"

    assert key not in account(planned(frameworks=[]), DEV)
    assert key not in account(planned(frameworks=["soc2"], management="lza"), DEV)
    named = [row["identifier"] for row in account(planned(frameworks=["soc2"]), TOOLING)[key]]
    assert "S3_BUCKET_SSL_REQUESTS_ONLY" in named
    assert named == sorted(set(named))


def test_rules_that_a_region_lacks_are_left_out() -> None:
    home, gov, zurich = (
        {row.rule for row in serving(["soc2"], region, partition)}
        for region, partition in (("us-east-1", "aws"), ("us-gov-west-1", "aws-us-gov"), ("eu-central-2", "aws"))
    )

    assert "SAGEMAKER_MODEL_IN_VPC" in home - gov - zurich
    assert serving(["soc2"], "cn-north-1", "aws-cn") == ()


def test_each_rule_belongs_to_controls_and_serves_the_frameworks_that_they_serve() -> None:
    controls = {row.id: row for row in packs.load(ROOT / "policies").controls}

    for row in config_rules():
        served = {name for control in row.controls for name in controls[control].frameworks} & set(frameworks())
        assert set(row.frameworks) == served, row.rule


def test_the_template_of_all_rules_fits() -> None:
    rules = [{"identifier": row.rule, "parameters": dict(row.parameters)} for row in config_rules()]
    made = template(rules, "abcdefghij-klmnopqrs-uvw-shared-controls")

    assert len(json.dumps(made)) < TEMPLATE_CHARACTERS
    assert len(made["Resources"]) == len(rules)
    assert max(len(each["Properties"]["ConfigRuleName"]) for each in made["Resources"].values()) <= 128


def test_an_administrator_that_does_not_detect_is_refused() -> None:
    config = account(planned(), LOGS)
    values = {name.removeprefix("account:"): value for name, value in config.items() if name.startswith("account:")}

    with pytest.raises(SettingsError, match="organization_watch"):
        AccountSettings(**{**values, "manage_guardduty": False})
