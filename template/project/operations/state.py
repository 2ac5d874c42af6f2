"""Where Pulumi keeps an environment's state: a bucket and the key that encrypts it and the secrets in it.

Made by a person with an administrator's role, before any program runs: a program cannot make what keeps its own state.
Run again, it puts right what is not as it must be, and makes nothing twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

from operations.environment import Environment
from operations.problem import ENVIRONMENT, OperationError

NONCURRENT_DAYS = 365
ABANDONED_UPLOAD_DAYS = 7
GLOBAL_REGION = "us-east-1"
"""The one Region whose buckets are made without a location (S3 API Reference, CreateBucket, read 2026-11-25)."""


@dataclass(frozen=True)
class Clients:
    """The services that keep the state."""

    s3: Any
    kms: Any
    sts: Any


def connect(region: str) -> Clients:
    """Return clients for `region`, with the credentials of the caller."""
    return Clients(*(boto3.client(name, region_name=region) for name in ("s3", "kms", "sts")))


def bootstrap(environment: Environment, clients: Clients | None = None) -> list[str]:
    """Make or mend the bucket and the key; return what was done, nothing when all was there.

    Raises:
        OperationError: the credentials are of another account, or the bucket belongs to somebody else.
    """
    clients = clients or connect(environment.region)
    _check_account(environment, clients)
    done: list[str] = []
    key_arn = _key(environment, clients.kms, done)
    _bucket(environment, clients.s3, done)
    for what, is_right, mend in _settings(environment, clients.s3, key_arn):
        if not is_right():
            mend()
            done.append(f"{what} of {environment.state_bucket}")
    return done


def _check_account(environment: Environment, clients: Clients) -> None:
    account = clients.sts.get_caller_identity()["Account"]
    if account != environment.account:
        raise OperationError(
            f"these credentials are not of the account of {environment.name}",
            f"account {account}, expected {environment.account}",
            f"take an administrator's role in account {environment.account}, and run this again",
            ENVIRONMENT,
        )


def _key(environment: Environment, kms: Any, done: list[str]) -> str:
    """Return the ARN of the key behind the alias; a key that waits for its deletion is no key."""
    alias = environment.state_key_alias
    pages = kms.get_paginator("list_aliases").paginate()
    found = next((row for page in pages for row in page["Aliases"] if row["AliasName"] == alias), None)
    if found is not None and "TargetKeyId" in found:
        key = kms.describe_key(KeyId=found["TargetKeyId"])["KeyMetadata"]
        if key["KeyState"] == "PendingDeletion":
            raise OperationError(
                f"the key {alias} is to be deleted, and with it every secret in the state",
                f"{key['KeyState']}, {key['Arn']}",
                f"aws kms cancel-key-deletion --key-id {key['KeyId']}, then enable-key, then run this again",
            )
    else:
        tags = [{"TagKey": name, "TagValue": value} for name, value in _tags(environment).items()]
        key = kms.create_key(Description=f"Pulumi state of {environment.state_bucket}", Tags=tags)["KeyMetadata"]
        kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
        done.append(f"key {alias}")
    if not kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]:
        kms.enable_key_rotation(KeyId=key["KeyId"])
        done.append(f"rotation of {alias}")
    return str(key["Arn"])


def _bucket(environment: Environment, s3: Any, done: list[str]) -> None:
    name = environment.state_bucket
    try:
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=environment.account)
        return
    except ClientError as error:
        if error.response["Error"]["Code"] == "403":
            raise OperationError(
                f"the bucket {name} is somebody else's, or closed to these credentials",
                "access denied",
                "change PULUMI_BACKEND_URL in config/ci/, or take the administrator's role of its account",
            ) from error
    place = {} if environment.region == GLOBAL_REGION else {"LocationConstraint": environment.region}
    s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
    done.append(f"bucket {name}")


def _settings(environment: Environment, s3: Any, key_arn: str) -> list[tuple[str, Any, Any]]:
    """Return each setting: its name, whether it is right, and what makes it so."""
    bucket = {"Bucket": environment.state_bucket}
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    rule = {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn},
        "BucketKeyEnabled": True,
    }
    policy = _policy(environment)
    lifecycle = _lifecycle()
    tags = [{"Key": name, "Value": value} for name, value in sorted(_tags(environment).items())]

    def encryption() -> Any:
        rules = _read(s3.get_bucket_encryption, **bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        return [{key: row.get(key) for key in rule} for row in rules] == [rule]

    return [
        (
            "public access block",
            lambda: _read(s3.get_public_access_block, **bucket).get("PublicAccessBlockConfiguration") == closed,
            lambda: s3.put_public_access_block(**bucket, PublicAccessBlockConfiguration=closed),
        ),
        (
            "versions",
            lambda: _read(s3.get_bucket_versioning, **bucket).get("Status") == "Enabled",
            lambda: s3.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Enabled"}),
        ),
        (
            "encryption",
            lambda: bool(_read(s3.get_bucket_encryption, **bucket)) and encryption(),
            lambda: s3.put_bucket_encryption(**bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}),
        ),
        (
            "policy",
            lambda: json.loads(_read(s3.get_bucket_policy, **bucket).get("Policy", "{}")) == policy,
            lambda: s3.put_bucket_policy(**bucket, Policy=json.dumps(policy)),
        ),
        (
            "lifecycle",
            lambda: _plain(_read(s3.get_bucket_lifecycle_configuration, **bucket).get("Rules")) == _plain(lifecycle),
            lambda: s3.put_bucket_lifecycle_configuration(**bucket, LifecycleConfiguration={"Rules": lifecycle}),
        ),
        (
            "tags",
            lambda: (
                sorted(_read(s3.get_bucket_tagging, **bucket).get("TagSet", []), key=lambda row: row["Key"]) == tags
            ),
            lambda: s3.put_bucket_tagging(**bucket, Tagging={"TagSet": tags}),
        ),
    ]


def _policy(environment: Environment) -> dict[str, Any]:
    """Return what nobody may do: come without TLS, or write what another key encrypts."""
    arn = f"arn:{environment.partition}:s3:::{environment.state_bucket}"
    plain = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [plain]}


def _lifecycle() -> list[dict[str, Any]]:
    """Return the one rule: each version of the state is there for a year, an abandoned upload for a week."""
    return [
        {
            "ID": "old-versions",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": NONCURRENT_DAYS},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABANDONED_UPLOAD_DAYS},
        }
    ]


def _tags(environment: Environment) -> dict[str, str]:
    return {**environment.tags, "managed-by": "bootstrap", "stack": "state"}


def _read(call: Any, **arguments: Any) -> dict[str, Any]:
    """Return the answer, {} where the bucket has no such setting."""
    try:
        return dict(call(**arguments))
    except ClientError as error:
        if error.response["Error"]["Code"].startswith(("NoSuch", "ServerSideEncryptionConfigurationNotFound")):
            return {}
        raise


def _plain(rules: Any) -> Any:
    """Return lifecycle rules as they were put; S3 answers an empty filter in two ways."""
    return [{**row, "Filter": row.get("Filter") or {"Prefix": row.get("Prefix", "")}} for row in rules or []]
