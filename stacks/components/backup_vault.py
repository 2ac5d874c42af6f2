"""Copies of what cannot be made again, apart from it: a vault, when it is filled, and by whom."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents.backup import backup_permissions, vault_policy
from stacks.documents.trust import service_trust
from stacks.settings import Platform, SettingsError

DAILY = "cron(0 2 * * ? *)"
MONTHLY = "cron(0 4 1 * ? *)"
MOST_CONTINUOUS_DAYS = 35
"""AWS Backup Developer Guide, "Continuous backups and point-in-time recovery", read 2026-11-25."""


@dataclass(frozen=True, kw_only=True)
class BackupVaultArgs:
    """Days are those for which a daily and a monthly copy are kept.

    `continuous` lets buckets be brought back to any moment of the daily copies' life, which is 35 days at most then.
    `lock` refuses shorter and longer lives than the plan's (governance mode: a named permission lifts it).
    """

    platform: Platform
    kms_key_arn: pulumi.Input[str]
    daily_days: int
    monthly_days: int
    lock: bool
    continuous: bool = False

    def __post_init__(self) -> None:
        """Refuse what AWS Backup does not keep.

        Raises:
            SettingsError: continuous copies would live longer than 35 days.
        """
        if self.continuous and self.daily_days > MOST_CONTINUOUS_DAYS:
            raise SettingsError(
                f"data:backup_daily_days is {self.daily_days}, continuous copies live {MOST_CONTINUOUS_DAYS} days"
                f" at most: set it to {MOST_CONTINUOUS_DAYS}, or data:backup_continuous to false"
            )


class BackupVault(pulumi.ComponentResource):
    """An encrypted vault, filled daily and monthly with what selections name. Stateful: protected."""

    plan_id: pulumi.Output[str]
    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: BackupVaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:BackupVault", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        vault = aws.backup.Vault(
            name,
            name=names.resource_name(args.platform, name),
            kms_key_arn=args.kms_key_arn,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        aws.backup.VaultPolicy(name, backup_vault_name=vault.name, policy=json.dumps(vault_policy()), opts=child)
        if args.lock:
            aws.backup.VaultLockConfiguration(
                name,
                backup_vault_name=vault.name,
                min_retention_days=min(args.daily_days, args.monthly_days),
                max_retention_days=max(args.daily_days, args.monthly_days),
                opts=child,
            )
        rules = [("daily", DAILY, args.daily_days), ("monthly", MONTHLY, args.monthly_days)]
        plan = aws.backup.Plan(
            name,
            name=names.resource_name(args.platform, name),
            rules=[
                {
                    "rule_name": rule,
                    "target_vault_name": vault.name,
                    "schedule": schedule,
                    "lifecycle": {"delete_after": days},
                    # What cannot be copied so, a table for one, is copied on the schedule.
                    "enable_continuous_backup": args.continuous and rule == "daily",
                }
                for rule, schedule, days in rules
            ],
            opts=child,
        )
        self.plan_id = plan.id
        self.role_arn = _role(name, args.platform, child).arn
        self.register_outputs({"plan_id": self.plan_id, "role_arn": self.role_arn})


def _role(name: str, platform: Platform, child: pulumi.ResourceOptions) -> ServiceRole:
    return ServiceRole(
        name,
        ServiceRoleArgs(
            role_name=names.resource_name(platform, name),
            path=names.role_path(platform),
            description="Copies of buckets and tables",
            trust=service_trust(platform, ["backup.amazonaws.com"], [names.service_arn(platform, "backup", "*")]),
            permissions=backup_permissions(platform),
            boundary_arn=names.boundary_arn(platform),
        ),
        child,
    )
