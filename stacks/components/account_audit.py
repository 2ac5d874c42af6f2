"""The account's audit: storage, trail, alarms, Config and catalogue encryption, which share one key."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks import names
from stacks.account.settings import AccountSettings
from stacks.components.audit_storage import AuditStorage, AuditStorageArgs
from stacks.components.audit_trail import AuditTrail, AuditTrailArgs
from stacks.components.catalog_encryption import CatalogEncryption, CatalogEncryptionArgs
from stacks.components.config_recorder import ConfigRecorder, ConfigRecorderArgs
from stacks.components.conformance_pack import ConformancePack, ConformancePackArgs
from stacks.components.private_bucket import ObjectLock
from stacks.components.security_alarms import SecurityAlarms, SecurityAlarmsArgs
from stacks.documents.trust import service_trust
from stacks.settings import Platform

# Deliveries that would log themselves: access logs of the environments, and the account's own records beside them.
QUIET = ("logs", "access-logs", "config", "org-trail", "trail")


@dataclass(frozen=True, kw_only=True)
class AccountAuditArgs:
    """The settings say which singletons this account manages; `boundary_arn` limits the delivery role."""

    platform: Platform
    settings: AccountSettings
    boundary_arn: pulumi.Input[str]


class AccountAudit(pulumi.ComponentResource):
    """Who did what, and what changed, kept where nobody can quietly remove it."""

    key_arn: pulumi.Output[str]
    trail_arn: pulumi.Output[str]
    trail_bucket_name: pulumi.Output[str]

    def __init__(self, name: str, args: AccountAuditArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:account:AccountAudit", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform, settings = args.platform, args.settings
        trail_name = names.resource_name(platform, "trail")
        trail_arn = names.service_arn(platform, "cloudtrail", f"trail/{trail_name}")
        storage = AuditStorage(
            "audit-storage",
            AuditStorageArgs(
                platform=platform,
                trail_arn=trail_arn,
                config_records=settings.manage_config,
                hot_days=settings.trail_hot_days,
                retention_days=settings.trail_retention_days,
                access_log_retention_days=settings.access_log_retention_days,
                object_lock=_lock(settings),
                key_deletion_window_days=settings.key_deletion_window_days,
            ),
            child,
        )
        trail = AuditTrail(
            "trail", _trail_args(args, storage, trail_name), pulumi.ResourceOptions(parent=self, depends_on=[storage])
        )
        if storage.config_bucket_name is not None:
            recorder = ConfigRecorderArgs(
                recorder_name=names.resource_name(platform, "recorder"),
                bucket_name=storage.config_bucket_name,
                kms_key_arn=storage.key_arn,
            )
            recording = ConfigRecorder("config", recorder, pulumi.ResourceOptions(parent=self, depends_on=[storage]))
            if settings.conformance_rules:
                pack = ConformancePackArgs(
                    pack_name=names.resource_name(platform, "controls"), rules=settings.conformance_rules
                )
                ConformancePack("controls", pack, pulumi.ResourceOptions(parent=self, depends_on=[recording]))
        if settings.security_alarms:
            alarms = SecurityAlarmsArgs(
                platform=platform,
                trail_log_group_name=trail.log_group_name,
                kms_key_arn=storage.key_arn,
                email=platform.owner_email,
            )
            SecurityAlarms("alerts", alarms, child)
        if settings.manage_glue_catalog_encryption:
            CatalogEncryption("catalog", CatalogEncryptionArgs(kms_key_arn=storage.key_arn), child)
        self.key_arn = storage.key_arn
        self.trail_arn = trail.arn
        self.trail_bucket_name = storage.trail_bucket_name
        self.register_outputs({"key_arn": self.key_arn, "trail_arn": self.trail_arn})


def _lock(settings: AccountSettings) -> ObjectLock | None:
    if settings.object_lock_mode == "off":
        return None
    return ObjectLock(mode=settings.object_lock_mode, days=settings.object_lock_days)


def _trail_args(args: AccountAuditArgs, storage: AuditStorage, trail_name: str) -> AuditTrailArgs:
    platform, settings = args.platform, args.settings
    environments = settings.environments if settings.log_data_events else []
    log_group_name = names.log_group_name(platform, "trail")
    trail_arn = names.service_arn(platform, "cloudtrail", f"trail/{trail_name}")
    return AuditTrailArgs(
        trail_name=trail_name,
        bucket_name=storage.trail_bucket_name,
        kms_key_arn=storage.key_arn,
        log_group_name=log_group_name,
        log_retention_days=settings.log_group_retention_days,
        log_stream_arn=names.service_arn(platform, "logs", f"log-group:{log_group_name}:log-stream:*"),
        trust=service_trust(platform, ["cloudtrail.amazonaws.com"], [trail_arn]),
        role_name=names.resource_name(platform, "trail"),
        role_path=names.role_path(platform),
        boundary_arn=args.boundary_arn,
        data_event_arn_prefixes=[names.bucket_arn_prefix(platform, name) for name in environments],
        quiet_arn_prefixes=[
            names.bucket_arn_prefix(platform, name, f"{purpose}-")
            for name in environments
            for purpose in (QUIET if name == platform.environment else QUIET[:1])
        ],
    )
