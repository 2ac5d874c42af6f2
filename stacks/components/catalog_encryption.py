"""Encryption of the account's Glue Data Catalog: a setting of the account, not of a database."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class CatalogEncryptionArgs:
    """The key of table definitions and of connection passwords."""

    kms_key_arn: pulumi.Input[str]


class CatalogEncryption(pulumi.ComponentResource):
    """Table definitions at rest and connection passwords are encrypted with one key."""

    def __init__(self, name: str, args: CatalogEncryptionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:CatalogEncryption", name, None, opts)
        aws.glue.DataCatalogEncryptionSettings(
            name,
            data_catalog_encryption_settings={
                "encryption_at_rest": {"catalog_encryption_mode": "SSE-KMS", "sse_aws_kms_key_id": args.kms_key_arn},
                "connection_password_encryption": {
                    "aws_kms_key_id": args.kms_key_arn,
                    "return_connection_password_encrypted": True,
                },
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
