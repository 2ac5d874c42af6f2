"""Where people can be erased: a register that warns in time, and a job that may take rows away and nothing else."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from small_repository import of_type, one
from stacks_models.model_project import ACCOUNT, ERASURE, EXPORTS, REGION, batch, recorded

from modelkeel import answers, cost, plan
from modelkeel.graph import Graph
from modelkeel.plan import erasure

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "template/project/src/{{ plan.package }}/{% if plan.words.uses_erasure %}erasure{% endif %}"


def _graph() -> Graph:
    return recorded(governance=ERASURE)


def _job() -> dict[str, Any]:
    definition = one(_graph(), "batch/jobDefinition:JobDefinition", "erasure")
    return dict(json.loads(definition.inputs["containerProperties"]))


def _statements(name: str) -> dict[str, dict[str, Any]]:
    policy = json.loads(one(_graph(), "iam/policy:Policy", name).inputs["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def _fields(module: str, name: str) -> set[str]:
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    (found,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    return {row.target.id for row in found.body if isinstance(row, ast.AnnAssign) and isinstance(row.target, ast.Name)}


def test_the_job_is_told_what_the_package_reads() -> None:
    environment = {row["name"]: row["value"] for row in _job()["environment"]}
    place = json.loads(environment["ERASURE_PLACE"])

    assert set(place) == _fields("job.py", "Place")
    assert {key for zone in place["zones"] for key in zone} == _fields("zones.py", "Zone")
    assert {key for group in place["feature_groups"] for key in group} == _fields("features.py", "Group")
    assert place["copies_days"] == 90


def test_the_files_of_tables_are_left_to_the_tables() -> None:
    environment = {row["name"]: row["value"] for row in _job()["environment"]}
    zones = {zone["name"]: zone for zone in json.loads(environment["ERASURE_PLACE"])["zones"]}

    assert [name for name, zone in zones.items() if zone.get("rewrites") is False] == ["tables", "features"]
    assert zones["curated"]["leave"] == [zones["tables"]["prefix"]]
    assert all(zone["prefix"].endswith("/") for zone in zones.values())


def test_the_container_runs_in_the_network_without_a_public_address() -> None:
    compute = one(_graph(), "batch/computeEnvironment:ComputeEnvironment").inputs["computeResources"]

    assert _job()["networkConfiguration"] == {"assignPublicIp": "DISABLED"}
    assert compute["type"] == "FARGATE"
    assert compute["subnets"] == EXPORTS["foundation"]["private_subnet_ids"]
    assert _job()["command"] == ["python", "-m", "fraud.erasure", "run"]


def test_the_job_takes_away_and_decides_nothing() -> None:
    statements = _statements("erasure-job")
    allowed = {action for statement in statements.values() for action in statement["Action"]}

    assert not {action for action in allowed if "Bypass" in action or action.startswith(("iam:", "s3:PutObjectL"))}
    assert statements["MarkModels"]["Condition"] == {"Null": {"sagemaker:ModelApprovalStatus": "true"}}
    assert not any("models" in arn for arn in statements["Objects"]["Resource"])
    assert statements["KeepEvidence"]["Resource"].endswith("/erasures/*")


def test_the_role_that_starts_the_container_reads_no_data() -> None:
    allowed = {action for row in _statements("erasure-container").values() for action in row["Action"]}

    assert {action.split(":")[0] for action in allowed} == {"ecr", "logs"}


def test_people_are_told_of_what_is_due_silent_stuck_or_failed() -> None:
    alarms = {row.name: row.inputs for row in of_type(_graph(), "metricAlarm:MetricAlarm")}

    due, silent = alarms["erasure-requests-due"], alarms["erasure-requests-silent"]
    assert (due["metricName"], due["comparisonOperator"], due["threshold"]) == (
        "ErasureDaysLeft",
        "LessThanThreshold",
        10,
    )
    assert (silent["statistic"], silent["treatMissingData"]) == ("SampleCount", "breaching")
    assert {"erasure", "erasure-requests-stuck", "erasure-start"} <= set(alarms)


def test_the_job_runs_every_night_in_the_teams_time_zone() -> None:
    schedule = one(_graph(), "scheduler/schedule:Schedule", "erasure-start").inputs

    assert (schedule["scheduleExpression"], schedule["scheduleExpressionTimezone"]) == (
        "cron(0 3 * * ? *)",
        "Europe/Dublin",
    )
    assert schedule["state"] == "ENABLED"


def test_the_register_forgets_and_can_be_restored() -> None:
    table = one(_graph(), "dynamodb/table:Table", "erasure-requests").inputs

    assert table["ttl"] == {"attributeName": "expires_at", "enabled": True}
    assert table["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 7}
    assert table["serverSideEncryption"]["kmsKeyArn"] == f"arn:aws:kms:{REGION}:{ACCOUNT}:key/evidence"


def test_the_name_of_the_register_is_what_people_are_allowed() -> None:
    table = one(_graph(), "dynamodb/table:Table", "erasure-requests").inputs["name"]

    assert table == "fraud-prod-erasure-requests"
    assert "table/{project}-{environment}-erasure-requests" in (ROOT / "stacks/identity/people.toml").read_text()


def test_where_nobody_may_ask_there_is_neither_register_nor_job() -> None:
    assert not list(of_type(batch(), "batch/jobDefinition:JobDefinition"))


def test_the_container_is_priced_by_what_it_may_ask_for() -> None:
    lines = {row.dimension: row for row in cost.price(_graph()).lines if row.urn.endswith("::erasure")}

    assert lines["containers: VCPU"].quantity == lines["containers: MEMORY"].quantity / 8 > 0


@pytest.mark.parametrize(("frameworks", "asked"), [("gdpr", True), ("soc2", False)])
def test_the_job_is_planned_where_a_regulation_grants_erasure(frameworks: str, asked: bool) -> None:
    given = answers.load(ROOT / "examples/fraud_realtime/answers.yml", data=(f"frameworks={frameworks}",))
    planned = plan.build(given)
    governance = [row.config for row in planned.stacks if row.program == "governance"]

    assert all(config.get("governance:erasure", False) is asked for config in governance)
    (decided,) = [row.value for row in planned.decisions if row.key == "erasure_job"]
    assert (decided is not None) is asked
    assert all(
        (erasure.SWITCH in row.config["identity:deploy_parts"]) is asked
        for row in planned.stacks
        if row.program == "identity"
    )
