from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from stacks_models.aws_shapes import problems
from stacks_models.model_project import ACCOUNT, PLATFORM, REGION

from stacks.components.component_host import content_name
from stacks.documents.container import entrypoint
from stacks.documents.dashboard import DashboardFacts, EndpointFacts, executive, governance, operations
from stacks.documents.governance_events import Subjects, delivery_policy, patterns
from stacks.documents.image_repository import lifecycle_policy, repository_policy
from stacks.documents.model_card import content, risk_rating
from stacks.documents.queue import queue_policy
from stacks.documents.registry import package_arns, registry_policy
from stacks.documents.rollout import LONGEST_UPDATE_SECONDS, deployment_config
from stacks.documents.topic import topic_policy
from stacks.documents.workflow_role import sagemaker_job_statements, trust
from stacks.instance_storage import has_local_storage, volume_key
from stacks.serving.settings import (
    AsyncSettings,
    ComponentSettings,
    FleetSettings,
    RealtimeSettings,
    ServerlessSettings,
    ServingSettings,
)
from stacks.settings import Platform, SettingsError

OWN = Platform(**PLATFORM)
GROUP = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/fraud-prod-scores"
SUBJECTS = Subjects(model_package_group="g", pipeline_arn="p", review_workflow_arn="r", kill_switch="k")


@pytest.mark.parametrize(
    ("instance_type", "local"),
    [
        ("ml.m7i.large", False),
        ("ml.c7g.xlarge", False),
        ("ml.inf2.xlarge", False),
        ("ml.m5d.large", True),
        ("ml.c6id.xlarge", True),
        ("ml.m7gd.xlarge", True),
        ("ml.r5dn.large", True),
        ("ml.g4dn.xlarge", True),
        ("ml.g6.12xlarge", True),
        ("ml.p4d.24xlarge", True),
        ("ml.p5.48xlarge", True),
        ("ml.trn1.2xlarge", True),
        ("ml.p3.2xlarge", False),
    ],
)
def test_instances_with_local_disks_are_known(instance_type: str, local: bool) -> None:
    assert has_local_storage(instance_type) is local
    assert volume_key(instance_type, "key") == (None if local else "key")


def test_only_approvers_may_approve() -> None:
    statement = registry_policy(GROUP, ["arn:b", "arn:a"])["Statement"][0]

    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {
        "StringEquals": {"sagemaker:ModelApprovalStatus": "Approved"},
        "ArnNotLike": {"aws:PrincipalArn": ["arn:a", "arn:b"]},
    }
    assert set(statement["Action"]) == {"sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage"}


def test_without_approvers_nobody_may_approve() -> None:
    """An empty exception would except everybody: the condition is then left out."""
    statement = registry_policy(GROUP, [])["Statement"][0]

    assert statement["Condition"] == {"StringEquals": {"sagemaker:ModelApprovalStatus": "Approved"}}


def test_registry_policy_covers_the_versions_of_the_group() -> None:
    statement = registry_policy(GROUP, [])["Statement"][0]

    assert package_arns(GROUP) == f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/fraud-prod-scores/*"
    assert statement["Resource"] == [GROUP, package_arns(GROUP)]


def test_registry_policy_gives_nobody_anything() -> None:
    assert {row["Effect"] for row in registry_policy(GROUP, ["arn:a"])["Statement"]} == {"Deny"}


def test_repository_is_closed_to_other_accounts() -> None:
    allow, deny = repository_policy(OWN, ["arn:role"])["Statement"]

    assert allow["Principal"] == {"AWS": ["arn:role"]}
    assert not any(action.startswith("ecr:Put") for action in allow["Action"])
    assert deny["Effect"] == "Deny"
    assert deny["Condition"]["StringNotEquals"] == {"aws:PrincipalAccount": ACCOUNT}


def test_tagged_images_are_never_deleted_by_age() -> None:
    """A registered model may still run in one."""
    assert {rule["selection"]["tagStatus"] for rule in lifecycle_policy(7)["rules"]} == {"untagged"}


def test_topic_takes_messages_of_this_account_only() -> None:
    allow, deny = topic_policy(OWN, "arn:topic")["Statement"]

    assert allow["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_queue_refuses_plain_transport() -> None:
    assert queue_policy("arn:queue")["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_workflow_role_passes_one_role_to_one_service() -> None:
    statements = sagemaker_job_statements(
        OWN, "processing", "fraud-prod-drift", "arn:key", "arn:aws:iam::1:role/monitor"
    )

    passing = [row for row in statements if "iam:PassRole" in row["Action"]]

    assert [row["Resource"] for row in passing] == ["arn:aws:iam::1:role/monitor"]
    assert passing[0]["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}


def test_workflow_role_runs_its_own_jobs_only() -> None:
    run = sagemaker_job_statements(OWN, "transform", "fraud-prod-scoring", "arn:key")[0]

    assert run["Resource"] == f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:transform-job/fraud-prod-scoring*"
    assert "sagemaker:CreateTransformJob" in run["Action"]


def test_a_role_without_a_passed_role_may_pass_none() -> None:
    statements = sagemaker_job_statements(OWN, "transform", "fraud-prod-scoring", "arn:key")

    assert not [row for row in statements if "iam:PassRole" in row["Action"]]


def test_whoever_starts_a_job_may_grant_its_volume_key_to_services_only() -> None:
    statements = sagemaker_job_statements(OWN, "transform", "fraud-prod-scoring", "arn:key")

    granting = [row for row in statements if "kms:CreateGrant" in row["Action"]]

    assert [row["Resource"] for row in granting] == ["arn:key"]
    assert granting[0]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_a_job_starts_the_module_of_its_step() -> None:
    assert entrypoint("fraud", "drift") == ["python", "-m", "fraud.drift"]
    with pytest.raises(ValueError, match="no step 'dance': contract, train, evaluate, drift"):
        entrypoint("fraud", "dance")


def test_services_are_trusted_for_named_resources_of_this_account() -> None:
    condition = trust(OWN, "states.amazonaws.com", "arn:machine")["Statement"][0]["Condition"]

    assert condition == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": "arn:machine"},
    }


@pytest.mark.parametrize(
    ("rollout", "routing"),
    [
        ("canary", {"type": "CANARY", "canary_size": {"type": "CAPACITY_PERCENT", "value": 10}}),
        ("linear", {"type": "LINEAR", "linear_step_size": {"type": "CAPACITY_PERCENT", "value": 10}}),
        ("all_at_once", {"type": "ALL_AT_ONCE"}),
    ],
)
def test_every_rollout_is_blue_green_and_rolls_back(rollout: str, routing: dict[str, Any]) -> None:
    config: dict[str, Any] = dict(deployment_config(rollout, 10, 600, ["a", "b"]))

    policy = config["blue_green_update_policy"]["traffic_routing_configuration"]

    assert policy == {"wait_interval_in_seconds": 600, **routing}
    assert config["auto_rollback_configuration"] == {"alarms": [{"alarm_name": "a"}, {"alarm_name": "b"}]}


@pytest.mark.parametrize(("rollout", "steps"), [("canary", 1), ("linear", 10), ("all_at_once", 1)])
@pytest.mark.parametrize("wait_seconds", [0, 600, 3600])
def test_an_update_may_last_longer_than_its_waits(rollout: str, steps: int, wait_seconds: int) -> None:
    """SageMaker demands it, and allows at most eight hours."""
    policy: dict[str, Any] = dict(deployment_config(rollout, 10, wait_seconds, []))["blue_green_update_policy"]  # type: ignore[assignment]

    limit = policy["maximum_execution_timeout_in_seconds"]
    waits = steps * wait_seconds + policy["termination_wait_in_seconds"]

    assert 600 <= limit <= LONGEST_UPDATE_SECONDS
    assert limit > waits or limit == LONGEST_UPDATE_SECONDS


def test_a_configuration_has_a_new_name_when_its_content_changes() -> None:
    facts = {"package": "arn/3", "role": "r", "subnets": ["a"], "security_group": "s", "isolated": True}

    names = {content_name("fraud-prod-model", {**facts, "package": f"arn/{version}"}) for version in range(20)}

    assert len(names) == 20
    assert content_name("fraud-prod-model", facts) == content_name("fraud-prod-model", dict(facts))
    assert all(len(name) <= 63 for name in names)


DASHBOARD = DashboardFacts(
    region=REGION,
    title="fraud in prod",
    endpoints=[EndpointFacts(mode="realtime", endpoint_name="e", variant_name="live")],
    sources=["e"],
    pipeline_name="p",
    metric_namespace="fraud/prod",
    budget_name="fraud-prod-monthly",
    review_queue_name="q",
    review_workflow_arn="arn:aws:states:eu-west-1:111122223333:stateMachine:r",
    alarm_arns=["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a"],
)


@pytest.mark.parametrize("body", [executive, operations, governance])
@pytest.mark.parametrize("modes", [["realtime"], ["realtime", "async", "serverless", "inference_components"], []])
def test_dashboard_body_is_what_cloudwatch_takes(
    body: Callable[[DashboardFacts], dict[str, Any]], modes: list[str]
) -> None:
    endpoints = [EndpointFacts(mode=mode, endpoint_name=f"e-{mode}", variant_name="live") for mode in modes]
    widgets = body(replace(DASHBOARD, endpoints=endpoints))["widgets"]

    cells = [
        (x, y)
        for row in widgets
        for x in range(row["x"], row["x"] + row["width"])
        for y in range(row["y"], row["y"] + row["height"])
    ]

    assert problems("cloudwatch", "PutDashboard", {"DashboardName": "d", "DashboardBody": str(widgets)}) == ""
    assert len(cells) == len(set(cells)), "widgets overlap"
    assert max(x for x, _ in cells) < 24
    assert "Drift" in {row["properties"].get("title") for row in widgets}


def test_each_dashboard_answers_its_own_question() -> None:
    titles = {
        body.__name__: {row["properties"].get("title") for row in body(DASHBOARD)["widgets"]}
        for body in (executive, operations, governance)
    }

    assert "Share of failures, realtime" in titles["executive"]
    assert "Saturation, realtime" in titles["operations"]
    assert {"Alarms on the model", "Cases opened, decided, expired"} <= titles["governance"]


def test_dashboard_of_batch_scoring_shows_no_endpoint() -> None:
    facts = replace(DASHBOARD, endpoints=[])

    assert "AWS/SageMaker" not in str([body(facts) for body in (executive, operations, governance)])


def test_events_that_auditors_ask_for_are_kept() -> None:
    assert set(patterns(OWN, SUBJECTS)) == {"approvals", "runs", "endpoints", "reviews", "switch"}


def test_events_of_what_is_not_there_are_not_waited_for() -> None:
    without = Subjects(model_package_group="g", pipeline_arn="p", review_workflow_arn=None, kill_switch=None)

    assert set(patterns(OWN, without)) == {"approvals", "runs", "endpoints"}


def test_event_log_takes_events_and_nothing_else() -> None:
    statement = delivery_policy("arn:log")["Statement"][0]

    assert statement["Principal"] == {"Service": ["delivery.logs.amazonaws.com", "events.amazonaws.com"]}
    assert statement["Resource"] == "arn:log:*"


@pytest.mark.parametrize(
    ("ai_risk", "rating"),
    [("high_annex_iii", "High"), ("limited_art50", "Medium"), ("minimal", "Low"), ("gpai", "Unknown")],
)
def test_model_card_rates_the_class_of_the_ai_act(ai_risk: str, rating: str) -> None:
    card = content(Platform(**{**PLATFORM, "ai_risk": ai_risk}), "Scores payments", "fraud-prod-scores")

    assert risk_rating(ai_risk) == rating
    assert card["intended_uses"]["risk_rating"] == rating
    assert card["intended_uses"]["purpose_of_model"] == "Scores payments"


SERVING: dict[str, Any] = {"modes": ["realtime"], "network_isolation": True, "log_retention_days": 365}
FLEET: dict[str, Any] = {"instance_type": "ml.c7i.large", "instance_count": 2}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"modes": ["streaming"]}, "serving:modes is 'streaming', allowed: realtime, multi_model, async, serverless"),
        ({"modes": []}, "serving:modes is []"),
        ({"modes": ["batch", "batch"]}, "each once"),
        ({"stop_schedule_expression": "cron(0 20 * * ? *)"}, "go together"),
    ],
)
def test_serving_refuses_what_it_does_not_know(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        ServingSettings(**{**SERVING, **given})

    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (RealtimeSettings, {"rollout": "yolo"}, "serving:realtime_rollout is 'yolo', allowed: canary"),
        (RealtimeSettings, {"instance_count": 1}, "serving:realtime_rollout is 'canary' with serving:realtime_inst"),
        (RealtimeSettings, {"min_capacity": 0}, "expected 1 <= min_capacity"),
        (RealtimeSettings, {"min_capacity": 9}, "serving:realtime_max_capacity 4"),
        (RealtimeSettings, {"rollout_step_percent": 51}, "allowed: 10 to 50"),
        (RealtimeSettings, {"shadow_model_package_arn": "arn", "rollout": "rolling"}, "not updated in batches"),
        (RealtimeSettings, {"shadow_percent": 0}, "serving:realtime_shadow_percent is 0"),
        (AsyncSettings, {"instance_count": 1, "rollout": "linear"}, "serving:async_rollout is 'linear'"),
    ],
)
def test_a_fleet_that_sagemaker_would_refuse_is_refused_before(
    kind: type[FleetSettings], given: dict[str, Any], said: str
) -> None:
    with pytest.raises(SettingsError) as refusal:
        kind(**{**FLEET, **given})

    assert said in str(refusal.value)


def test_an_asynchronous_fleet_may_shrink_to_nothing() -> None:
    assert AsyncSettings(**FLEET, min_capacity=0).min_capacity == 0


@pytest.mark.parametrize("given", [{"memory_mb": 1500}, {"memory_mb": 8192}, {"max_concurrency": 201}])
def test_serverless_sizes_are_those_on_offer(given: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="allowed: "):
        ServerlessSettings(**given)


@pytest.mark.parametrize(
    "given", [{"min_copies": 3}, {"max_copies": 0}, {"min_instances": 3}, {"cpu_cores": 0.1}, {"memory_mb": 64}]
)
def test_copies_that_cannot_be_placed_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="serving:inference_components_"):
        ComponentSettings(instance_type="ml.g6.xlarge", **given)
