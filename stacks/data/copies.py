"""Copies of the lake in a vault."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from stacks import placement
from stacks.components.backup_selection import BackupSelection, BackupSelectionArgs
from stacks.components.backup_vault import BackupVault, BackupVaultArgs
from stacks.components.lake import Lake
from stacks.data.settings import DataSettings
from stacks.settings import Platform


def kept(
    platform: Platform,
    settings: DataSettings,
    lake: Lake,
    keys: Mapping[str, pulumi.Output[str]],
    opts: pulumi.ResourceOptions,
) -> BackupVault | None:
    """Create the vault and copy the buckets that the settings name into it; nothing where they name none."""
    if not settings.backup_purposes:
        return None
    vault = BackupVault(
        "backup",
        BackupVaultArgs(
            platform=platform,
            kms_key_arn=keys["backup"],
            daily_days=settings.backup_daily_days,
            monthly_days=settings.backup_monthly_days,
            lock=settings.backup_lock,
            continuous=settings.backup_continuous,
        ),
        opts,
    )
    copied = sorted({placement.bucket_of(purpose, settings.buckets) for purpose in settings.backup_purposes})
    BackupSelection(
        "data-copies",
        BackupSelectionArgs(
            platform=platform,
            plan_id=vault.plan_id,
            role_arn=vault.role_arn,
            resource_arns=[lake.bucket_arns[purpose] for purpose in copied],
        ),
        opts,
    )
    return vault
