"""What CI needs of the Pulumi state of one environment."""

from __future__ import annotations

from stacks import names
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform

STATE = "state"


def read_state(platform: Platform) -> Document:
    """Return reading of the state and decryption of its secrets, as a preview needs."""
    return document(
        [*_find(platform), _objects(platform, "ReadState", ["s3:GetObject"]), _key(platform, ["kms:Decrypt"])]
    )


def write_state(platform: Platform) -> Document:
    """Return reading, writing and locking of the state, as an update needs."""
    objects = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    keys = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
    return document([*_find(platform), _objects(platform, "WriteState", objects), _key(platform, keys)])


def _find(platform: Platform) -> list[Document]:
    return [
        allow(
            "FindState",
            ["s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"],
            names.bucket_arn(platform, STATE),
        ),
        allow("WhoAmI", ["sts:GetCallerIdentity"], "*"),
    ]


def _objects(platform: Platform, sid: str, actions: list[str]) -> Document:
    return allow(sid, actions, f"{names.bucket_arn(platform, STATE)}/*")


def _key(platform: Platform, actions: list[str]) -> Document:
    alias = {"kms:ResourceAliases": names.key_alias(platform, STATE)}
    keys = names.service_arn(platform, "kms", "key/*")
    return allow("StateKey", [*actions, "kms:DescribeKey"], keys, ForAnyValue_StringEquals=alias)
