from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from stacks_base.base_project import (
    ACCOUNT,
    LARGE,
    STACKS,
    feature_group,
    inputs,
    platform,
    program,
    recorded,
    small,
    stack,
)

from modelkeel.graph import Graph
from stacks import lifecycle, names, placement
from stacks.components.feature_store import FeatureGroupSpec
from stacks.settings import SettingsError

EXPORTED = {f"{purpose}_bucket_{part}" for purpose in placement.PURPOSES for part in ("name", "arn")}
CASES = {"large": recorded, "small": small}
cases = pytest.mark.parametrize("case", CASES)


def _group(graph: Graph, name: str) -> dict[str, Any]:
    return inputs(graph, "sagemaker/featureGroup:FeatureGroup")[name]


def test_feature_groups_are_encrypted_online_and_offline_and_forget() -> None:
    graph = recorded()
    key = stack(graph, "foundation").exports["features_key_arn"]

    card = _group(graph, "card")

    assert card["onlineStoreConfig"]["securityConfig"]["kmsKeyId"] == key
    assert card["offlineStoreConfig"]["s3StorageConfig"]["kmsKeyId"] == key
    assert card["onlineStoreConfig"]["ttlDuration"] == {"unit": "Days", "value": 90}


def test_feature_groups_are_tables_of_the_environments_database() -> None:
    graph = recorded()
    catalogue = _group(graph, "merchant")["offlineStoreConfig"]["dataCatalogConfig"]

    assert catalogue["database"] == stack(graph, "data").exports["glue_database_name"] == "fraud_prod_lake"
    assert catalogue["tableName"] == "features_merchant"


def test_the_role_of_the_feature_store_reaches_where_its_groups_lie() -> None:
    graph = recorded()
    policy = json.loads(inputs(graph, "iam/policy:Policy")["features"]["policy"])
    (objects,) = [s for s in policy["Statement"] if s["Sid"] == "OfflineStore"]

    uri = _group(graph, "card")["offlineStoreConfig"]["s3StorageConfig"]["s3Uri"]

    assert uri == f"s3://fraud-prod-features-{ACCOUNT}/features/card"
    assert objects["Resource"] == f"arn:aws:s3:::fraud-prod-features-{ACCOUNT}/features/*"


def test_an_offline_group_has_no_online_store_and_an_undying_one_no_ttl() -> None:
    offline = {**feature_group("card"), "online": False}
    undying = {**feature_group("device"), "ttl_days": 0}
    graph = program("data", data={"feature_groups": [offline, undying]})

    assert "onlineStoreConfig" not in _group(graph, "card")
    assert "ttlDuration" not in _group(graph, "device")["onlineStoreConfig"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"features": [{"name": "card_id", "type": "Text"}]}, "types \\['Text'\\], allowed"),
        ({"event_time": "seen_at"}, "does not list its own features \\['seen_at'\\]"),
    ],
)
def test_a_broken_feature_group_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        FeatureGroupSpec.of({**feature_group("card"), **change})


def test_a_feature_group_that_lacks_a_key_says_which() -> None:
    row = feature_group("card")
    del row["ttl_days"]

    with pytest.raises(SettingsError, match="'card' lacks the key 'ttl_days'"):
        FeatureGroupSpec.of(row)


def test_events_are_encrypted_in_the_stream_and_on_their_way_to_the_raw_bucket() -> None:
    graph = recorded()
    key = stack(graph, "foundation").exports["data_key_arn"]
    delivery = inputs(graph, "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream")["events"]

    stream = inputs(graph, "kinesis/stream:Stream")["events"]

    assert (stream["encryptionType"], stream["kmsKeyId"]) == ("KMS", key)
    assert "shardCount" not in stream
    assert delivery["extendedS3Configuration"]["kmsKeyArn"] == key
    assert delivery["extendedS3Configuration"]["prefix"].startswith("raw/")
    assert delivery["extendedS3Configuration"]["cloudwatchLoggingOptions"]["enabled"] is True


def test_delivery_writes_only_below_raw() -> None:
    policy = json.loads(inputs(recorded(), "iam/policy:Policy")["events-delivery"]["policy"])

    (objects,) = [s for s in policy["Statement"] if s["Sid"] == "WriteObjects"]

    assert objects["Resource"] == f"arn:aws:s3:::fraud-prod-raw-{ACCOUNT}/raw/*"


def test_a_provisioned_stream_has_its_shards() -> None:
    graph = program("data", data={"stream_mode": "provisioned", "stream_shards": 4})

    assert inputs(graph, "kinesis/stream:Stream")["events"]["shardCount"] == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"stream_mode": "elastic"}, "allowed: on_demand, provisioned"),
        ({"stream_mode": "provisioned"}, "stream_shards must be at least 1"),
    ],
)
def test_a_stream_that_cannot_be_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(Exception, match=said):
        program("data", data=change)


def test_queries_are_bounded_encrypted_and_cannot_be_overridden_by_clients() -> None:
    configuration = inputs(recorded(), "athena/workgroup:Workgroup")["catalog"]["configuration"]

    assert configuration["enforceWorkgroupConfiguration"] is True
    assert configuration["bytesScannedCutoffPerQuery"] == LARGE["data"]["query_scan_limit_gib"] * 2**30
    assert configuration["resultConfiguration"]["encryptionConfiguration"]["encryptionOption"] == "SSE_KMS"


def test_the_search_for_card_numbers_covers_the_lake_and_what_is_captured() -> None:
    row = inputs(recorded(), "macie2/classificationJob:ClassificationJob")["sensitive-data"]

    (definition,) = row["s3JobDefinition"]["bucketDefinitions"]

    assert definition["buckets"] == [f"fraud-prod-{purpose}-{ACCOUNT}" for purpose in ("capture", "curated", "raw")]


def test_the_small_environment_has_neither_stream_nor_features_nor_search() -> None:
    types = {resource.type.split(":")[1].split("/")[0] for resource in stack(small(), "data").resources}

    assert types & {"kinesis", "sagemaker", "macie2"} == set()


@cases
def test_every_program_exports_what_others_read(case: str) -> None:
    exports = stack(CASES[case](), "data").exports

    assert set(exports) > EXPORTED
    assert set(exports) - EXPORTED == {
        *(
            "glue_database_name",
            "query_workgroup_name",
            "dataset_gib",
            "backup_plan_id",
            "backup_role_arn",
            "feature_group_names",
            "online_feature_groups",
            "stream_name",
            "stream_arn",
            "device_template_name",
            "device_claim_policy_name",
            "device_messages_per_sec",
            "device_group_name",
            "core_devices",
            "kafka_bootstrap_brokers",
            "kafka_client_security_group_id",
            "kafka_producer_policy_arn",
            "change_security_group_id",
        ),
    }


@cases
def test_everything_is_made_by_the_tagged_provider(case: str) -> None:
    """Tags reach all resources by the provider, so the bill can be split; a wrong profile is refused."""
    graph = CASES[case]()
    for each in graph.stacks:
        (provider,) = [r for r in each.resources if r.type == "pulumi:providers:aws"]
        assert {r.provider for r in each.resources if r.is_aws} == {provider.urn}
        assert f'"{each.account}"' in json.dumps(provider.inputs["allowedAccountIds"]).replace("\\", "")


@cases
def test_every_resource_stands_in_a_component_or_in_its_program(case: str) -> None:
    """A resource without a parent is named in the program itself: few are."""
    loose = {
        resource.type.rpartition(":")[2]
        for each in CASES[case]().stacks
        for resource in each.resources
        if resource.is_aws and (resource.parent is None or "pulumi:pulumi:Stack" in resource.parent)
    }

    assert loose <= {"OpenIdConnectProvider", "Analyzer", "Account"}


def test_stateful_things_are_protected() -> None:
    stateful = {"Bucket", "Key", "Stream", "FeatureGroup", "Vault"}

    unprotected = [
        resource.urn
        for _, resource in recorded().resources()
        if resource.type.rpartition(":")[2] in stateful and not resource.protect
    ]

    assert unprotected == []


def test_another_partition_changes_every_arn() -> None:
    graph = recorded(platform={"partition": "aws-us-gov", "region": "us-gov-west-1"})

    wrong = [r.urn for _, r in graph.resources() if "arn:aws:" in json.dumps(r.inputs) and r.is_aws]

    assert wrong == []


def test_no_source_takes_the_partition_for_granted() -> None:
    sources = [path for path in STACKS.rglob("*.py") if "arn:aws:" in Path(path).read_text(encoding="utf-8")]

    assert sources == []


@pytest.mark.parametrize(
    ("purpose", "buckets", "holder"),
    [
        ("raw", ["raw", "curated"], "raw"),
        ("raw", ["curated"], "curated"),
        ("capture", ["curated", "models"], "curated"),
        ("models", ["curated", "models"], "models"),
    ],
)
def test_a_purpose_lies_in_its_own_bucket_or_in_its_stand_in(purpose: str, buckets: list[str], holder: str) -> None:
    assert placement.bucket_of(purpose, buckets) == holder


@pytest.mark.parametrize(("purpose", "buckets"), [("models", ["curated"]), ("raw", ["models"])])
def test_a_purpose_without_a_place_is_named(purpose: str, buckets: list[str]) -> None:
    with pytest.raises(ValueError, match=f"'{purpose}' has no bucket"):
        placement.bucket_of(purpose, buckets)


def test_every_class_is_encrypted_by_exactly_one_key() -> None:
    keys = ["data", "models", "logs"]

    held = [name for key in keys for name in placement.classes_in(key, keys)]

    assert sorted(held) == sorted(placement.KEY_CLASSES)


def test_zero_days_make_no_rule() -> None:
    assert lifecycle.tiering("", 0) == lifecycle.archiving("", 0) == lifecycle.expiring("", 0) == []


def test_rule_ids_tell_prefixes_apart() -> None:
    rules = [*lifecycle.tiering("a/", 1), *lifecycle.tiering("b/", 1), *lifecycle.expiring("a/", 2)]

    assert [rule["id"] for rule in rules] == ["tier-a", "tier-b", "expire-a"]


def test_a_bucket_name_that_s3_refuses_is_an_error() -> None:
    with pytest.raises(ValueError, match="S3 allows 63"):
        names.bucket_name(platform(project="p" * 45), "curated")
