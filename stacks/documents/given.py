"""What the environment's roles may do with what others own: a key, a bucket of raw data."""

from __future__ import annotations

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform


def aliases_of_key(platform: Platform, key_arn: str) -> Document:
    """Return the pointing of the environment's aliases to a given key; a key of ours needs a tag for that."""
    actions = ["kms:CreateAlias", "kms:DeleteAlias", "kms:UpdateAlias"]
    return document([allow("AliasesOfGivenKey", actions, key_arn)])


def bucket_arn(platform: Platform, bucket: str) -> str:
    """Return the ARN of a bucket by its name."""
    return f"arn:{platform.partition}:s3:::{bucket}"


def decrypt_objects(platform: Platform, bucket: str) -> Document:
    """Return decryption of a bucket's objects, whichever key of the account encrypts them.

    The encryption context is the object's ARN, or the bucket's where it has a bucket key. Source: Amazon S3 User Guide,
    "Using server-side encryption with AWS KMS keys", Encryption context, read 2026-11-25.
    """
    arn = bucket_arn(platform, bucket)
    return allow(
        "DecryptGivenData",
        ["kms:Decrypt"],
        names.service_arn(platform, "kms", "key/*"),
        StringEquals={"kms:ViaService": [f"s3.{platform.region}.{dns_suffix(platform.partition)}"]},
        StringLike={"kms:EncryptionContext:aws:s3:arn": [arn, f"{arn}/*"]},
    )
