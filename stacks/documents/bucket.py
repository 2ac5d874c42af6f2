"""Bucket policies: encrypted transport, the right key, and the services that may write."""

from __future__ import annotations

from collections.abc import Sequence

from stacks.documents.statement import Document, Statement, document

OLDEST_TLS_VERSION = 1.2


def bucket_policy(bucket_arn: str, key_arns: Sequence[str], statements: Sequence[Statement] = ()) -> Document:
    """Return the policy of a private bucket.

    With `key_arns`, an object that names another key is refused; an object that names none gets the
    bucket's own key. `statements` are allows for service principals.
    """
    return document([*_transport(bucket_arn), *_encryption(bucket_arn, key_arns), *statements])


def access_log_delivery(
    bucket_arn: str, account_id: str, source_bucket_arns: Sequence[str], prefix: str = ""
) -> Document:
    """Return the statement that lets S3 write the access logs of `source_bucket_arns`.

    Source: "Enabling Amazon S3 server access logging", permissions for log delivery, read 2026-11-23.
    """
    return {
        "Sid": "AccessLogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{bucket_arn}/{prefix}*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account_id},
            "ArnLike": {"aws:SourceArn": list(source_bucket_arns)},
        },
    }


def trail_delivery(bucket_arn: str, account_id: str, trail_arn: str, prefix: str) -> list[Document]:
    """Return the statements that let one trail write its files.

    Source: "Amazon S3 bucket policy for CloudTrail", read 2026-11-23.
    """
    principal = {"Service": "cloudtrail.amazonaws.com"}
    source = {"aws:SourceArn": trail_arn}
    return [
        {
            "Sid": "TrailReadsAcl",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:GetBucketAcl",
            "Resource": bucket_arn,
            "Condition": {"StringEquals": source},
        },
        {
            "Sid": "TrailWritesFiles",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/{prefix}/AWSLogs/{account_id}/*",
            "Condition": {"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ]


def config_delivery(bucket_arn: str, account_id: str, prefix: str) -> list[Document]:
    """Return the statements that let AWS Config deliver snapshots and history of this account.

    Source: "Permissions for the Amazon S3 Bucket for the AWS Config Delivery Channel", read 2026-11-23.
    """
    principal = {"Service": "config.amazonaws.com"}
    source = {"aws:SourceAccount": account_id}
    return [
        {
            "Sid": "ConfigFindsBucket",
            "Effect": "Allow",
            "Principal": principal,
            "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
            "Resource": bucket_arn,
            "Condition": {"StringEquals": source},
        },
        {
            "Sid": "ConfigWritesFiles",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/{prefix}/AWSLogs/{account_id}/Config/*",
            "Condition": {"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ]


def _transport(bucket_arn: str) -> list[Document]:
    whole_bucket = [bucket_arn, f"{bucket_arn}/*"]
    return [
        {
            "Sid": "DenyPlainTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": whole_bucket,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "DenyOldTls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": whole_bucket,
            "Condition": {"NumericLessThan": {"s3:TlsVersion": str(OLDEST_TLS_VERSION)}},
        },
    ]


def _encryption(bucket_arn: str, key_arns: Sequence[str]) -> list[Document]:
    if not key_arns:
        return []
    algorithm = "s3:x-amz-server-side-encryption"
    key = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    # The `Null` tests keep requests without the header: S3 then applies the bucket's own key. A negated
    # operator alone is true for an absent header, and would refuse them.
    return [
        {
            "Sid": "DenyOtherKey",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/*",
            "Condition": {"Null": {key: "false"}, "StringNotEquals": {key: list(key_arns)}},
        },
        {
            "Sid": "DenyOtherEncryption",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"{bucket_arn}/*",
            "Condition": {"Null": {algorithm: "false"}, "StringNotEquals": {algorithm: "aws:kms"}},
        },
    ]
