from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from small_repository import of_type, one
from stacks_models.model_project import ACCOUNT, EXPORTS, PACKAGE, REGION, recorded, stack
from stacks_serving.modes import MODES, SIZES, served

from modelkeel import findings
from modelkeel.graph import Graph

POLICIES = Path(__file__).parents[2] / "policies"
KEYS = EXPORTS["foundation"]
TOGETHER = [
    *((mode,) for mode in MODES),
    *(pytest.param(two, marks=pytest.mark.wide) for two in combinations(MODES, 2)),
    MODES,
]
ENDPOINTS = {
    "realtime": "endpoint",
    "multi_model": "multi-model",
    "async": "async",
    "serverless": "serverless",
    "inference_components": "components",
}

each_mode = pytest.mark.parametrize("mode", MODES)


def _inputs(graph: Graph, suffix: str) -> dict[str, Any]:
    return {resource.name: resource.inputs for resource in of_type(graph, suffix)}


def _state(graph: Graph, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(str(one(graph, "cloudcontrol/resource:Resource", name).inputs["desiredState"]))
    return found


@pytest.mark.parametrize("modes", TOGETHER, ids="+".join)
def test_every_mode_stands_beside_the_others(modes: tuple[str, ...]) -> None:
    exports = stack(served(*modes), "serving").exports

    assert json.loads(exports["modes"]) == list(modes)
    for mode in modes:
        if mode in ENDPOINTS:
            assert exports[f"{mode}_endpoint_name"] == f"fraud-prod-{ENDPOINTS[mode]}"


@each_mode
def test_with_an_empty_registry_all_but_the_model_is_deployed(mode: str) -> None:
    """And an approved package brings the rest without a change of code."""
    waiting, live = served(mode, approved=False), served(mode)
    absent = ("sagemaker/model:Model", "sagemaker/endpoint:Endpoint", "EndpointConfiguration", "cloudcontrol/resource")

    assert [r.type for suffix in absent for r in of_type(waiting, suffix)] == []
    assert stack(waiting, "serving").exports["status"] == "waiting_for_approval"
    planned = [name for name in stack(waiting, "serving").exports if name.startswith("planned_")]
    assert len(planned) == 1
    assert {r.urn for _, r in waiting.resources()} < {r.urn for _, r in live.resources()}
    assert not [name for name in stack(live, "serving").exports if name.startswith("planned_")]


@each_mode
@pytest.mark.parametrize("approved", [True, False], ids=["live", "waiting"])
def test_a_preview_of_what_was_never_deployed_knows_the_same_resources(mode: str, approved: bool) -> None:
    names = {r.urn for _, r in served(mode, approved=approved).resources()}

    assert {r.urn for _, r in served(mode, approved=approved, fidelity="preview").resources()} == names


@pytest.mark.parametrize("modes", [*((mode,) for mode in MODES), MODES], ids="+".join)
def test_no_control_on_models_and_endpoints_is_broken(modes: tuple[str, ...]) -> None:
    found = findings.check(served(*modes), POLICIES).findings
    own = ("endpoint-", "model-", "alarm-", "message", "scheduled-")
    # Its bucket belongs to the data program, which only exports here.
    broken = [row for row in found if row.result != "pass" and row.control.id != "model-artifacts-locked"]

    assert [f"{row.control.id}: {row.message}" for row in broken if row.control.id.startswith(own)] == []


def test_modes_share_the_approved_model_but_for_serverless() -> None:
    """A serverless endpoint takes no model in a network."""
    models = _inputs(served(*MODES), "sagemaker/model:Model")

    many = models.pop("fraud-prod-multi-model")
    assert many["primaryContainer"]["mode"] == "MultiModel"
    assert set(models) == {"fraud-prod-model", "fraud-prod-serverless-model"}
    assert all(row["primaryContainer"] == {"modelPackageName": PACKAGE} for row in models.values())
    assert "vpcConfig" in models["fraud-prod-model"]
    assert "vpcConfig" not in models["fraud-prod-serverless-model"]


def test_asynchronous_answers_are_encrypted_and_told_of() -> None:
    graph = served("async")
    output = one(graph, "EndpointConfiguration").inputs["asyncInferenceConfig"]["outputConfig"]
    topics = {
        name: resource.outputs["arn"] for name, resource in ((r.name, r) for r in of_type(graph, "sns/topic:Topic"))
    }

    assert output["kmsKeyId"] == KEYS["capture_key_arn"]
    assert output["s3OutputPath"] == f"s3://fraud-prod-capture-{ACCOUNT}/capture/async-answers"
    assert output["s3FailurePath"].endswith("/capture/async-failures")
    assert output["notificationConfig"] == {
        "successTopic": topics["async-answered"],
        "errorTopic": topics["async-failed"],
    }


def test_an_asynchronous_fleet_shrinks_to_nothing_and_wakes() -> None:
    """Target tracking knows no backlog per instance without instances: a step policy starts the first one."""
    graph = served("async")
    policies = _inputs(graph, "appautoscaling/policy:Policy")
    alarm = one(graph, "metricAlarm:MetricAlarm", "async-scaling-first")
    step = policies["async-scaling-first"]["stepScalingPolicyConfiguration"]

    assert one(graph, "appautoscaling/target:Target").inputs["minCapacity"] == 0
    assert (
        policies["async-scaling-backlog"]["targetTrackingScalingPolicyConfiguration"]["customizedMetricSpecification"][
            "metricName"
        ]
        == "ApproximateBacklogSizePerInstance"
    )
    assert alarm.inputs["metricName"] == "HasBacklogWithoutCapacity"
    assert alarm.inputs["dimensions"] == {"EndpointName": "fraud-prod-async"}
    assert alarm.inputs["alarmActions"] == [
        one(graph, "appautoscaling/policy:Policy", "async-scaling-first").outputs["arn"]
    ]
    assert step["adjustmentType"] == "ChangeInCapacity"
    assert [row["scalingAdjustment"] for row in step["stepAdjustments"]] == [1]


def test_a_fleet_that_never_sleeps_needs_no_waking() -> None:
    graph = served("async", async_min_capacity=1)

    assert set(_inputs(graph, "appautoscaling/policy:Policy")) == {"async-scaling-backlog"}


def test_copies_go_to_none_and_come_back_with_the_first_request() -> None:
    graph = served("inference_components")
    target = one(graph, "appautoscaling/target:Target").inputs
    alarm = one(graph, "metricAlarm:MetricAlarm", "component-model-first").inputs
    variant = _state(graph, "components")["ProductionVariants"][0]

    assert (target["resourceId"], target["minCapacity"]) == ("inference-component/fraud-prod-ic-model", 0)
    assert target["scalableDimension"] == "sagemaker:inference-component:DesiredCopyCount"
    assert variant["ManagedInstanceScaling"] == {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 2}
    assert "ModelName" not in variant
    assert (alarm["metricName"], alarm["period"]) == ("NoCapacityInvocationFailures", 30)
    assert alarm["dimensions"] == {"InferenceComponentName": "fraud-prod-ic-model"}


def test_components_run_in_the_network_under_the_endpoint_role() -> None:
    """The provider's endpoint configuration takes no network, so Cloud Control makes it."""
    graph = served("inference_components")
    host, component = _state(graph, "components"), _state(graph, "component-model")

    assert host["VpcConfig"] == {"Subnets": ["subnet-0a", "subnet-0b"], "SecurityGroupIds": ["sg-0b"]}
    assert host["EnableNetworkIsolation"] is True
    assert host["ExecutionRoleArn"].endswith("fraud-prod-endpoint")
    assert "KmsKeyId" not in host, "SageMaker refuses a volume key for g6e"
    assert {tag["Key"] for tag in host["Tags"]} >= {"project", "env", "owner"}
    assert component["EndpointName"] == one(graph, "sagemaker/endpoint:Endpoint").inputs["name"]
    assert component["Specification"]["ModelName"] == one(graph, "sagemaker/model:Model").outputs["name"]
    assert one(graph, "sagemaker/endpoint:Endpoint").inputs["endpointConfigName"] == host["EndpointConfigName"]


def test_a_new_package_replaces_copies_in_batches_and_turns_back() -> None:
    deployment = _state(served("inference_components"), "component-model")["DeploymentConfig"]

    assert deployment["RollingUpdatePolicy"]["MaximumBatchSize"] == {"Type": "CAPACITY_PERCENT", "Value": 50}
    assert [row["AlarmName"] for row in deployment["AutoRollbackConfiguration"]["Alarms"]] == [
        "fraud-prod-components-rollback-latency",
        "fraud-prod-components-rollback-errors",
    ]


def test_more_models_share_the_instances_each_with_copies_of_its_own() -> None:
    other = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/fraud-prod-scores/9"
    graph = served("inference_components", inference_components_further_model_packages={"second": other})

    names = [row["resourceId"] for row in _inputs(graph, "appautoscaling/target:Target").values()]

    assert sorted(names) == ["inference-component/fraud-prod-ic-model", "inference-component/fraud-prod-ic-second"]
    assert len(list(of_type(graph, "sagemaker/endpoint:Endpoint"))) == 1
    assert _inputs(graph, "sagemaker/model:Model")["fraud-prod-model-second"]["primaryContainer"] == {
        "modelPackageName": other
    }


def test_a_serverless_endpoint_asks_for_nothing_that_it_cannot_have() -> None:
    configuration = one(served("serverless"), "EndpointConfiguration").inputs

    assert configuration["productionVariants"][0]["serverlessConfig"] == {"maxConcurrency": 20, "memorySizeInMb": 3072}
    assert not {"kmsKeyArn", "dataCaptureConfig"} & set(configuration)
    assert "deploymentConfig" not in one(served("serverless"), "sagemaker/endpoint:Endpoint").inputs


@pytest.mark.parametrize("rollout", ["canary", "linear", "rolling", "all_at_once"])
@pytest.mark.parametrize("mode", ["realtime", "async"])
def test_every_rollout_turns_back_by_itself(mode: str, rollout: str) -> None:
    graph = served(mode, **{f"{mode}_rollout": rollout, f"{mode}_rollout_step_percent": 25})
    deployment = one(graph, "sagemaker/endpoint:Endpoint").inputs["deploymentConfig"]

    assert len(deployment["autoRollbackConfiguration"]["alarms"]) == 2
    if rollout == "rolling":
        assert deployment["rollingUpdatePolicy"]["maximumBatchSize"] == {"type": "CAPACITY_PERCENT", "value": 25}
        assert "blueGreenUpdatePolicy" not in deployment
    else:
        routing = deployment["blueGreenUpdatePolicy"]["trafficRoutingConfiguration"]
        assert routing["type"] == rollout.upper()


def test_a_candidate_gets_copies_of_requests_and_answers_nobody() -> None:
    candidate = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/fraud-prod-scores/4"
    graph = served("realtime", realtime_shadow_model_package_arn=candidate, realtime_shadow_percent=20)
    configuration = one(graph, "EndpointConfiguration").inputs
    (shadow,) = configuration["shadowProductionVariants"]

    assert (shadow["variantName"], shadow["initialVariantWeight"]) == ("candidate", 0.2)
    assert shadow["modelName"] == one(graph, "sagemaker/model:Model", "fraud-prod-candidate").outputs["name"]
    assert len(configuration["productionVariants"]) == 1
    rollback = one(graph, "sagemaker/endpoint:Endpoint").inputs["deploymentConfig"]["autoRollbackConfiguration"]
    watched = {row["alarmName"] for row in rollback["alarms"]}
    shadow_alarms = [
        row for name, row in _inputs(graph, "MetricAlarm").items() if name in {"shadow-latency", "shadow-errors"}
    ]
    assert {row["dimensions"]["VariantName"] for row in shadow_alarms} == {"candidate"}
    assert not watched & {row["name"] for row in shadow_alarms}, "a slow candidate must not stop the live model"


def test_a_shadow_that_has_run_its_days_is_told_with_figures_and_promotes_nothing() -> None:
    candidate = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/fraud-prod-scores/4"
    graph = served("realtime", realtime_shadow_model_package_arn=candidate, realtime_shadow_days=3)
    machine = json.loads(str(one(graph, "sfn/stateMachine:StateMachine", "shadow-review").inputs["definition"]))
    alarm = one(graph, "metricAlarm:MetricAlarm", "shadow-review-overdue").inputs
    role = json.loads(str(one(graph, "iam/policy:Policy", "shadow-review").inputs["policy"]))["Statement"]
    actions = {action for row in role for action in row["Action"] if not action.startswith(("kms:", "logs:"))}

    assert "$age >= 3" in machine["States"]["IsDue"]["Choices"][0]["Condition"]
    told = machine["States"]["Tell"]["Arguments"]
    assert told["TopicArn"].endswith("fraud-prod-alerts")
    assert all(figure in told["Message"] for figure in ("$live_latency", "$candidate_latency", "$candidate_failures"))
    assert (alarm["metricName"], alarm["threshold"]) == ("ShadowDaysOverdue", 0)
    assert alarm["alarmActions"] == [told["TopicArn"]]
    assert actions == {
        "cloudwatch:GetMetricData",
        "cloudwatch:PutMetricData",
        "sagemaker:DescribeModel",
        "sns:Publish",
    }


def test_without_a_shadow_nothing_looks_for_one() -> None:
    machines = {row.name for row in of_type(served("realtime"), "sfn/stateMachine:StateMachine")}

    assert "drift" in machines
    assert "shadow-review" not in machines


HOURS = {"stop_schedule_expression": "cron(0 18 ? * MON-FRI *)", "start_schedule_expression": "cron(0 8 ? * MON-FRI *)"}


def test_an_endpoint_with_hours_is_deleted_and_made_again() -> None:
    graph = served("realtime", **HOURS)
    schedules = _inputs(graph, "scheduler/schedule:Schedule")
    stop, start = schedules["endpoint-hours-stop"]["target"], schedules["endpoint-hours-start"]["target"]

    assert stop["arn"] == "arn:aws:scheduler:::aws-sdk:sagemaker:deleteEndpoint"
    assert json.loads(stop["input"]) == {"EndpointName": "fraud-prod-endpoint"}
    made = json.loads(start["input"])
    assert start["arn"] == "arn:aws:scheduler:::aws-sdk:sagemaker:createEndpoint"
    assert made["EndpointConfigName"] == one(graph, "EndpointConfiguration").outputs["name"]
    assert {tag["Key"] for tag in made["Tags"]} >= {"project", "env"}
    assert list(of_type(graph, "appautoscaling/target:Target")) == [], "a target does not outlive its endpoint"


def test_the_role_of_the_hours_reaches_this_endpoint_only() -> None:
    graph = served("realtime", **HOURS)
    statements = json.loads(str(one(graph, "iam/policy:Policy", "endpoint-hours").inputs["policy"]))["Statement"]
    actions = {action for row in statements for action in row["Action"]}

    assert {action for action in actions if action.startswith("sagemaker:")} == {
        "sagemaker:AddTags",
        "sagemaker:CreateEndpoint",
        "sagemaker:DeleteEndpoint",
    }
    assert all(row["Resource"] != "*" for row in statements)
    (stop,) = (row for row in statements if row["Sid"] == "Stop")
    assert stop["Resource"] == f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/fraud-prod-endpoint"


def test_names_of_the_longest_project_fit_in_every_mode() -> None:
    sizes = {key: value for mode in MODES for key, value in SIZES[mode].items()}
    graph = recorded(
        platform={"project": "a-very-long-project-name-"[:24] + "x"},
        serving={"modes": list(MODES), **sizes, **HOURS},
        monitoring={"serving_modes": list(MODES)},
    )
    limits = {
        "iam/role:Role": ("name", 64),
        "scheduler/schedule:Schedule": ("name", 64),
        "sqs/queue:Queue": ("name", 80),
        "sagemaker/endpoint:Endpoint": ("name", 63),
        "EndpointConfiguration": ("namePrefix", 37),
        "sns/topic:Topic": ("name", 256),
    }

    for suffix, (key, limit) in limits.items():
        for name, row in _inputs(graph, suffix).items():
            assert len(row[key]) + 3 <= limit, f"{suffix} {name}: {row[key]}"
    for resource in of_type(graph, "cloudcontrol/resource:Resource"):
        state = json.loads(str(resource.inputs["desiredState"]))
        assert len(state.get("InferenceComponentName", state.get("EndpointConfigName"))) + 3 <= 63


ASKED = {
    "realtime": {"capture_percent", "network_isolation", "variants"},
    "async": {"capture_percent", "network_isolation", "variants"},
    "serverless": {"network_isolation", "variants"},
    "inference_components": {"network_isolation", "variants"},
}


@pytest.mark.parametrize("mode", ASKED)
def test_what_an_update_asks_of_an_endpoint_is_exported(mode: str) -> None:
    """It is what the live endpoint is compared with, so it names what the resources have."""
    graph = served(mode)
    exports = stack(graph, "serving").exports
    asked = json.loads(exports[f"{mode}_asked"])

    assert asked["endpoint_name"] == exports[f"{mode}_endpoint_name"]
    assert asked["endpoint_config_name"] == exports[f"{mode}_endpoint_config_name"]
    assert asked.keys() - {"endpoint_name", "endpoint_config_name", "has_hours"} == ASKED[mode]
    made = {r.outputs["name"] for r in of_type(graph, "sagemaker/model:Model")}
    assert {v["model_name"] for v in asked["variants"] if "model_name" in v} <= made
    assert f"{mode}_asked" not in stack(served(mode, approved=False), "serving").exports


def test_what_a_rollback_returns_to_outlives_the_update() -> None:
    """Pulumi takes a rolled-back update for a success and would delete what the endpoint then runs on."""
    graph = served("realtime", "async", "serverless")
    kept = [r for suffix in ("EndpointConfiguration", "sagemaker/model:Model") for r in of_type(graph, suffix)]

    assert len(kept) == 5
    assert [r.name for r in kept if not r.retain_on_delete] == []
