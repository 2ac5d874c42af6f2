"""What an account has once for its devices: an index of the fleet, and Device Defender's daily audit."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names, provider
from stacks.components.log_group import log_group
from stacks.components.service_role import ServiceRole, ServiceRoleArgs
from stacks.documents import device_defense
from stacks.documents.statement import Document
from stacks.documents.trust import service_trust
from stacks.settings import Platform

NAME = "device-audit"


@dataclass(frozen=True, kw_only=True)
class DeviceDefenseArgs:
    """The environment that owns the account's index and audit; another in the same account has none of it."""

    platform: Platform
    log_kms_key_arn: pulumi.Input[str]
    log_retention_days: int


class DeviceDefense(pulumi.ComponentResource):
    """Index, log and audit of the account. They stand in an environment, whose boundary lets an audit look around."""

    def __init__(self, name: str, args: DeviceDefenseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:data:DeviceDefense", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        aws.iot.IndexingConfiguration(
            name,
            thing_indexing_configuration={
                "thing_indexing_mode": "REGISTRY",
                "thing_connectivity_indexing_mode": "STATUS",
                "device_defender_indexing_mode": "VIOLATIONS",
            },
            thing_group_indexing_configuration={"thing_group_indexing_mode": "ON"},
            opts=child,
        )
        self._log(args)
        role = self._role(
            platform, NAME, "looks at devices, certificates and policies", device_defense.audit_permissions()
        )
        configured = aws.cloudcontrol.Resource(
            f"{NAME}-checks",
            type_name=device_defense.AUDIT_CONFIGURATION,
            desired_state=role.arn.apply(
                lambda arn: json.dumps(device_defense.audit_configuration(platform.account_id, arn))
            ),
            opts=child,
        )
        aws.cloudcontrol.Resource(
            NAME,
            type_name=device_defense.SCHEDULED_AUDIT,
            desired_state=json.dumps(device_defense.scheduled_audit(platform, provider.tags(platform, "data"))),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[configured]),
        )
        self.register_outputs({})

    def _log(self, args: DeviceDefenseArgs) -> None:
        child = pulumi.ResourceOptions(parent=self)
        group = log_group(
            "device-log",
            log_group_name=device_defense.LOG_GROUP,
            kms_key_arn=args.log_kms_key_arn,
            retention_days=args.log_retention_days,
            opts=child,
        )
        permissions = device_defense.log_permissions(args.platform)
        role = self._role(args.platform, "device-log", "logs what it refuses", permissions)
        aws.iot.LoggingOptions(
            "device-log",
            default_log_level="ERROR",
            role_arn=role.arn,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[group]),
        )

    def _role(self, platform: Platform, label: str, what: str, permissions: Document) -> ServiceRole:
        return ServiceRole(
            label,
            ServiceRoleArgs(
                role_name=names.resource_name(platform, label),
                path=names.role_path(platform),
                description=f"IoT, {what}",
                trust=service_trust(platform, ["iot.amazonaws.com"], [names.service_arn(platform, "iot", "*")]),
                permissions=permissions,
                boundary_arn=names.boundary_arn(platform),
            ),
            pulumi.ResourceOptions(parent=self),
        )
