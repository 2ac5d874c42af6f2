"""Jobs that judge the model by late labels: what they may do, and what rings."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from stacks_models.model_project import recorded

from modelkeel.graph import Graph, Resource

JUDGING: dict[str, Any] = {
    "quality_schedule_expression": "rate(25 hours)",
    "quality_window": "hour",
    "quality_label_lag_days": 30,
    "quality_stale_days": 7,
    "quality_metric": "average_precision",
    "quality_minimum": 0.3,
    "quality_maximum_gap": 0.1,
}


@cache
def judging() -> Graph:
    return recorded(monitoring=JUDGING)


def _of(graph: Graph, kind: str) -> dict[str, Resource]:
    return {
        resource.name: resource
        for stack in graph.stacks
        for resource in stack.resources
        if resource.type.endswith(kind)
    }


def _alarms() -> dict[str, dict[str, Any]]:
    found = _of(judging(), ":MetricAlarm")
    return {
        name.removeprefix("quality-"): dict(row.inputs) for name, row in found.items() if name.startswith("quality")
    }


def test_quality_bias_reasons_labels_and_silence_ring() -> None:
    said = {
        signal: (row["metricName"], row["comparisonOperator"], row["threshold"], row["treatMissingData"])
        for signal, row in _alarms().items()
        if row["namespace"] == "fraud/prod"
    }

    assert said == {
        "low": ("ModelQuality", "LessThanThreshold", 0.3, "notBreaching"),
        "bias": ("BiasGap", "GreaterThanThreshold", 0.1, "notBreaching"),
        "attribution": ("AttributionAgreement", "LessThanThreshold", 0.9, "notBreaching"),
        "labels-stale": ("LabelAgeDays", "GreaterThanThreshold", 7, "notBreaching"),
        "labels-missing": ("LabelledRecords", "LessThanThreshold", 1, "notBreaching"),
        "silent": ("QualityRuns", "LessThanThreshold", 1, "breaching"),
    }


def test_two_of_three_days_decide_on_the_model_and_one_day_on_its_labels() -> None:
    counts = {
        signal: (row.get("datapointsToAlarm"), row["evaluationPeriods"], row["period"])
        for signal, row in _alarms().items()
    }

    assert counts["low"] == counts["bias"] == counts["attribution"] == (2, 3, 86_400)
    assert counts["labels-stale"] == counts["labels-missing"] == (None, 1, 86_400)
    assert 86_400 < counts["silent"][1] * counts["silent"][2] < 2 * 86_400


def test_without_protected_groups_nothing_rings_for_bias() -> None:
    graph = recorded(monitoring={**JUDGING, "quality_maximum_gap": None})

    assert "quality-bias" not in _of(graph, ":MetricAlarm")


def test_the_state_machine_sees_names_of_records_and_labels_and_reads_no_data() -> None:
    policy = json.loads(
        str(
            next(row for name, row in _of(judging(), "iam/policy:Policy").items() if name.startswith("quality")).inputs[
                "policy"
            ]
        )
    )
    statements = {row["Sid"]: row for row in policy["Statement"]}
    reads = {name for name, row in statements.items() if "s3:GetObject" in row["Action"]}

    assert statements["SeeRecords"]["Resource"] == "arn:aws:s3:::fraud-prod-capture-111122223333"
    assert statements["SeeLabels"]["Condition"] == {"StringLike": {"s3:prefix": "curated/truth/labels/*"}}
    assert reads == {"ReadSummary"}
    assert str(statements["ReadSummary"]["Resource"]).endswith("/capture/quality/*")


def test_low_quality_proposes_a_retraining_to_a_person() -> None:
    pattern = json.loads(str(_of(judging(), ":EventRule")["retraining"].inputs["eventPattern"]))
    low = _of(judging(), ":MetricAlarm")["quality-low"]

    assert low.inputs["name"] in pattern["detail"]["alarmName"]


def test_the_dashboards_show_quality_bias_and_labels() -> None:
    bodies = {name: str(row.inputs["dashboardBody"]) for name, row in _of(judging(), ":Dashboard").items()}

    assert "ModelQuality" in bodies["executive"]
    assert all(
        metric in bodies["governance"] for metric in ("ModelQuality", "BiasGap", "LabelAgeDays", "LabelledRecords")
    )
    assert "quality-labels-stale" in bodies["governance"]


def test_before_a_model_answers_the_schedule_sleeps_and_silence_is_no_alarm() -> None:
    graph = recorded(monitoring=JUDGING, serving={"model_package_arn": None})

    assert _of(graph, "scheduler/schedule:Schedule")["quality-start"].inputs["state"] == "DISABLED"
    assert _of(graph, ":MetricAlarm")["quality-silent"].inputs["treatMissingData"] == "notBreaching"


def test_without_a_schedule_nothing_is_judged() -> None:
    assert not [name for name in _of(recorded(), ":MetricAlarm") if name.startswith("quality")]
