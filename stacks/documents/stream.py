"""What the delivery of events from a stream to a bucket needs."""

from __future__ import annotations

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform


def delivery_permissions(platform: Platform, *, bucket_arn: str, stream_arn: str, key_arn: str) -> Document:
    """Return reading of one stream and writing of one bucket, both with one key.

    Source: "Controlling access with Amazon Data Firehose", destination S3 and source Kinesis, read 2026-11-23.
    """
    write = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    find = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    log_stream = names.service_arn(
        platform, "logs", f"log-group:{names.log_group_name(platform, 'firehose')}:log-stream:*"
    )
    domain = dns_suffix(platform.partition)
    via = {"kms:ViaService": [f"{service}.{platform.region}.{domain}" for service in ("kinesis", "s3")]}
    return document(
        [
            reading(stream_arn),
            allow("WriteObjects", write, f"{bucket_arn}/raw/*"),
            allow("FindBucket", find, bucket_arn),
            allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], key_arn, StringEquals=via),
            allow("Log", ["logs:PutLogEvents"], log_stream),
        ]
    )


def reading(stream_arn: str) -> Document:
    """Return the statement that lets a delivery read one stream."""
    read = ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"]
    return allow("ReadStream", [*read, "kinesis:ListShards"], stream_arn)
