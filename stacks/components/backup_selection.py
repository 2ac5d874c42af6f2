"""What a backup plan copies, named one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.settings import Platform


@dataclass(frozen=True, kw_only=True)
class BackupSelectionArgs:
    """`resource_arns` are buckets and tables; `plan_id` and `role_arn` those of the environment's vault."""

    platform: Platform
    plan_id: pulumi.Input[str]
    role_arn: pulumi.Input[str]
    resource_arns: Sequence[pulumi.Input[str]]


class BackupSelection(pulumi.ComponentResource):
    """Resources by ARN: they are copied whether or not the account opted into their service.

    Source: AWS Backup Developer Guide, "Assign resources to a backup plan", read 2026-11-23.
    """

    def __init__(self, name: str, args: BackupSelectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:BackupSelection", name, None, opts)
        aws.backup.Selection(
            name,
            name=names.resource_name(args.platform, name),
            plan_id=args.plan_id,
            iam_role_arn=args.role_arn,
            resources=list(args.resource_arns),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
