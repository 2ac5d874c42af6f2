"""What callers record of requests where the endpoint itself captures nothing, and who may do what about it.

Records lie where an endpoint that captures would put them, so that the same jobs read them. Sources, read 2026-11-26:
SageMaker Developer Guide, "Data capture" (layout of files); Amazon Data Firehose Developer Guide, "Custom prefixes for
S3 objects" and "Controlling access".
"""

from __future__ import annotations

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform

HOUR = "!{timestamp:yyyy/MM/dd/HH}/"
ENCRYPTION_ACTIONS = ("firehose:StartDeliveryStreamEncryption", "firehose:StopDeliveryStreamEncryption")


def prefix(endpoint_name: str, variant_name: str) -> str:
    """Return where in the capture bucket the records of an hour (UTC) lie."""
    return f"capture/{endpoint_name}/{variant_name}/{HOUR}"


def failed_prefix(endpoint_name: str) -> str:
    """Return where what could not be delivered lies; no job reads it."""
    return f"capture/failed/{endpoint_name}/!{{firehose:error-output-type}}/{HOUR}"


def delivery(platform: Platform, bucket_arn: str, key_arn: str, log_group_name: str) -> Document:
    """Return what the delivery does: write captured records with one key, and its log."""
    via = {"kms:ViaService": [f"s3.{platform.region}.{dns_suffix(platform.partition)}"]}
    log = names.service_arn(platform, "logs", f"log-group:{log_group_name}:log-stream:*")
    find = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    return document(
        [
            allow(
                "WriteRecords", ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"], f"{bucket_arn}/capture/*"
            ),
            allow("FindBucket", find, bucket_arn),
            allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], key_arn, StringEquals=via),
            allow("Log", ["logs:PutLogEvents"], log),
        ]
    )


def calling(platform: Platform, endpoint_name: str, stream_name: str) -> Document:
    """Return what a caller needs: to ask the endpoint, and to add a record, which it can neither read nor change."""
    endpoints = [names.service_arn(platform, "sagemaker", f"endpoint/{endpoint_name}")]
    components = names.service_arn(platform, "sagemaker", f"inference-component/{names.resource_name(platform, '*')}")
    return document(
        [
            allow("Ask", ["sagemaker:InvokeEndpoint"], [*endpoints, components]),
            allow(
                "Record",
                ["firehose:PutRecordBatch"],
                names.service_arn(platform, "firehose", f"deliverystream/{stream_name}"),
            ),
        ]
    )


def encrypting(platform: Platform) -> Statement:
    """Return what the deploy role needs besides, to encrypt the stream with a key of ours."""
    own = names.service_arn(platform, "firehose", f"deliverystream/{names.resource_name(platform, '*')}")
    return allow("EncryptDeliveries", ENCRYPTION_ACTIONS, own)
