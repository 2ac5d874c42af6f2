"""Where Firehose writes what arrives: the raw bucket, compressed and encrypted, with a log of what failed."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi_aws.kinesis import FirehoseDeliveryStreamExtendedS3ConfigurationArgsDict as Destination

RAW_PREFIX = "raw/events/year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/"
FAILED_PREFIX = "raw/failed/!{firehose:error-output-type}/year=!{timestamp:yyyy}/month=!{timestamp:MM}/"


def raw_destination(
    *,
    bucket_arn: pulumi.Input[str],
    role_arn: pulumi.Input[str],
    kms_key_arn: pulumi.Input[str],
    buffer_mib: int,
    buffer_seconds: int,
    log: aws.cloudwatch.LogGroup,
    log_stream: aws.cloudwatch.LogStream,
) -> Destination:
    """Return the destination; the buffer is whichever of size and age fills first."""
    return {
        "bucket_arn": bucket_arn,
        "role_arn": role_arn,
        "prefix": RAW_PREFIX,
        "error_output_prefix": FAILED_PREFIX,
        "buffering_size": buffer_mib,
        "buffering_interval": buffer_seconds,
        "compression_format": "GZIP",
        "kms_key_arn": kms_key_arn,
        "cloudwatch_logging_options": {
            "enabled": True,
            "log_group_name": log.name,
            "log_stream_name": log_stream.name,
        },
    }
