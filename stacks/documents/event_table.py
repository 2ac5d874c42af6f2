"""What the delivery of events to an Iceberg table needs, and what the merging of its files does."""

from __future__ import annotations

from collections.abc import Sequence

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform

ROWS = "curated/tables/events"
FAILED = "curated/failed"
USE = ("kms:Decrypt", "kms:GenerateDataKey")


def table_permissions(
    platform: Platform, table: str, source: Sequence[Statement], *, bucket_arn: str, key_arn: str
) -> Document:
    """Return reading of the `source` and writing of one table, with the place for what fits none of its columns.

    Source: "Controlling access with Amazon Data Firehose", an Apache Iceberg Tables destination, read 2026-11-26.
    """
    objects = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    find = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    places = [f"{bucket_arn}/{prefix}/*" for prefix in (ROWS, FAILED)]
    log = names.service_arn(platform, "logs", f"log-group:{names.log_group_name(platform, 'table-firehose')}:*")
    return document(
        [
            *source,
            allow("Table", ["glue:GetDatabase", "glue:GetTable", "glue:UpdateTable"], _catalogue(platform, table)),
            allow("WriteObjects", objects, places),
            allow("FindBucket", find, bucket_arn),
            allow("UseKey", USE, key_arn, StringEquals=_via(platform, "kinesis", "s3")),
            allow("Log", ["logs:PutLogEvents"], log),
        ]
    )


def optimizer_permissions(platform: Platform, table: str, *, bucket_arn: str, key_arn: str) -> Document:
    """Return rewriting of one table's files, and the log that Glue keeps of it.

    Source: AWS Glue User Guide, "Table optimization prerequisites", read 2026-11-26.
    """
    objects = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    logs = [
        names.service_arn(platform, "logs", f"log-group:/aws-glue/iceberg-{what}/logs:*")
        for what in ("compaction", "retention")
    ]
    return document(
        [
            allow("Table", ["glue:GetTable", "glue:UpdateTable"], _catalogue(platform, table)),
            allow("RewriteObjects", objects, f"{bucket_arn}/{ROWS}/*"),
            allow("FindBucket", ["s3:GetBucketLocation", "s3:ListBucket"], bucket_arn),
            allow("UseKey", USE, key_arn, StringEquals=_via(platform, "s3")),
            allow("Log", ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], logs),
        ]
    )


def _catalogue(platform: Platform, table: str) -> list[str]:
    database = names.database_name(platform)
    suffixes = ("catalog", f"database/{database}", f"table/{database}/{table}")
    return [names.service_arn(platform, "glue", suffix) for suffix in suffixes]


def _via(platform: Platform, *services: str) -> dict[str, list[str]]:
    return {"kms:ViaService": [f"{name}.{platform.region}.{dns_suffix(platform.partition)}" for name in services]}
