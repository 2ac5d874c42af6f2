from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from small_repository import of_type, one
from stacks_models.model_project import (
    ACCOUNT,
    BATCH,
    EXPORTS,
    PACKAGE,
    REGION,
    batch,
    recorded,
    said,
    stack,
    waiting,
)

from modelkeel.graph import Graph

CASES: dict[str, Callable[[], Graph]] = {"live": recorded, "waiting": waiting, "batch": batch}
CLOSED = ("MonitoringSchedule", "JobDefinition", "FlowDefinition", "HumanTaskUI", "Workteam", "NotebookInstance")
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:fraud-prod-alerts"
KEYS = EXPORTS["foundation"]

cases = pytest.mark.parametrize("case", CASES)


def _inputs(graph: Graph, suffix: str) -> dict[str, Any]:
    return {resource.name: resource.inputs for resource in of_type(graph, suffix)}


@cases
def test_nothing_of_services_closed_to_new_customers(case: str) -> None:
    """Model Monitor, Clarify and A2I closed on 2026-07-30."""
    types = {resource.type for _, resource in CASES[case]().resources()}

    assert not [kind for kind in types if kind.endswith(CLOSED)]


@cases
def test_every_alarm_tells_somebody(case: str) -> None:
    alarms = _inputs(CASES[case](), "metricAlarm:MetricAlarm")

    assert alarms
    assert {name: row["alarmActions"] for name, row in alarms.items() if row["alarmActions"] != [TOPIC]} == {}


@cases
def test_alarm_names_are_unique(case: str) -> None:
    names = [row["name"] for row in _inputs(CASES[case](), "metricAlarm:MetricAlarm").values()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("mode", ["realtime", "batch"])
def test_names_of_the_longest_project_fit(mode: str) -> None:
    """A project has at most 25 characters; `staging` is three longer than `prod`."""
    graph = recorded(
        platform={"project": "a-very-long-project-name-"[:24] + "x"},
        serving={**BATCH, "modes": [mode]},
        monitoring={"serving_modes": [mode]},
    )
    limits = {
        "iam/role:Role": ("name", 64),
        "eventRule:EventRule": ("name", 64),
        "scheduler/schedule:Schedule": ("name", 64),
        "scheduleGroup:ScheduleGroup": ("name", 64),
        "sqs/queue:Queue": ("name", 80),
        "stateMachine:StateMachine": ("name", 80),
        "sagemaker/endpoint:Endpoint": ("name", 63),
        "EndpointConfiguration": ("namePrefix", 37),
        "modelPackageGroup:ModelPackageGroup": ("modelPackageGroupName", 63),
        "modelCard:ModelCard": ("modelCardName", 63),
        "pipeline:Pipeline": ("pipelineName", 256),
        "s3/bucket:Bucket": ("bucket", 63),
    }

    for suffix, (key, limit) in limits.items():
        for name, row in _inputs(graph, suffix).items():
            assert len(row[key]) + 3 <= limit, f"{suffix} {name}: {row[key]}"
    for machine in ("drift", "scoring") if mode == "batch" else ("drift",):
        text = str(one(graph, "StateMachine", machine).inputs["definition"])
        (prefix,) = re.findall(r"JobName\": \"\{% '([^']*)'", text)
        assert len(prefix) + 13 + 3 <= 63, prefix


@cases
def test_every_queue_topic_log_and_schedule_is_encrypted_with_a_key_of_ours(case: str) -> None:
    graph = CASES[case]()
    keys = {value for name, value in KEYS.items() if name.endswith("_key_arn")}

    for suffix, key in (
        ("sqs/queue:Queue", "kmsMasterKeyId"),
        ("sns/topic:Topic", "kmsMasterKeyId"),
        ("cloudwatch/logGroup:LogGroup", "kmsKeyId"),
        ("scheduler/schedule:Schedule", "kmsKeyArn"),
    ):
        for name, row in _inputs(graph, suffix).items():
            assert row[key] in keys, f"{suffix} {name}"
    for name, row in _inputs(graph, "sfn/stateMachine:StateMachine").items():
        assert row["encryptionConfiguration"]["kmsKeyId"] == KEYS["evidence_key_arn"], name


@cases
def test_every_queue_refuses_plain_transport(case: str) -> None:
    graph = CASES[case]()

    queues = {row["queueUrl"] for row in _inputs(graph, "sqs/queuePolicy:QueuePolicy").values()}

    assert len(queues) == len(_inputs(graph, "sqs/queue:Queue"))


@cases
def test_every_role_stands_under_the_boundary_in_the_path_of_the_environment(case: str) -> None:
    for name, row in _inputs(CASES[case](), "iam/role:Role").items():
        assert row["permissionsBoundary"] == f"arn:aws:iam::{ACCOUNT}:policy/mlops/prod/fraud-prod-boundary", name
        assert row["path"] == "/mlops/prod/", name


@cases
def test_roles_name_their_resources(case: str) -> None:
    """Only log delivery and metrics, which know no resources, stand on `*`."""
    for name, row in _inputs(CASES[case](), "iam/policy:Policy").items():
        for statement in json.loads(row["policy"])["Statement"]:
            if statement["Resource"] == "*":
                assert statement["Sid"] in {"DeliverLogs", "PublishMetrics"}, name
                assert statement["Sid"] == "DeliverLogs" or "Condition" in statement


@cases
def test_what_starts_by_itself_keeps_what_could_not_start(case: str) -> None:
    for name, row in _inputs(CASES[case](), "scheduler/schedule:Schedule").items():
        assert row["target"]["deadLetterConfig"]["arn"].endswith("-missed"), name


@cases
def test_workflows_log_no_data(case: str) -> None:
    for name, row in _inputs(CASES[case](), "sfn/stateMachine:StateMachine").items():
        assert row["loggingConfiguration"]["includeExecutionData"] is False, name


@cases
def test_stateful_resources_are_protected(case: str) -> None:
    stateful = ("ecr/repository:Repository", "ModelPackageGroup", "mlflowApp:MlflowApp", "s3/bucket:Bucket")
    graph = CASES[case]()

    for suffix in (*stateful, "dynamodb/table:Table", "modelCard:ModelCard"):
        for resource in of_type(graph, suffix):
            assert resource.protect, resource.urn


@cases
def test_every_resource_belongs_to_a_component_or_says_what_it_is(case: str) -> None:
    """Only the endpoint's log group and the dashboards stand alone in their programs."""
    top = {
        resource.name
        for _, resource in CASES[case]().resources()
        if resource.is_aws and resource.parent is not None and ":pulumi:Stack::" in resource.parent
    }

    assert top <= {"endpoint", "executive", "operations", "governance"}


def test_images_are_immutable_scanned_and_encrypted() -> None:
    repository = one(recorded(), "ecr/repository:Repository").inputs

    assert repository["imageTagMutability"] == "IMMUTABLE"
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
    assert repository["encryptionConfigurations"] == [{"encryptionType": "KMS", "kmsKey": KEYS["models_key_arn"]}]


def test_pipeline_trains_in_the_image_of_the_project() -> None:
    graph = recorded()
    definition = json.loads(str(one(graph, "sagemaker/pipeline:Pipeline").inputs["pipelineDefinition"]))
    train = next(step for step in definition["Steps"] if step["Name"] == "Train")

    image = train["Arguments"]["AlgorithmSpecification"]["TrainingImage"]

    assert image == f"{stack(graph, 'training').exports['repository_url']}:1.0.0"


def test_spot_without_a_given_wait_waits_for_twice_the_run_time() -> None:
    graph = recorded(training={"use_spot": True})
    definition = json.loads(str(one(graph, "sagemaker/pipeline:Pipeline").inputs["pipelineDefinition"]))
    train = next(step for step in definition["Steps"] if step["Name"] == "Train")

    assert train["Arguments"]["StoppingCondition"]["MaxWaitTimeInSeconds"] == 2 * 14400


def test_tracking_is_left_out_where_nobody_wants_it() -> None:
    assert list(of_type(batch(), "mlflowApp:MlflowApp")) == []
    assert "tracking_arn" not in stack(batch(), "training").exports


def test_first_deployment_needs_no_model() -> None:
    graph = waiting()
    types = {resource.type.rsplit(":", maxsplit=1)[-1] for resource in stack(graph, "serving").resources}

    assert stack(graph, "serving").exports["status"] == "waiting_for_approval"
    assert not types & {"Endpoint", "EndpointConfiguration", "Model"}
    assert {"LogGroup", "MetricAlarm"} <= types


def test_an_approved_model_brings_its_endpoint_without_a_change_elsewhere() -> None:
    before = {(each.program, r.type, r.name) for each, r in waiting().resources()}
    after = {(each.program, r.type, r.name) for each, r in recorded().resources()}

    assert before <= after
    assert {program for program, _, _ in after - before} == {"serving"}


def test_before_a_model_is_live_silence_is_no_alarm() -> None:
    gaps = {case: _inputs(CASES[case](), "metricAlarm:MetricAlarm")["drift-gap"]["treatMissingData"] for case in CASES}
    schedules = {case: _inputs(CASES[case](), "scheduler/schedule:Schedule")["drift-start"]["state"] for case in CASES}

    assert gaps == {"live": "breaching", "waiting": "notBreaching", "batch": "breaching"}
    assert schedules == {"live": "ENABLED", "waiting": "DISABLED", "batch": "ENABLED"}


def test_endpoint_configuration_names_itself_and_captures_both_ways() -> None:
    configuration = one(recorded(), "EndpointConfiguration")
    capture = configuration.inputs["dataCaptureConfig"]

    assert configuration.inputs["namePrefix"] == "fraud-prod-"
    assert "name" not in configuration.inputs
    assert not configuration.delete_before_replace
    assert configuration.inputs["kmsKeyArn"] == KEYS["models_key_arn"]
    assert capture["kmsKeyId"] == KEYS["capture_key_arn"]
    assert [row["captureMode"] for row in capture["captureOptions"]] == ["Input", "Output"]


def test_autoscaling_owns_the_instance_count() -> None:
    assert one(recorded(), "EndpointConfiguration").ignore_changes == ("productionVariants[0].initialInstanceCount",)


def test_endpoint_on_local_disks_gets_no_volume_key() -> None:
    graph = recorded(serving={"realtime_instance_type": "ml.g6.xlarge"})

    assert "kmsKeyArn" not in one(graph, "EndpointConfiguration").inputs


def test_an_update_rolls_back_on_alarms_of_this_endpoint() -> None:
    graph = recorded()
    rollback = one(graph, "sagemaker/endpoint:Endpoint").inputs["deploymentConfig"]["autoRollbackConfiguration"]
    named = {row["alarmName"] for row in rollback["alarms"]}

    alarms = [row for row in _inputs(graph, "metricAlarm:MetricAlarm").values() if row["name"] in named]

    assert len(alarms) == len(named) == 2
    assert {row["dimensions"]["EndpointName"] for row in alarms} == {"fraud-prod-endpoint"}


def test_latency_alarms_count_in_microseconds() -> None:
    """ModelLatency is in microseconds, settings are in milliseconds."""
    graph = recorded(serving={"realtime_latency_p99_ms": 60}, monitoring={"latency_p99_ms": 80})
    alarms = _inputs(graph, "metricAlarm:MetricAlarm")

    assert alarms["rollback-latency"]["threshold"] == 60_000
    assert alarms["endpoint-latency"]["threshold"] == 80_000


def test_model_comes_from_the_approved_package_and_runs_in_the_network() -> None:
    model = one(recorded(), "sagemaker/model:Model").inputs

    assert model["primaryContainer"] == {"modelPackageName": PACKAGE}
    assert model["enableNetworkIsolation"] is True
    assert model["vpcConfig"] == {"securityGroupIds": ["sg-0b"], "subnets": ["subnet-0a", "subnet-0b"]}


def test_autoscaling_is_bounded() -> None:
    target = one(recorded(), "appautoscaling/target:Target").inputs

    assert target["resourceId"] == "endpoint/fraud-prod-endpoint/variant/live"
    assert (target["minCapacity"], target["maxCapacity"]) == (4, 20)


def test_batch_scores_with_the_approved_model_and_has_no_endpoint() -> None:
    graph = batch()
    machine = json.loads(str(one(graph, "StateMachine", "scoring").inputs["definition"]))

    assert machine["States"]["Score"]["Arguments"]["ModelName"] == one(graph, "sagemaker/model:Model").outputs["name"]
    assert list(of_type(graph, "sagemaker/endpoint:Endpoint")) == []
    assert not [name for name in _inputs(graph, "metricAlarm:MetricAlarm") if name.startswith("endpoint-")]


@cases
def test_drift_reads_where_serving_writes(case: str) -> None:
    graph = CASES[case]()
    machine = json.loads(str(one(graph, "StateMachine", "drift").inputs["definition"]))
    records = machine["States"]["Compare"]["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3Uri"]

    mode = "batch" if case == "batch" else "realtime"
    assert f"'{stack(graph, 'serving').exports[f'{mode}_records_uri']}/'" in records


def test_drift_looks_at_the_model_that_serves() -> None:
    machine = json.loads(str(one(recorded(), "StateMachine", "drift").inputs["definition"]))

    assert machine["States"]["FindModel"]["Arguments"]["ModelPackageName"] == PACKAGE


def test_drift_alarms_read_what_the_workflow_writes() -> None:
    graph = recorded()
    machine = json.loads(str(one(graph, "StateMachine", "drift").inputs["definition"]))
    written = machine["States"]["PublishMetrics"]["Arguments"]
    metrics = {(row["MetricName"], row["Dimensions"][0]["Value"]) for row in written["MetricData"]}

    for name in ("drift-features", "drift-predictions", "drift-gap"):
        alarm = _inputs(graph, "metricAlarm:MetricAlarm")[name]
        assert alarm["namespace"] == written["Namespace"] == "fraud/prod"
        assert (alarm["metricName"], alarm["dimensions"]["Source"]) in metrics


@pytest.mark.parametrize(("case", "source"), [("live", "fraud-prod-endpoint"), ("batch", "fraud-prod-scoring")])
def test_drift_is_told_apart_by_what_serves(case: str, source: str) -> None:
    alarms = _inputs(CASES[case](), "metricAlarm:MetricAlarm")

    assert {alarms[f"drift-{signal}"]["dimensions"]["Source"] for signal in ("features", "predictions", "gap")} == {
        source
    }


def test_a_run_that_never_came_is_a_gap_and_a_late_one_is_not() -> None:
    """Silence for seven quarters of a window: longer than one window and its delays, shorter than two."""
    for window, seconds in (("hour", 3600), ("day", 86400)):
        graph = recorded(monitoring={"drift_window": window})
        gap = _inputs(graph, "metricAlarm:MetricAlarm")["drift-gap"]
        assert seconds * 1.5 < gap["period"] * gap["evaluationPeriods"] < seconds * 2


def test_logs_lie_where_their_services_write() -> None:
    names = {name: row["name"] for name, row in _inputs(recorded(), "cloudwatch/logGroup:LogGroup").items()}

    assert names["endpoint"] == "/aws/sagemaker/Endpoints/fraud-prod-endpoint"
    assert names["governance"].startswith("/aws/events/")
    assert names["drift"].startswith("/aws/vendedlogs/states/")


def test_drift_needs_two_of_three_windows() -> None:
    alarm = _inputs(recorded(), "metricAlarm:MetricAlarm")["drift-features"]

    assert (alarm["datapointsToAlarm"], alarm["evaluationPeriods"], alarm["period"]) == (2, 3, 86400)


def test_drift_proposes_to_the_review_and_never_to_the_pipeline() -> None:
    graph = recorded()
    pipeline = stack(graph, "training").exports["pipeline_arn"]
    targets = _inputs(graph, "eventTarget:EventTarget")

    assert targets["retraining"]["arn"] == stack(graph, "governance").exports["review_workflow_arn"]
    assert pipeline not in {row["arn"] for row in targets.values()}
    pattern = json.loads(str(one(graph, "eventRule:EventRule", "retraining").inputs["eventPattern"]))
    assert pattern["detail"]["alarmName"][0] == stack(graph, "monitoring").exports["drift_alarm_name"]


def test_without_a_drift_job_the_rest_is_deployed() -> None:
    graph = recorded(monitoring={"drift_schedule_expression": None})

    assert "drift_alarm_name" not in stack(graph, "monitoring").exports
    assert not [name for name in _inputs(graph, "metricAlarm:MetricAlarm") if name.startswith("drift")]
    assert one(graph, "eventRule:EventRule", "retraining")


def test_budget_counts_what_is_tagged_and_tells_before_it_is_spent() -> None:
    budget = one(recorded(), "budgets/budget:Budget").inputs
    tags = {row["tags"]["key"]: row["tags"]["values"] for row in budget["filterExpression"]["ands"]}

    assert budget["limitAmount"] == "18000"
    assert tags == {"project": ["fraud"], "env": ["prod"]}
    assert [(row["notificationType"], row["threshold"]) for row in budget["notifications"]] == [
        ("ACTUAL", 50),
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 100),
    ]


def test_monitoring_names_the_topic_that_other_programs_computed() -> None:
    topic = one(recorded(), "sns/topic:Topic")

    assert topic.outputs["arn"] == TOPIC


def test_evidence_is_locked() -> None:
    lock = one(recorded(), "BucketObjectLockConfiguration").inputs

    assert one(recorded(), "s3/bucket:Bucket").inputs["objectLockEnabled"] is True
    assert lock["rule"]["defaultRetention"] == {"mode": "COMPLIANCE", "days": 365}


def test_cases_survive_mistakes() -> None:
    table = one(recorded(), "dynamodb/table:Table").inputs

    assert table["deletionProtectionEnabled"] is True
    assert table["pointInTimeRecovery"] == {"enabled": True}
    assert table["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": KEYS["evidence_key_arn"]}


def test_an_update_never_moves_the_kill_switch() -> None:
    switch = one(recorded(), "ssm/parameter:Parameter")

    assert switch.ignore_changes == ("insecureValue",)
    assert switch.inputs["allowedPattern"] == "^(model|rules|refuse)$"


def test_somebody_hears_of_the_kill_switch() -> None:
    graph = recorded()
    pattern = json.loads(str(one(graph, "eventRule:EventRule", "switch").inputs["eventPattern"]))

    assert pattern["detail"]["name"] == [one(graph, "ssm/parameter:Parameter").inputs["name"]]
    assert _inputs(graph, "eventTarget:EventTarget")["switch"]["arn"] == TOPIC


def test_governance_without_people_keeps_evidence_and_registry_policy() -> None:
    types = {resource.type.rsplit(":", maxsplit=1)[-1] for resource in stack(batch(), "governance").resources}

    assert {"Bucket", "ModelPackageGroupPolicy", "LogGroup"} <= types
    assert not types & {"StateMachine", "Queue", "Table", "Parameter"}


@cases
def test_exports_hold_names_and_arns(case: str) -> None:
    """Exports are read by other programs: texts, no secrets, nothing empty."""
    for each in CASES[case]().stacks:
        if each.program not in EXPORTS:
            assert all(isinstance(value, str) and value for value in each.exports.values()), each.program


def test_a_preview_of_what_was_never_deployed_knows_the_same_resources() -> None:
    names = {resource.urn for _, resource in recorded().resources()}

    assert {resource.urn for _, resource in recorded("preview").resources()} == names


def test_programs_use_nothing_deprecated() -> None:
    """The SDK logs a warning for each deprecated property, and for providers in conflict."""
    assert [line for line in said() if line.startswith("warning")] == []


def test_a_program_without_a_model_says_what_to_do() -> None:
    lines = said(serving={"model_package_arn": None})

    assert any("set serving:model_package_arn" in line for line in lines)


def test_cases_and_evidence_are_copied_into_the_vault_of_the_data_program() -> None:
    graph = recorded()
    selection = one(graph, "backup/selection:Selection").inputs
    table = one(graph, "dynamodb/table:Table").outputs["arn"]

    assert selection["resources"] == [stack(graph, "governance").exports["evidence_bucket_arn"], table]
    assert selection["planId"] == EXPORTS["data"]["backup_plan_id"]


def test_without_backups_nothing_is_selected() -> None:
    assert list(of_type(recorded(governance={"backup": False}), "backup/selection:Selection")) == []
