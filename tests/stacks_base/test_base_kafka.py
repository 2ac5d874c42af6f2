"""A Kafka cluster that exists: Firehose reads one topic of it, by its own role, and tells when nothing arrives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from stacks_base.base_project import ACCOUNT, inputs, program

from modelkeel import answers, plan
from modelkeel.graph import Graph
from stacks.documents.kafka import KafkaTopic
from stacks.settings import SettingsError

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = f"arn:aws:kafka:eu-west-1:{ACCOUNT}:cluster/events/1234abcd-12ab-34cd-56ef-1234567890ab-1"
DELIVERY = "firehoseDeliveryStream:FirehoseDeliveryStream"


def _graph() -> Graph:
    return program("data", data={"kafka_cluster_arn": CLUSTER, "kafka_topic": "clicks", "stream_enabled": False})


def test_the_topic_is_read_privately_and_written_under_our_key() -> None:
    delivery = inputs(_graph(), DELIVERY)["kafka"]

    source = delivery["mskSourceConfiguration"]
    assert (source["mskClusterArn"], source["topicName"]) == (CLUSTER, "clicks")
    assert source["authenticationConfiguration"]["connectivity"] == "PRIVATE"
    assert delivery["extendedS3Configuration"]["kmsKeyArn"]
    assert "kinesisSourceConfiguration" not in delivery


def test_the_role_reads_that_topic_and_no_other() -> None:
    policy = json.loads(inputs(_graph(), "iam/policy:Policy")["kafka-delivery"]["policy"])
    statements = {row["Sid"]: row for row in policy["Statement"]}

    assert statements["ReadTopic"]["Resource"] == f"{CLUSTER.replace(':cluster/', ':topic/')}/clicks"
    assert statements["FindCluster"]["Resource"] == CLUSTER
    assert not [action for row in statements.values() for action in row["Action"] if "Write" in action or "*" in action]


def test_somebody_is_told_when_events_are_late_refused_or_too_many() -> None:
    alarms = {name for name in inputs(_graph(), "metricAlarm:MetricAlarm") if name.startswith("kafka-")}

    assert alarms == {"kafka-stale", "kafka-refused", "kafka-behind"}


@pytest.mark.parametrize("wrong", ["", "events", f"arn:aws:kafka:eu-west-1:{ACCOUNT}:cluster/events"])
def test_what_is_no_cluster_is_refused_with_what_is(wrong: str) -> None:
    with pytest.raises(SettingsError, match="allowed: arn:PARTITION:kafka:REGION:ACCOUNT:cluster/NAME/UUID"):
        KafkaTopic(cluster_arn=wrong, name="clicks").arn("topic", "clicks")


@pytest.mark.parametrize(
    ("ingestion", "stream"),
    [(("msk",), {"prod": False, "dev": True}), (("msk", "kinesis"), {"prod": True, "dev": True})],
)
def test_a_stream_of_ours_is_left_out_only_where_a_cluster_is_the_one_source(
    ingestion: tuple[str, ...], stream: dict[str, bool]
) -> None:
    base = answers.load(ROOT / "examples/fraud_realtime/answers.yml")
    given = base.model_copy(update={"ingestion": ingestion, "existing_kafka_arns": {"prod": CLUSTER}})
    data = {row.environment: row.config for row in plan.build(given).stacks if row.program == "data"}

    assert {name: data[name]["data:stream_enabled"] for name in stream} == stream
    assert data["prod"]["data:kafka_cluster_arn"] == CLUSTER
    assert "data:kafka_cluster_arn" not in data["dev"]
