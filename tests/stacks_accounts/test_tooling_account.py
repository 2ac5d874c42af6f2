"""Registry, images, models and the entry of CI in an account of their own, and what environments make of them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from stacks_accounts.tooling_project import DEV, PROD, TOOLING, given, graph, policy, project, resources

from modelkeel import answers, plan
from stacks.settings import SettingsError
from stacks.tooling.settings import ToolingSettings

ARN = "aws:PrincipalArn"


def by_sid(statements: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["Sid"]: each for each in statements}


def test_an_environment_makes_no_registry_and_no_images_of_its_own() -> None:
    kinds = ("ModelPackageGroup", "Repository", "ModelPackageGroupPolicy")

    assert not [r.name for kind in kinds for r in resources("prod", kind, "training")]
    groups = [r.inputs["modelPackageGroupName"] for r in resources("prod", "ModelPackageGroup")]
    assert groups == ["churn-shared-tabular-scorer"]


def test_the_pipeline_registers_across_accounts_and_leaves_models_where_all_may_read() -> None:
    (pipeline,) = resources("prod", "Pipeline", "training")
    text = pipeline.inputs["pipelineDefinition"]
    train = next(step for step in json.loads(text)["Steps"] if step["Name"] == "Train")["Arguments"]

    assert f":{TOOLING}:model-package-group/churn-shared-tabular-scorer" in text
    assert train["OutputDataConfig"]["S3OutputPath"] == f"s3://churn-shared-models-{TOOLING}/models/prod/artifacts"
    assert f":{TOOLING}:key/" in train["OutputDataConfig"]["KmsKeyId"]
    assert f":{PROD}:key/" in train["ResourceConfig"]["VolumeKmsKeyId"]
    assert train["AlgorithmSpecification"]["TrainingImage"].startswith(f"{TOOLING}.dkr.ecr.")


def test_each_environment_writes_below_its_own_folder_and_reads_all() -> None:
    statements = by_sid(policy("prod", "BucketPolicy", "tooling", "policy", "models"))

    dev, prod = (statements[sid] for sid in ("WriteDev", "WriteProd"))
    assert (dev["Resource"].rsplit(":::", 1)[-1], dev["Principal"]["AWS"]) == (
        f"churn-shared-models-{TOOLING}/models/dev/*",
        [f"arn:aws:iam::{DEV}:root"],
    )
    assert all(f"::{PROD}:role/mlops/prod/churn-prod-" in arn for arn in prod["Condition"]["ArnEquals"][ARN])
    assert not any("endpoint" in arn for arn in prod["Condition"]["ArnEquals"][ARN])
    assert any(arn.endswith("churn-prod-endpoint") for arn in statements["ReadModels"]["Condition"]["ArnEquals"][ARN])


def test_only_the_approvers_of_the_last_environment_approve_and_pipelines_register_what_waits() -> None:
    statements = by_sid(policy("prod", "ModelPackageGroupPolicy", "tooling", "resourcePolicy"))

    approvers = statements["Approve"]["Condition"]["ArnLike"][ARN]
    assert approvers
    assert all(f"::{PROD}:" in arn for arn in approvers)
    assert statements["DenyApprovalByOthers"]["Condition"]["ArnNotLike"][ARN] == approvers
    pending = statements["Register"]["Condition"]["StringEquals"]
    assert pending == {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}


def test_the_first_environment_pushes_images_and_no_other_does() -> None:
    statements = by_sid(policy("prod", "RepositoryPolicy", "tooling", "policy"))

    assert statements["CiPushes"]["Condition"]["ArnEquals"][ARN] == [
        f"arn:aws:iam::{DEV}:role/mlops/dev/churn-dev-ci-deploy"
    ]
    deny = statements["DenyOtherAccounts"]["Condition"]["StringNotEquals"]["aws:PrincipalAccount"]
    assert deny == [DEV, PROD, TOOLING]


def test_no_statement_names_a_principal_twice() -> None:
    for kind, key in (
        ("BucketPolicy", "policy"),
        ("RepositoryPolicy", "policy"),
        ("ModelPackageGroupPolicy", "resourcePolicy"),
        ("Key", "policy"),
    ):
        for resource in resources("prod", kind, "tooling"):
            for statement in json.loads(resource.inputs[key])["Statement"]:
                principals = statement.get("Principal")
                named = principals.get("AWS", []) if isinstance(principals, dict) else []
                named = [named] if isinstance(named, str) else named
                assert len(named) == len(set(named)), (resource.name, statement["Sid"])


def test_tokens_open_the_tooling_account_only_and_each_role_there_enters_one_environment() -> None:
    kind = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
    providers = [stack.account for stack, row in graph().resources() if row.type == kind]
    roles = {row.inputs["name"]: row for row in resources("prod", "Role")}
    entry = json.loads(roles["churn-shared-prod-deploy"].inputs["assumeRolePolicy"])["Statement"]
    there = json.loads(roles["churn-prod-ci-deploy"].inputs["assumeRolePolicy"])["Statement"]
    policies = resources("prod", "Policy", "tooling")
    enter = json.loads(next(r for r in policies if "prod-deploy" in r.inputs["name"]).inputs["policy"])

    assert providers == [TOOLING]
    assert [each["Action"] for each in entry] == ["sts:AssumeRoleWithWebIdentity"]
    assert there[0]["Principal"] == {"AWS": f"arn:aws:iam::{TOOLING}:role/mlops/shared/churn-shared-prod-deploy"}
    assert by_sid(enter["Statement"])["EnterEnvironment"]["Resource"].endswith("/churn-prod-ci-deploy")


def test_the_way_to_s3_lets_the_shared_bucket_through() -> None:
    ways = [r for r in resources("prod", "VpcEndpoint", "foundation") if r.inputs["serviceName"].endswith(".s3")]
    (own, *_) = json.loads(ways[0].inputs["policy"])["Statement"]

    assert own["Condition"]["StringEquals"]["aws:ResourceAccount"] == [PROD, TOOLING]


def test_the_repository_knows_the_tooling_account_as_an_environment_of_its_own() -> None:
    shown = "e.account, e.stack('account'), e.stack('tooling'), e.state_bucket"
    script = f"from operations.environment import load; e = load('shared'); print({shown})"
    said = subprocess.run([sys.executable, "-c", script], cwd=project(), capture_output=True, text=True, check=True)

    assert said.stdout.split() == [TOOLING, TOOLING, "shared", f"churn-shared-state-{TOOLING}"]
    assert "DEPLOY_ENTRY_ROLE_ARN=" in (project() / "config" / "ci" / "prod.env").read_text(encoding="utf-8")


def test_without_a_tooling_account_nothing_stands_in_one() -> None:
    made = answers.validate({**given(account_model="per_env"), "tooling_account_id": ""})
    planned = plan.build(made)

    assert "tooling" not in planned.programs
    assert not any("tooling_account_id" in key for stack in planned.stacks for key in stack.config)


@pytest.mark.parametrize("key", ["pushing_environments", "ci_deploy_subjects"])
def test_a_name_that_is_no_environment_is_refused(key: str) -> None:
    wrong: Any = ["qa"] if key == "pushing_environments" else {"qa": []}
    planned = plan.build(answers.validate(given()))
    config = next(dict(stack.config) for stack in planned.stacks if stack.program == "tooling")
    values = {name.removeprefix("tooling:"): value for name, value in config.items() if name.startswith("tooling:")}

    with pytest.raises(SettingsError, match=f"tooling:{key} names no environment"):
        ToolingSettings(**{**values, key: wrong})
