"""Many models on one endpoint: one image, one guarded prefix, a role that reads no further."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_repository import of_type, one
from stacks_models.model_project import ACCOUNT, PLATFORM, REGION, stack
from stacks_serving.modes import served

from modelkeel.graph import Graph
from stacks.documents import released_models, service_roles
from stacks.documents.grant import Grants
from stacks.documents.statement import document
from stacks.serving.multi_model_settings import MultiModelSettings
from stacks.settings import Platform, SettingsError

OTHER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/fraud-prod-scores/9"
PLACE = Platform(**PLATFORM)
BUCKET = f"arn:aws:s3:::fraud-prod-models-{ACCOUNT}"
SIZES = {"instance_type": "ml.c7i.large", "instance_count": 2, "image_tag": "1.0.0"}


@pytest.fixture(scope="module")
def graph() -> Graph:
    return served("multi_model", multi_model_further_model_packages={"north": OTHER})


def test_one_model_stands_for_all_below_the_prefix(graph: Graph) -> None:
    model = one(graph, "sagemaker/model:Model").inputs
    container = model["primaryContainer"]

    assert container["modelDataUrl"] == f"s3://fraud-prod-models-{ACCOUNT}/models/released/"
    assert "@sha256:" in container["image"]
    assert container["multiModelConfig"] == {"modelCacheSetting": "Enabled"}
    assert model["executionRoleArn"].endswith("fraud-prod-multi_model")
    assert model["vpcConfig"]["securityGroupIds"] == ["sg-0b"]


def test_what_is_released_is_exported_by_name(graph: Graph) -> None:
    exports = stack(graph, "serving").exports

    assert json.loads(exports["multi_model_released"])["north"] == OTHER
    assert set(json.loads(exports["multi_model_released"])) == {"model", "north"}
    asked = json.loads(exports["multi_model_asked"])
    assert asked["capture_percent"] == 100
    assert [row["name"] for row in asked["variants"]] == ["live"], "traffic is not split between variants"


def test_a_further_model_changes_neither_model_nor_configuration(graph: Graph) -> None:
    """So it takes no rollout: it is one more object below the prefix."""
    for kind in ("sagemaker/model:Model", "EndpointConfiguration"):
        assert one(graph, kind).inputs == one(served("multi_model"), kind).inputs


def test_loading_is_watched_beside_what_any_endpoint_is(graph: Graph) -> None:
    alarms = {row.inputs["metricName"]: row.inputs for row in of_type(graph, "metricAlarm:MetricAlarm")}

    hits, wait = alarms["ModelCacheHit"], alarms["ModelLoadingWaitTime"]
    assert (hits["comparisonOperator"], hits["threshold"]) == ("LessThanThreshold", 0.5)
    assert (wait["comparisonOperator"], wait["threshold"]) == ("GreaterThanThreshold", 10_000_000)
    assert {"MemoryUtilization", "DiskUtilization", "ModelLatency"} <= set(alarms)
    dashboard = json.dumps([row.inputs["dashboardBody"] for row in of_type(graph, "dashboard:Dashboard")])
    assert "LoadedModelCount" in dashboard


def test_caching_can_be_turned_off() -> None:
    container = one(served("multi_model", multi_model_cache=False), "sagemaker/model:Model").inputs["primaryContainer"]

    assert container["multiModelConfig"] == {"modelCacheSetting": "Disabled"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"instance_type": "ml.g5.xlarge"}, "NVIDIA Triton"),
        ({"image_tag": ""}, "image_tag is empty"),
        ({"further_model_packages": {"model": OTHER}}, "names 'model'"),
        ({"further_model_packages": {"a/b": OTHER}}, "names 'a/b'"),
        ({"further_model_packages": {"north": "fraud-prod-scores"}}, "has 'fraud-prod-scores'"),
    ],
)
def test_what_cannot_serve_is_refused_before_it_is_asked_of_aws(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        MultiModelSettings(**{**SIZES, **changes})


def _hosting() -> dict[str, Any]:
    grants = Grants(platform=PLACE, buckets=["curated", "models", "capture", "logs"], key_classes=["data", "models"])
    return service_roles.ROLES[released_models.ROLE].permissions(grants, False)


@pytest.mark.parametrize(
    ("action", "place", "allowed"),
    [
        ("s3:GetObject", "models/released/north/a-7.tar.gz", True),
        ("s3:GetObject", "models/runs/1/model.tar.gz", False),
        ("s3:PutObject", "models/released/north/a-7.tar.gz", False),
    ],
)
def test_containers_read_released_models_and_no_others(action: str, place: str, allowed: bool) -> None:
    decided = any(
        action in row["Action"] and f"{BUCKET}/{place}".startswith(str(row["Resource"]).rstrip("*"))
        for row in _hosting()["Statement"]
        if isinstance(row["Resource"], str) and row["Resource"] != "*"
    )

    assert decided is allowed


def test_containers_find_released_models_only() -> None:
    (find,) = (row for row in _hosting()["Statement"] if "s3:ListBucket" in row["Action"])

    assert find["Condition"] == {"StringLike": {"s3:prefix": ["models/released/*"]}}


def test_the_bucket_refuses_every_writer_but_a_release() -> None:
    guard = released_models.guard(PLACE, BUCKET)

    assert (guard["Effect"], guard["Principal"]) == ("Deny", "*")
    assert guard["Resource"] == f"{BUCKET}/models/released/*"
    writers = guard["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    assert [arn.rsplit("/", 1)[-1] for arn in writers] == ["fraud-prod-ci-deploy", "fraud-prod-break-glass"]
    assert document([guard])["Statement"] == [guard]
