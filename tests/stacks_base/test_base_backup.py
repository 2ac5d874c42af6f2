"""Copies of what cannot be made again: where they lie, how long, who makes them and who cannot delete them."""

from __future__ import annotations

import json

import botocore.session
import pytest
from stacks_base.base_project import ACCOUNT, inputs, platform, program, recorded, small, stack

from stacks.components.backup_vault import BackupVaultArgs
from stacks.documents.backup import backup_permissions, vault_policy
from stacks.documents.statement import MANAGED_POLICY_CHARACTERS, size
from stacks.settings import SettingsError

LOCK = "backup/vaultLockConfiguration:VaultLockConfiguration"


def test_copies_are_encrypted_with_a_key_of_their_own() -> None:
    """A key that is deleted with the data would take the copies with it."""
    graph = recorded()
    exports = stack(graph, "foundation").exports
    vault = inputs(graph, "backup/vault:Vault")["backup"]

    assert vault["kmsKeyArn"] == exports["backup_key_arn"]
    assert exports["backup_key_arn"] not in {exports[f"{name}_key_arn"] for name in ("data", "models", "evidence")}


def test_daily_and_monthly_copies_live_as_long_as_decided_and_the_lock_agrees() -> None:
    graph = recorded()
    rules = {rule["ruleName"]: rule for rule in inputs(graph, "backup/plan:Plan")["backup"]["rules"]}

    assert {name: rule["lifecycle"]["deleteAfter"] for name, rule in rules.items()} == {"daily": 35, "monthly": 90}
    assert {rule["targetVaultName"] for rule in rules.values()} == {"fraud-prod-backup"}
    lock = inputs(graph, LOCK)["backup"]
    assert (lock["minRetentionDays"], lock["maxRetentionDays"]) == (35, 90)


def test_the_lock_is_governance_so_that_a_mistake_can_be_undone() -> None:
    """A number of days in which it can be changed would make it a compliance lock, for ever."""
    assert "changeableForDays" not in inputs(recorded(), LOCK)["backup"]


def test_the_lock_is_left_out_where_it_is_not_asked() -> None:
    assert inputs(program("data", data={"backup_lock": False}), LOCK) == {}


def test_only_what_cannot_be_made_again_is_copied() -> None:
    selection = inputs(recorded(), "backup/selection:Selection")["data-copies"]

    assert selection["resources"] == [f"arn:aws:s3:::fraud-prod-{name}-{ACCOUNT}" for name in ("curated", "models")]
    assert selection["iamRoleArn"] == stack(recorded(), "data").exports["backup_role_arn"]


def test_without_purposes_there_is_no_vault() -> None:
    graph = small()

    assert [r.type for r in stack(graph, "data").resources if ":backup/" in r.type] == []
    assert stack(graph, "data").exports["backup_plan_id"] == ""


def test_nobody_deletes_a_copy_by_hand() -> None:
    (kept,) = vault_policy()["Statement"]

    assert (kept["Effect"], kept["Principal"]) == ("Deny", "*")
    assert "backup:DeleteRecoveryPoint" in kept["Action"]


LONGEST = platform(project="p" * 30, environment="staging", region="ap-southeast-2", partition="aws-us-gov")


def test_what_makes_copies_changes_no_data_and_fits_into_a_policy() -> None:
    document = backup_permissions(LONGEST)
    actions = {action for statement in document["Statement"] for action in statement["Action"]}

    assert size(document) <= MANAGED_POLICY_CHARACTERS
    assert "arn:aws:" not in json.dumps(document)
    assert actions & {"s3:PutObject", "s3:DeleteObject", "dynamodb:PutItem", "backup:DeleteRecoveryPoint"} == set()


@pytest.mark.parametrize("service", ["backup", "dynamodb", "events"])
def test_the_actions_exist(service: str) -> None:
    operations = set(botocore.session.get_session().get_service_model(service).operation_names)
    actions = {
        action.partition(":")[2]
        for statement in [*backup_permissions(LONGEST)["Statement"], *vault_policy()["Statement"]]
        for action in statement["Action"]
        if action.startswith(f"{service}:")
    }

    # Two permissions without an operation: Service Authorization Reference, AWS Backup and DynamoDB.
    assert actions - operations <= {"CopyIntoBackupVault", "StartAwsBackupJob"}


def test_buckets_are_copied_continuously_where_less_than_a_day_may_be_lost() -> None:
    continuous = program("data", data={"backup_continuous": True})
    for graph, expected in ((recorded(), False), (continuous, True)):
        rules = {rule["ruleName"]: rule for rule in inputs(graph, "backup/plan:Plan")["backup"]["rules"]}

        assert {name: rule["enableContinuousBackup"] for name, rule in rules.items()} == {
            "daily": expected,
            "monthly": False,
        }


def test_continuous_copies_that_would_live_too_long_are_refused() -> None:
    given = {"platform": platform(), "kms_key_arn": "key", "monthly_days": 90, "lock": True, "continuous": True}

    assert BackupVaultArgs(daily_days=35, **given).continuous
    with pytest.raises(SettingsError, match="continuous copies live 35 days at most"):
        BackupVaultArgs(daily_days=36, **given)
