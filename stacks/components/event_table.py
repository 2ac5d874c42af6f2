"""An Iceberg table that a stream fills: its columns, the delivery, and the merging of small files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi_aws.glue import CatalogTableOptimizerConfigurationArgsDict as Optimizer
from pulumi_aws.kinesis import (
    FirehoseDeliveryStreamIcebergConfigurationArgsDict as Destination,
)

from stacks import names
from stacks.components.log_group import log_group
from stacks.components.occurrence_alarm import occurrence_alarm
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.event_table import FAILED, ROWS, optimizer_permissions, table_permissions
from stacks.documents.statement import Document
from stacks.documents.trust import service_trust
from stacks.settings import Platform

TABLE = "events"
SNAPSHOT_DAYS = 5
WRITES = ["ALTER", "DELETE", "DESCRIBE", "INSERT", "SELECT"]


@dataclass(frozen=True, kw_only=True)
class EventTableArgs:
    """`columns` are rows of name and Glue type; Firehose reads the stream, else the topic, by what `reading` allows."""

    platform: Platform
    database_name: pulumi.Input[str]
    bucket_name: pulumi.Input[str]
    bucket_arn: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_kms_key_arn: pulumi.Input[str]
    columns: Sequence[Mapping[str, str]]
    reading: pulumi.Input[list[Document]]
    buffer_mib: int
    buffer_seconds: int
    log_retention_days: int
    alarm_topic_arn: str
    stream_arn: pulumi.Input[str] | None = None
    cluster_arn: pulumi.Input[str] = ""
    topic_name: pulumi.Input[str] = ""
    way_in: Sequence[pulumi.Resource] = ()
    """What lets Firehose into a cluster that is made beside it: Firehose connects at its creation."""


class EventTable(pulumi.ComponentResource):
    """The table, a Firehose that only appends, what keeps the table small, and an alarm on rows that fit no column."""

    table_name: pulumi.Output[str]

    def __init__(self, name: str, args: EventTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:EventTable", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        table = _table(name, args, child)
        role = _delivery_role(name, args, child)
        grant = aws.lakeformation.Permissions(
            name,
            principal=role.arn,
            permissions=WRITES,
            table={"database_name": args.database_name, "name": table.name},
            opts=child,
        )
        _delivery(name, args, table, role, grant, child)
        _optimizers(name, args, table, child)
        self.table_name = table.name
        self.register_outputs({"table_name": self.table_name})


def _table(name: str, args: EventTableArgs, child: pulumi.ResourceOptions) -> aws.glue.CatalogTable:
    return aws.glue.CatalogTable(
        name,
        name=TABLE,
        database_name=args.database_name,
        table_type="EXTERNAL_TABLE",
        description="Events as they come; written by Firehose, read by queries",
        parameters={"format": "parquet"},
        open_table_format_input={"iceberg_input": {"metadata_operation": "CREATE", "version": "2"}},
        storage_descriptor={
            "location": pulumi.Output.concat("s3://", args.bucket_name, f"/{ROWS}/"),
            "columns": [{"name": row["name"], "type": row["type"]} for row in args.columns],
        },
        # The catalogue points to the table's current files: who drops the entry has files and no table. Firehose
        # and Glue move that pointer, and write what else they keep in the parameters.
        opts=pulumi.ResourceOptions.merge(
            child, pulumi.ResourceOptions(protect=True, ignore_changes=["parameters", "storageDescriptor.location"])
        ),
    )


def _delivery_role(name: str, args: EventTableArgs, child: pulumi.ResourceOptions) -> ServiceRole:
    platform = args.platform
    permissions = pulumi.Output.all(args.reading, args.bucket_arn, args.kms_key_arn).apply(
        lambda found: table_permissions(platform, TABLE, found[0], bucket_arn=found[1], key_arn=found[2])
    )
    source = names.service_arn(platform, "firehose", f"deliverystream/{_delivery_name(platform)}")
    return ServiceRole(
        f"{name}-delivery",
        ServiceRoleArgs(
            role_name=names.resource_name(platform, "table-delivery"),
            path=names.role_path(platform),
            description="Delivery of events to their table",
            trust=service_trust(platform, ["firehose.amazonaws.com"], [source]),
            permissions=permissions,
            boundary_arn=names.boundary_arn(platform),
        ),
        child,
    )


def _delivery(
    name: str,
    args: EventTableArgs,
    table: aws.glue.CatalogTable,
    role: ServiceRole,
    grant: aws.lakeformation.Permissions,
    child: pulumi.ResourceOptions,
) -> None:
    platform = args.platform
    log = log_group(
        name,
        log_group_name=names.log_group_name(platform, "table-firehose"),
        kms_key_arn=args.log_kms_key_arn,
        retention_days=args.log_retention_days,
        opts=child,
    )
    stream = aws.cloudwatch.LogStream(name, name="rows", log_group_name=log.name, opts=child)
    destination: Destination = {
        "catalog_arn": names.service_arn(platform, "glue", "catalog"),
        "role_arn": role.arn,
        "append_only": True,
        "buffering_size": args.buffer_mib,
        "buffering_interval": args.buffer_seconds,
        "destination_table_configurations": [{"database_name": args.database_name, "table_name": table.name}],
        # Rows that fit no column; Firehose keeps no other copy.
        "s3_backup_mode": "FailedDataOnly",
        "s3_configuration": {
            "role_arn": role.arn,
            "bucket_arn": args.bucket_arn,
            "error_output_prefix": f"{FAILED}/!{{firehose:error-output-type}}/year=!{{timestamp:yyyy}}/",
            "kms_key_arn": args.kms_key_arn,
            "compression_format": "GZIP",
        },
        "cloudwatch_logging_options": {
            "enabled": True,
            "log_group_name": log.name,
            "log_stream_name": stream.name,
        },
    }
    aws.kinesis.FirehoseDeliveryStream(
        name,
        name=_delivery_name(platform),
        destination="iceberg",
        iceberg_configuration=destination,
        **_source(args, role),
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[role, grant, *args.way_in])),
    )
    occurrence_alarm(
        f"{name}-failed",
        alarm_name=f"{_delivery_name(platform)}-failed",
        description="Events fit no column of their table, and lie below curated/failed/",
        namespace="AWS/Firehose",
        metric_name="DeliveryToIceberg.FailedRowCount",
        dimensions={"DeliveryStreamName": _delivery_name(platform)},
        statistic="Sum",
        topic_arn=args.alarm_topic_arn,
        opts=child,
    )


def _source(args: EventTableArgs, role: ServiceRole) -> dict[str, Any]:
    if args.stream_arn is not None:
        return {"kinesis_source_configuration": {"kinesis_stream_arn": args.stream_arn, "role_arn": role.arn}}
    return {
        "msk_source_configuration": {
            "msk_cluster_arn": args.cluster_arn,
            "topic_name": args.topic_name,
            "authentication_configuration": {"connectivity": "PRIVATE", "role_arn": role.arn},
        }
    }


def _optimizers(name: str, args: EventTableArgs, table: aws.glue.CatalogTable, child: pulumi.ResourceOptions) -> None:
    """Merge small files, and forget snapshots with the files that only they have."""
    platform = args.platform
    permissions = pulumi.Output.all(args.bucket_arn, args.kms_key_arn).apply(
        lambda arns: optimizer_permissions(platform, TABLE, bucket_arn=arns[0], key_arn=arns[1])
    )
    role = ServiceRole(
        f"{name}-optimizer",
        ServiceRoleArgs(
            role_name=names.resource_name(platform, "table-optimizer"),
            path=names.role_path(platform),
            description="Merging of the files of the table of events",
            trust=service_trust(platform, ["glue.amazonaws.com"]),
            permissions=permissions,
            boundary_arn=names.boundary_arn(platform),
        ),
        child,
    )
    merging: Optimizer = {"enabled": True, "role_arn": role.arn}
    forgetting: Optimizer = {
        **merging,
        "retention_configuration": {
            "iceberg_configuration": {"snapshot_retention_period_in_days": SNAPSHOT_DAYS, "clean_expired_files": True}
        },
    }
    for kind, configuration in (("compaction", merging), ("retention", forgetting)):
        aws.glue.CatalogTableOptimizer(
            f"{name}-{kind}",
            catalog_id=platform.account_id,
            database_name=args.database_name,
            table_name=table.name,
            type=kind,
            configuration=configuration,
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[role])),
        )


def _delivery_name(platform: Platform) -> str:
    return names.resource_name(platform, "events-to-table")
