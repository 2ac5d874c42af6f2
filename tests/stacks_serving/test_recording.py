"""Where an endpoint captures nothing, its callers record: where the jobs look, and with no right but to add."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_repository import of_type, one
from stacks_models.model_project import ACCOUNT, EXPORTS, PLATFORM, recorded, stack
from stacks_serving.modes import SIZES

from modelkeel.graph import Graph
from stacks.documents import request_recording
from stacks.monitoring.settings import MonitoringSettings
from stacks.settings import Platform, SettingsError

ENDPOINTS = {"serverless": "serverless", "inference_components": "components"}


def _watched(mode: str, percent: int = 50) -> Graph:
    return recorded(
        platform={"compliance": []},
        serving={"modes": [mode], "network_isolation": False, **SIZES[mode], f"{mode}_record_percent": percent},
        monitoring={"serving_modes": [mode], "recorded_modes": [mode] if percent else []},
    )


@pytest.mark.parametrize("mode", ENDPOINTS)
def test_records_lie_where_the_drift_job_looks_for_captured_requests(mode: str) -> None:
    graph = _watched(mode)
    exports = stack(graph, "serving").exports
    destination = one(graph, "firehoseDeliveryStream:FirehoseDeliveryStream").inputs["extendedS3Configuration"]
    machine = json.loads(str(one(graph, "sfn/stateMachine:StateMachine", "drift").inputs["definition"]))

    where = destination["prefix"].removesuffix(request_recording.HOUR).rstrip("/")
    assert exports[f"{mode}_records_uri"] == f"s3://fraud-prod-capture-{ACCOUNT}/{where}"
    assert exports[f"{mode}_records_uri"] in json.dumps(machine)
    assert destination["fileExtension"] == ".jsonl", "the jobs read no other files"
    assert destination["compressionFormat"] == "UNCOMPRESSED"
    assert exports[f"{mode}_record_percent"] == "50"
    assert any(row.inputs["metricName"] == "CapturedRecords" for row in of_type(graph, "metricAlarm:MetricAlarm"))


def test_records_are_encrypted_in_the_stream_and_where_they_lie() -> None:
    stream = one(_watched("serverless"), "firehoseDeliveryStream:FirehoseDeliveryStream").inputs
    key = EXPORTS["foundation"]["capture_key_arn"]

    assert (stream["serverSideEncryption"]["keyType"], stream["serverSideEncryption"]["keyArn"]) == (
        "CUSTOMER_MANAGED_CMK",
        key,
    )
    assert stream["extendedS3Configuration"]["kmsKeyArn"] == key


def test_callers_ask_and_add_and_can_neither_read_nor_change() -> None:
    document = request_recording.calling(Platform(**PLATFORM), "fraud-prod-serverless", "fraud-prod-serverless-records")

    actions = {action: row["Resource"] for row in document["Statement"] for action in row["Action"]}
    assert set(actions) == {"sagemaker:InvokeEndpoint", "firehose:PutRecordBatch"}
    assert actions["firehose:PutRecordBatch"].endswith("deliverystream/fraud-prod-serverless-records")


@pytest.mark.parametrize("mode", ENDPOINTS)
def test_where_nobody_records_nothing_waits_for_records(mode: str) -> None:
    graph = _watched(mode, percent=0)

    assert list(of_type(graph, "firehoseDeliveryStream:FirehoseDeliveryStream")) == []
    assert f"{mode}_records_uri" not in stack(graph, "serving").exports
    assert "drift" not in {row.name for row in of_type(graph, "sfn/stateMachine:StateMachine")}


@pytest.mark.parametrize("modes", [["realtime"], ["async"], ["eks"]])
def test_only_modes_that_capture_nothing_are_recorded(modes: list[str]) -> None:
    given: dict[str, Any] = {
        "alert_email": "owner@example.com",
        "monthly_budget_usd": 1,
        "budget_thresholds_percent": [100],
        "log_retention_days": 365,
        "dashboard": False,
        "package": "fraud",
        "image_tag": "1",
    }
    with pytest.raises(SettingsError, match="recorded_modes names"):
        MonitoringSettings(**given, serving_modes=["realtime", "async"], recorded_modes=modes)
