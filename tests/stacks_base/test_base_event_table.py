"""The Iceberg table that events fill: appended by Firehose, granted by name, kept small, with a place for failures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from stacks_base.base_project import inputs, of_type, program

from modelkeel import answers, plan
from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph
from modelkeel.tables.event_table import event_columns

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "template/project/src/{{ plan.package }}/data"
COLUMNS = [{"name": "event_time", "type": "timestamp"}, {"name": "amount", "type": "double"}]
DELIVERY = "firehoseDeliveryStream:FirehoseDeliveryStream"
SEEDS = {"fraud_realtime": "fraud", "recommendations": "recommending"}


def _graph() -> Graph:
    return program("data", data={"event_columns": COLUMNS})


def test_the_stream_fills_the_table_beside_the_raw_bucket() -> None:
    deliveries = inputs(_graph(), DELIVERY)

    assert deliveries["events"]["destination"] == "extended_s3"
    table = deliveries["event-table"]
    assert table["destination"] == "iceberg"
    assert table["kinesisSourceConfiguration"]["kinesisStreamArn"]
    assert table["icebergConfiguration"]["appendOnly"] is True
    assert table["icebergConfiguration"]["s3Configuration"]["kmsKeyArn"]
    assert table["icebergConfiguration"]["s3Configuration"]["errorOutputPrefix"].startswith("curated/failed/")


def test_a_topic_fills_it_where_there_is_one() -> None:
    arn = "arn:aws:kafka:eu-west-1:111122223333:cluster/events/1234abcd-12ab-34cd-56ef-1234567890ab-1"
    graph = program("data", data={"event_columns": COLUMNS, "kafka_cluster_arn": arn, "kafka_topic": "clicks"})

    table = inputs(graph, DELIVERY)["event-table"]
    assert table["mskSourceConfiguration"]["topicName"] == "clicks"
    assert "kinesisSourceConfiguration" not in table


def test_the_table_has_the_columns_and_is_iceberg() -> None:
    graph = _graph()
    table = inputs(graph, "catalogTable:CatalogTable")["event-table"]

    assert table["storageDescriptor"]["columns"] == COLUMNS
    assert table["openTableFormatInput"]["icebergInput"] == {"metadataOperation": "CREATE", "version": "2"}
    assert next(of_type(graph, "catalogTable:CatalogTable")).protect


def test_the_role_may_write_that_table_in_iam_and_in_lake_formation() -> None:
    graph = _graph()
    policy = json.loads(inputs(graph, "iam/policy:Policy")["event-table-delivery"]["policy"])
    statements = {row["Sid"]: row for row in policy["Statement"]}
    grant = inputs(graph, "permissions:Permissions")["event-table"]

    assert statements["Table"]["Resource"][-1].endswith("table/fraud_prod_lake/events")
    assert {"INSERT", "SELECT", "ALTER"} <= set(grant["permissions"])
    assert grant["table"]["name"] == "events"
    assert grant["principal"].endswith("role/mlops/prod/fraud-prod-table-delivery")


def test_files_are_merged_and_snapshots_forgotten() -> None:
    optimizers = inputs(_graph(), "catalogTableOptimizer:CatalogTableOptimizer")

    assert {row["type"] for row in optimizers.values()} == {"compaction", "retention"}
    kept = optimizers["event-table-retention"]["configuration"]["retentionConfiguration"]["icebergConfiguration"]
    assert kept == {"snapshotRetentionPeriodInDays": 5, "cleanExpiredFiles": True}


def test_somebody_is_told_of_rows_that_fit_no_column() -> None:
    alarm = inputs(_graph(), "metricAlarm:MetricAlarm")["event-table-failed"]

    assert alarm["metricName"] == "DeliveryToIceberg.FailedRowCount"


def test_columns_without_events_are_refused() -> None:
    with pytest.raises(ModelkeelError, match="no events come"):
        program("data", data={"event_columns": COLUMNS, "stream_enabled": False})


@pytest.mark.parametrize("seed", SEEDS)
def test_columns_are_those_of_the_contract(seed: str) -> None:
    """Each column stands in the contract, by its text or by the constant of the data set that holds it."""
    word = f"{{% if plan.words.is_{SEEDS[seed]} %}}"
    contract, dataset = ((PACKAGE / f"{word}{name}.py{{% endif %}}").read_text() for name in ("contract", "dataset"))
    constants = dict(re.findall(r'^([A-Z]+) = "(\w+)"$', dataset, re.MULTILINE))
    used = {constants[name] for name in re.findall(r"dataset\.([A-Z]+): pa\.Column", contract)}
    used |= set(re.findall(r'"(\w+)": pa\.Column', contract))
    used |= set(re.findall(r'"(\w+)": ', re.findall(r"GROUPS = groups\.declared\((.*)\)", dataset)[0]))

    assert set(event_columns(seed)) == used


@pytest.mark.parametrize(
    ("changes", "made", "because"),
    [
        ({"frameworks": ()}, True, "Iceberg table too"),
        ({"frameworks": ("gdpr",)}, False, "asks for erasure"),
        ({"frameworks": (), "regions": ("us-gov-west-1",)}, False, "no Iceberg tables in us-gov-west-1"),
        ({"frameworks": (), "archetype": "tabular_batch"}, False, "names no columns"),
        ({"frameworks": (), "ingestion": ("kinesis", "iot_core")}, False, "Messages of devices"),
    ],
)
def test_the_plan_says_why_events_have_a_table_or_none(changes: dict[str, Any], made: bool, because: str) -> None:
    base = answers.load(ROOT / "examples/fraud_realtime/answers.yml")
    planned = plan.build(base.model_copy(update=changes))
    decision = next(row for row in planned.decisions if row.key == "event_table")
    config = next(row.config for row in planned.stacks if row.program == "data")

    assert ("data:event_columns" in config) is made
    assert because in decision.reason
