"""An approved version reaches devices ring by ring, and only so."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.model import Shape, StructureShape
from stacks_estate.estate import recorded_example_with
from stacks_estate.test_devices import platform

from modelkeel import answers, cost, plan
from modelkeel.graph import Graph, Resource
from stacks.documents import device_defense, device_ring, edge_release
from stacks.serving.edge_settings import EdgeSettings
from stacks.settings import SettingsError

ROOT = Path(__file__).resolve().parents[2]
RINGS = {"canary": 4, "early": 3, "fleet": 3}
SETTINGS = EdgeSettings(
    component="ml.vending", package="vending", image_tag="1", architecture="arm64", instance_type="ml.m7i.large"
)
PLATFORM = platform()


@functools.cache
def graph() -> Graph:
    return recorded_example_with("predictive_maintenance", "prod", {"serving": {"serving:edge_rings": RINGS}})


def of_type(kind: str) -> list[Resource]:
    return [row for _, row in graph().resources() if row.type == kind]


def states(kind: str) -> list[dict[str, Any]]:
    return [
        json.loads(row.inputs["desiredState"])
        for row in of_type("aws:cloudcontrol/resource:Resource")
        if row.inputs["typeName"] == kind
    ]


def named(kind: str, name: str) -> Resource:
    (found,) = (row for row in of_type(kind) if row.name == name)
    return found


def deployment(ring: str = "canary") -> dict[str, Any]:
    arn = device_ring.group_arn(PLATFORM, ring)
    return edge_release.deployment("ml.x", 4, ring=ring, group_arn=arn, caution=SETTINGS.caution, tags={"env": "prod"})


def unknown_names(given: Any, shape: Shape, path: str = "") -> list[str]:
    """Return the names in a state of CloudFormation that the API does not know; it writes them with a capital."""
    if isinstance(shape, StructureShape) and isinstance(given, dict):
        members = {name[0].upper() + name[1:]: member for name, member in shape.members.items()}
        wrong = [f"{path}{name}" for name in given if name not in members]
        return wrong + [
            found
            for name, value in given.items()
            if name in members
            for found in unknown_names(value, members[name], f"{path}{name}.")
        ]
    member = getattr(shape, "member", None)
    if member is not None and isinstance(given, list):
        return [found for value in given for found in unknown_names(value, member, path)]
    return []


def model(service: str, operation: str) -> Shape:
    return botocore.session.get_session().get_service_model(service).operation_model(operation).input_shape


def test_a_deployment_says_nothing_that_the_api_does_not_know() -> None:
    assert unknown_names(deployment(), model("greengrassv2", "CreateDeployment")) == []


def test_the_fleet_metric_and_the_profile_say_nothing_that_the_api_does_not_know() -> None:
    metric = device_defense.silent_devices(PLATFORM, group_name="devices", period_seconds=300, tags={})
    profile = device_defense.security_profile(PLATFORM, group_arn="arn", messages_per_minute=1, tags={})

    assert unknown_names(metric, model("iot", "CreateFleetMetric")) == []
    assert set(unknown_names(profile, model("iot", "CreateSecurityProfile"))) == {"TargetArns"}


def test_a_ring_stops_at_every_kind_of_failure_and_each_device_goes_back() -> None:
    state = deployment()
    criteria = state["IotJobConfiguration"]["AbortConfig"]["CriteriaList"]

    assert {row["FailureType"] for row in criteria} == {"FAILED", "REJECTED", "TIMED_OUT"}
    assert state["DeploymentPolicies"]["FailureHandlingPolicy"] == "ROLLBACK"
    assert state["IotJobConfiguration"]["JobExecutionsRolloutConfig"]["ExponentialRate"]["BaseRatePerMinute"] == 10


def test_nothing_runs_on_a_device_before_its_signature_was_checked() -> None:
    made = edge_release.recipe("ml.x", 4, bucket="models", package="vending", architecture="arm64")
    script = made["Manifests"][0]["Lifecycle"]["run"]["script"].splitlines()
    uris = [row["Uri"] for row in made["Manifests"][0]["Artifacts"]]

    assert script[0] == "set -e"
    assert script[1].startswith("openssl dgst -sha256 -verify ")
    assert "python3" not in script[1]
    assert "s3://models/edge/4/code.zip.sig" in uris
    assert made["ComponentVersion"] == "4.0.0"


def test_credentials_of_a_device_fetch_versions_and_nothing_else() -> None:
    granted = device_ring.exchange_permissions(bucket_arn="arn:aws:s3:::models", key_arn="key")["Statement"]

    assert [(row["Action"], row["Resource"]) for row in granted] == [
        (["s3:GetObject"], "arn:aws:s3:::models/edge/*"),
        (["kms:Decrypt"], "key"),
    ]


@pytest.mark.parametrize(
    ("rings", "said"),
    [
        ({"early": 4}, "version 4 to early and version none to canary"),
        ({"canary": 3, "early": 4}, "version 4 to early and version 3 to canary"),
        ({"canary": 3, "fleet": 3}, "version 3 to fleet and version none to early"),
        ({"everyone": 3}, "canary, early, fleet"),
        ({"canary": "4"}, "the number of a version"),
        ({"canary": True}, "the number of a version"),
    ],
)
def test_a_ring_runs_only_what_the_ring_before_it_runs(rings: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        replace(SETTINGS, rings=rings)


@pytest.mark.parametrize("rings", [{}, {"canary": 4}, RINGS, {"canary": 3, "early": 3, "fleet": 3}])
def test_a_release_may_stand_in_any_ring(rings: dict[str, int]) -> None:
    assert replace(SETTINGS, rings=rings).rings == rings


@pytest.mark.slow
def test_each_ring_has_a_deployment_of_its_version_on_its_own_group() -> None:
    found = {
        state["TargetArn"].rsplit("-", 1)[-1]: state["Components"] for state in states(edge_release.DEPLOYMENT_TYPE)
    }

    assert {ring: parts["ml.vending_health"]["ComponentVersion"] for ring, parts in found.items()} == {
        "canary": "4.0.0",
        "early": "3.0.0",
        "fleet": "3.0.0",
    }
    assert len(states(edge_release.COMPONENT_TYPE)) == 2
    groups = {row.inputs["name"] for row in of_type("aws:iot/thingGroup:ThingGroup")}
    assert {f"vending-health-prod-ring-{ring}" for ring in device_ring.RINGS} < groups


@pytest.mark.slow
def test_a_new_device_joins_the_last_ring_and_becomes_a_core() -> None:
    (template,) = of_type("aws:iot/provisioningTemplate:ProvisioningTemplate")
    parts = json.loads(template.inputs["templateBody"])["Resources"]

    assert parts["thing"]["Properties"]["ThingGroups"] == [
        "vending-health-prod-devices",
        "vending-health-prod-ring-fleet",
    ]
    policies = {part["Properties"]["PolicyName"] for part in parts.values() if part["Type"] == "AWS::IoT::Policy"}
    assert policies == {"vending-health-prod-devices", "vending-health-prod-device-core"}


@pytest.mark.slow
def test_only_the_release_job_may_sign() -> None:
    key = named("aws:kms/key:Key", "edge-signing")
    signers = [
        row["Principal"]["AWS"] for row in json.loads(key.inputs["policy"])["Statement"] if "kms:Sign" in row["Action"]
    ]

    assert signers == ["arn:aws:iam::222222222222:role/mlops/prod/vending-health-prod-edge-release"]
    assert (key.inputs["keyUsage"], key.protect) == ("SIGN_VERIFY", True)


@pytest.mark.slow
def test_what_is_not_approved_is_not_packed() -> None:
    machine = json.loads(named("aws:sfn/stateMachine:StateMachine", "edge-release").inputs["definition"])["States"]

    assert machine["FindPackage"]["Next"] == "IsApproved"
    assert [(row["Condition"], row["Next"]) for row in machine["IsApproved"]["Choices"]] == [
        ("{% $status = 'Approved' %}", "Pack")
    ]
    assert machine[machine["IsApproved"]["Default"]]["Type"] == "Fail"


@pytest.mark.slow
def test_silent_and_failing_devices_ring_where_somebody_is_called() -> None:
    silent = named("aws:cloudwatch/metricAlarm:MetricAlarm", "silent-devices").inputs
    failed = named("aws:cloudwatch/metricAlarm:MetricAlarm", "failed-devices").inputs

    assert (silent["namespace"], silent["threshold"]) == ("AWS/IoTFleetMetrics", 10_000)
    assert (failed["metricName"], failed["threshold"]) == ("MatchedEvents", 5)


@pytest.mark.slow
def test_devices_are_priced_by_how_many_there_are() -> None:
    """200,000 cores at a list price of 0.16 USD; the table says that large fleets have prices of their own."""
    (line,) = (row for row in cost.price(graph()).lines if row.dimension == "core devices")

    assert float(line.quantity) == 200_000


def test_rings_that_no_program_makes_are_told() -> None:
    values = answers.loading.gather(ROOT / "examples/predictive_maintenance/answers.yml")
    told = {
        ingestion: plan.build(answers.validate({**values, "ingestion": [ingestion]}))
        for ingestion in ("iot_core", "batch_s3")
    }

    assert told["iot_core"].words["uses_device_rings"]
    assert not told["batch_s3"].words["uses_device_rings"]


def test_environments_of_one_account_share_one_index_and_one_audit() -> None:
    """The first owns them: the fleet metrics of all ask the index, and the first is deployed before the others."""
    values = answers.loading.gather(ROOT / "examples/predictive_maintenance/answers.yml")
    ids = dict.fromkeys(("dev", "prod"), "1" * 12)
    shared = plan.build(answers.validate({**values, "account_model": "single", "account_ids": ids}))

    owned = {row.stack: row.config["data:device_defense"] for row in shared.stacks if row.program == "data"}
    audited = {row.stack: row.config["monitoring:device_audit"] for row in shared.stacks if row.program == "monitoring"}
    assert owned == audited == {"dev": True, "prod": False}
