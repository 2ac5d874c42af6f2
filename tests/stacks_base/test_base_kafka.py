"""Kafka: a cluster that is made or one that exists; Firehose reads one topic of it and tells when nothing arrives."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stacks_base.base_project import ACCOUNT, inputs, of_type, program

from modelkeel import answers, plan
from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph
from modelkeel.plan import kafka
from stacks.documents.kafka import KafkaTopic
from stacks.settings import SettingsError

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = f"arn:aws:kafka:eu-west-1:{ACCOUNT}:cluster/events/1234abcd-12ab-34cd-56ef-1234567890ab-1"
DELIVERY = "firehoseDeliveryStream:FirehoseDeliveryStream"


def _graph() -> Graph:
    return program("data", data={"kafka_cluster_arn": CLUSTER, "kafka_topic": "clicks", "stream_enabled": False})


OWN = {
    "stream_enabled": False,
    "kafka_topic": "clicks",
    "kafka_lag_records": 4_500_000,
    "kafka_brokers": 3,
    "kafka_broker_type": "kafka.m7g.large",
    "kafka_zones": 3,
    "kafka_replicas": 3,
    "kafka_partitions": 6,
    "kafka_volume_gib": 100,
    "kafka_volume_max_gib": 200,
    "kafka_retention_hours": 168,
}


def _own() -> Graph:
    return program("data", data=OWN)


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


def test_a_cluster_of_ours_is_opened_by_iam_alone_over_tls_and_encrypted_with_our_key() -> None:
    cluster = inputs(_own(), "msk/cluster:Cluster")["kafka"]

    assert cluster["clientAuthentication"] == {"sasl": {"iam": True}, "unauthenticated": False}
    assert cluster["encryptionInfo"]["encryptionInTransit"] == {"clientBroker": "TLS", "inCluster": True}
    assert cluster["encryptionInfo"]["encryptionAtRestKmsKeyArn"]
    connectivity = cluster["brokerNodeGroupInfo"]["connectivityInfo"]
    assert connectivity["publicAccess"] == {"type": "DISABLED"}
    assert connectivity["vpcConnectivity"]["clientAuthentication"] == {"sasl": {"iam": True}}
    assert len(set(cluster["brokerNodeGroupInfo"]["clientSubnets"])) == 3


def test_brokers_wait_for_a_second_copy_and_make_no_topic_by_accident() -> None:
    lines = inputs(_own(), "msk/configuration:Configuration")["kafka"]["serverProperties"].split("\n")

    for line in ("auto.create.topics.enable=false", "min.insync.replicas=2", "unclean.leader.election.enable=false"):
        assert line in lines


def test_firehose_waits_for_the_topic_and_for_its_way_in() -> None:
    graph = _own()
    delivery = next(of_type(graph, DELIVERY))
    needed = {row.urn for kind in ("msk/topic:Topic", "clusterPolicy:ClusterPolicy") for row in of_type(graph, kind)}

    assert needed <= set(delivery.dependencies)
    policy = json.loads(inputs(graph, "clusterPolicy:ClusterPolicy")["kafka"]["policy"])
    assert [row["Action"] for row in policy["Statement"]] == ["kafka:CreateVpcConnection"]
    assert [row["Principal"] for row in policy["Statement"]] == [{"Service": "firehose.amazonaws.com"}]


def test_clients_reach_brokers_on_the_port_of_iam_and_nobody_else_does() -> None:
    graph = _own()
    rules = [dict(row.inputs) for row in of_type(graph, "securityGroupIngressRule:SecurityGroupIngressRule")]

    assert [(row["fromPort"], row["toPort"]) for row in rules if "Clients" in row["description"]] == [(9098, 9098)]
    assert all("cidrIpv4" not in row for row in rules if "Clients" in row["description"])


def test_the_policy_of_producers_writes_one_topic_and_reads_none() -> None:
    policy = json.loads(inputs(_own(), "iam/policy:Policy")["kafka-producer"]["policy"])
    statements = {row["Sid"]: row for row in policy["Statement"]}

    assert statements["WriteTopic"]["Resource"].endswith("/clicks")
    assert "kafka-cluster:ReadData" not in {action for row in statements.values() for action in row["Action"]}


def test_somebody_is_told_when_the_cluster_is_ill() -> None:
    alarms = inputs(_own(), "metricAlarm:MetricAlarm")

    health = {"kafka-no-controller", "kafka-offline", "kafka-disk", "kafka-under-replicated"}
    assert health | {"kafka-lag"} <= set(alarms)
    # What only the controller knows is 0 from the other brokers, and a cluster without one says nothing.
    assert {alarms[name].get("statistic") for name in health} == {"Maximum", None}
    assert alarms["kafka-no-controller"]["treatMissingData"] == "breaching"
    assert alarms["kafka-lag"]["threshold"] == 4_500_000


def test_disks_grow_and_their_size_is_not_taken_back() -> None:
    graph = _own()

    assert inputs(graph, "appautoscaling/target:Target")["kafka-disks"]["maxCapacity"] == 200
    cluster = next(of_type(graph, "msk/cluster:Cluster"))
    assert cluster.ignore_changes == ("brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize",)
    assert cluster.protect


def test_brokers_that_no_zone_count_divides_are_refused() -> None:
    with pytest.raises(ModelkeelError, match="a multiple of 3"):
        program("data", data={**OWN, "kafka_brokers": 4})


@pytest.mark.parametrize("wrong", ["", "events", f"arn:aws:kafka:eu-west-1:{ACCOUNT}:cluster/events"])
def test_what_is_no_cluster_is_refused_with_what_is(wrong: str) -> None:
    with pytest.raises(SettingsError, match="allowed: arn:PARTITION:kafka:REGION:ACCOUNT:cluster/NAME/UUID"):
        KafkaTopic(cluster_arn=wrong, name="clicks").arn("topic", "clicks")


@pytest.mark.parametrize(("ingestion", "stream"), [(("msk",), False), (("msk", "kinesis"), True)])
def test_a_stream_of_ours_is_left_out_only_where_kafka_is_the_one_source(
    ingestion: tuple[str, ...], stream: bool
) -> None:
    data = _planned(ingestion=ingestion, existing_kafka_arns={"prod": CLUSTER})

    assert {row["data:stream_enabled"] for row in data.values()} == {stream}
    assert data["prod"]["data:kafka_cluster_arn"] == CLUSTER
    assert "data:kafka_brokers" not in data["prod"]
    assert "data:kafka_cluster_arn" not in data["dev"]
    assert data["dev"]["data:kafka_brokers"] == 2


def test_production_has_more_brokers_and_larger_disks_than_a_rehearsal() -> None:
    data = _planned(ingestion=("msk",), events_per_sec=5000)

    assert [data[name]["data:kafka_brokers"] for name in ("dev", "prod")] == [2, 3]
    assert data["dev"]["data:kafka_volume_gib"] < data["prod"]["data:kafka_volume_gib"]
    # 5,000 events of 1 KB for 168 hours, three copies on three brokers.
    assert data["prod"]["data:kafka_volume_gib"] == math.ceil(5000 / 1024 * 168 * 3600 / 1024)
    assert data["prod"]["data:kafka_lag_records"] == 5000 * 15 * 60


def test_a_larger_rate_takes_larger_brokers_and_the_largest_none() -> None:
    base = answers.load(ROOT / "examples/fraud_realtime/answers.yml").model_copy(update={"ingestion": ("msk",)})
    rates = [5_000, 200_000, 10_000_000]
    sizes = [kafka.size(base.model_copy(update={"events_per_sec": rate}), "prod", 24) for rate in rates]

    assert [size.broker_type if size else None for size in sizes] == ["kafka.m7g.large", "kafka.m7g.xlarge", None]
    assert all(size.brokers % size.zones == 0 for size in sizes if size)


@given(rate=st.integers(0, 10_000_000), hours=st.sampled_from([24, 168]))
def test_a_cluster_holds_what_it_is_sent(rate: int, hours: int) -> None:
    base = answers.load(ROOT / "examples/fraud_realtime/answers.yml")
    size = kafka.size(base.model_copy(update={"ingestion": ("msk",), "events_per_sec": rate}), "prod", hours)

    if size:
        assert size.brokers <= kafka.MAX_BROKERS
        assert size.brokers * size.volume_gib >= size.mib_per_sec * 3600 * hours * size.replicas / 1024 - 1
        assert size.volume_gib <= size.volume_max_gib <= kafka.MAX_VOLUME_GIB
        assert size.partitions * kafka.PARTITION_MIB_PER_SEC >= size.mib_per_sec


@pytest.mark.parametrize(
    ("changes", "kafka_page", "capture_page"),
    [
        ({"ingestion": ("msk",)}, True, False),
        ({"ingestion": ("kinesis", "cdc")}, False, True),
        ({"ingestion": ("msk",), "environments": ("prod",), "existing_kafka_arns": {"prod": CLUSTER}}, False, False),
    ],
)
def test_a_page_says_how_to_get_in_where_something_is_made(
    changes: dict[str, Any], kafka_page: bool, capture_page: bool
) -> None:
    base = answers.load(ROOT / "examples/fraud_realtime/answers.yml").model_copy(update=changes)
    words = plan.template_data(base, plan.build(base))["plan"]["words"]

    assert (words["uses_kafka"], words["uses_change_capture"]) == (kafka_page, capture_page)


def _planned(**changes: object) -> dict[str, dict[str, Any]]:
    base = answers.load(ROOT / "examples/fraud_realtime/answers.yml")
    stacks = plan.build(base.model_copy(update=changes)).stacks
    return {str(row.environment): dict(row.config) for row in stacks if row.program == "data"}
