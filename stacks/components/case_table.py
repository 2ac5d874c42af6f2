"""The table of cases that people decided or have to decide."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class CaseTableArgs:
    """`kms_key_arn` encrypts the table and its backups."""

    platform: Platform
    kms_key_arn: pulumi.Input[str]


class CaseTable(pulumi.ComponentResource):
    """One item a case, found by its id, or by status and age. Stateful: protected."""

    arn: pulumi.Output[str]
    table_name: pulumi.Output[str]

    def __init__(self, name: str, args: CaseTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:governance:CaseTable", name, None, opts)
        table = aws.dynamodb.Table(
            name,
            name=names.resource_name(args.platform, name),
            billing_mode="PAY_PER_REQUEST",
            hash_key="case_id",
            attributes=[
                {"name": "case_id", "type": "S"},
                {"name": "status", "type": "S"},
                {"name": "opened_at", "type": "S"},
            ],
            global_secondary_indexes=[
                {
                    "name": "by-status",
                    "key_schemas": [
                        {"attribute_name": "status", "key_type": "HASH"},
                        {"attribute_name": "opened_at", "key_type": "RANGE"},
                    ],
                    "projection_type": "ALL",
                }
            ],
            server_side_encryption={"enabled": True, "kms_key_arn": args.kms_key_arn},
            point_in_time_recovery={"enabled": True},
            deletion_protection_enabled=True,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        self.arn = table.arn
        self.table_name = table.name
        self.register_outputs({"arn": self.arn, "table_name": self.table_name})
