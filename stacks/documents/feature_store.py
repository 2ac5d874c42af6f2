"""What SageMaker needs to keep the offline copy of feature groups."""

from __future__ import annotations

from stacks import names
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, allow, document
from stacks.settings import Platform


def offline_store_permissions(platform: Platform, *, bucket_arn: str, key_arn: str) -> Document:
    """Return writing below `features/` of one bucket, and the catalogue entries of its tables.

    Source: "Adding policies to your IAM role", Amazon SageMaker Feature Store, read 2026-11-23.
    """
    objects = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    find = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:ListBucket"]
    tables = ["glue:CreateTable", "glue:DeleteTable", "glue:GetDatabase", "glue:GetTable", "glue:UpdateTable"]
    database = names.database_name(platform)
    catalogue = [
        names.service_arn(platform, "glue", suffix)
        for suffix in ("catalog", f"database/{database}", f"table/{database}/*")
    ]
    domain = dns_suffix(platform.partition)
    via = {"kms:ViaService": [f"{service}.{platform.region}.{domain}" for service in ("s3", "sagemaker")]}
    use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    return document(
        [
            # Deletion too: an Iceberg table rewrites its own metadata and small files.
            allow("OfflineStore", objects, f"{bucket_arn}/features/*"),
            allow("FindBucket", find, bucket_arn),
            allow("Tables", tables, catalogue),
            allow("UseKey", use, key_arn, StringEquals=via),
        ]
    )
