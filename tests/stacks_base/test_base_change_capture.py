"""Changes of a database: read over an encrypted line as a reader of its log, written to the raw bucket, watched."""

from __future__ import annotations

import json
from typing import Any

import pytest
from stacks_base.base_project import ACCOUNT, inputs, program

from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph
from stacks.documents.change_capture import table_mappings
from stacks.settings import SettingsError

SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:orders-reader-a1b2c3"
ASKED: dict[str, Any] = {
    "change_engine": "postgresql",
    "change_secret_arn": SECRET,
    "change_source_cidr": "10.9.0.0/24",
    "change_database": "orders",
    "change_tables": ["shop.orders", "shop.line%"],
    "change_instance_class": "dms.r5.large",
    "change_multi_az": True,
    "change_storage_gib": 100,
}


def _graph() -> Graph:
    return program("data", data=ASKED)


def test_nothing_is_captured_until_the_database_is_named() -> None:
    graph = program("data", data={**ASKED, "change_secret_arn": ""})

    assert inputs(graph, "replicationInstance:ReplicationInstance") == {}


def test_the_machine_is_private_encrypted_and_doubled() -> None:
    machine = inputs(_graph(), "replicationInstance:ReplicationInstance")["changes"]

    assert machine["publiclyAccessible"] is False
    assert machine["kmsKeyArn"]
    assert machine["multiAz"] is True
    assert len(machine["vpcSecurityGroupIds"]) == 2


def test_it_reaches_the_database_on_its_port_and_nothing_else_of_that_network() -> None:
    rule = inputs(_graph(), "securityGroupEgressRule:SecurityGroupEgressRule")["changes-database"]

    assert (rule["fromPort"], rule["toPort"], rule["cidrIpv4"]) == (5432, 5432, "10.9.0.0/24")


def test_the_password_stays_in_its_secret_and_the_line_is_encrypted() -> None:
    graph = _graph()
    source = inputs(graph, "dms/endpoint:Endpoint")["changes-source"]
    policy = json.loads(inputs(graph, "iam/policy:Policy")["changes-secret"]["policy"])

    assert "password" not in source
    assert source["secretsManagerArn"] == SECRET
    assert source["sslMode"] == "require"
    assert [row["Resource"] for row in policy["Statement"]] == [SECRET]


def test_rows_lie_below_raw_changes_with_what_happened_and_when() -> None:
    graph = _graph()
    target = inputs(graph, "s3Endpoint:S3Endpoint")["changes-target"]
    policy = json.loads(inputs(graph, "iam/policy:Policy")["changes-target"]["policy"])
    written = {row["Sid"]: row for row in policy["Statement"]}["WriteObjects"]["Resource"]

    assert (target["bucketFolder"], target["dataFormat"], target["encryptionMode"]) == (
        "raw/changes",
        "parquet",
        "SSE_KMS",
    )
    assert target["timestampColumnName"] == "changed_at"
    assert target["serverSideEncryptionKmsKeyId"]
    assert written.endswith("/raw/changes/*")


def test_the_log_of_the_task_is_made_before_dms_makes_one_that_never_forgets() -> None:
    log = inputs(_graph(), "logGroup:LogGroup")["changes"]

    assert log["name"] == "dms-tasks-fraud-prod-changes"
    assert log["retentionInDays"] == 365
    assert log["kmsKeyId"]


def test_a_capture_that_is_late_or_silent_rings() -> None:
    alarms = inputs(_graph(), "metricAlarm:MetricAlarm")
    late = [alarms[f"changes-late-{end}"] for end in ("source", "target")]

    assert [row["metricName"] for row in late] == ["CDCLatencySource", "CDCLatencyTarget"]
    assert {row["treatMissingData"] for row in late} == {"breaching"}
    assert {row["dimensions"]["ReplicationInstanceIdentifier"] for row in late} == {"fraud-prod-changes"}
    assert all(":" not in row["dimensions"]["ReplicationTaskIdentifier"] for row in late)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"change_source_cidr": ""}, "change_source_cidr is empty"),
        ({"change_engine": "mysql"}, "import-certificate"),
        ({"change_engine": "db2"}, "allowed: postgresql"),
        ({"change_tables": ["orders"]}, "SCHEMA.TABLE"),
    ],
)
def test_a_database_named_by_half_is_refused_with_what_is_missing(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelkeelError, match=said):
        program("data", data={**ASKED, **changes})


def test_tables_are_selected_by_schema_and_name() -> None:
    rules = json.loads(table_mappings(["shop.orders", "%.audit"]))["rules"]

    assert [row["object-locator"] for row in rules] == [
        {"schema-name": "shop", "table-name": "orders"},
        {"schema-name": "%", "table-name": "audit"},
    ]
    assert len({row["rule-id"] for row in rules}) == 2
    with pytest.raises(SettingsError):
        table_mappings([])


def test_the_account_has_the_roles_that_dms_looks_for_under_its_boundary() -> None:
    graph = program("account", account={"manage_capture_roles": True})
    roles = inputs(graph, "iam/role:Role")
    boundary = json.loads(inputs(graph, "iam/policy:Policy")["boundary"]["policy"])

    for name in ("dms-vpc-role", "dms-cloudwatch-logs-role"):
        assert roles[name]["name"] == name
        assert roles[name]["permissionsBoundary"]
    assert "Interfaces" in {row["Sid"] for row in boundary["Statement"]}
    assert "dms-vpc-role" not in inputs(program("account"), "iam/role:Role")
