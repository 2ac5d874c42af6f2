"""The trail of all accounts of the organization, and who administers their detection."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks import names, organization_trail
from stacks.components.audit_trail import TRAIL_PREFIX, event_selectors
from stacks.settings import Platform

# Services whose administrator Organizations itself keeps; GuardDuty and Security Hub name theirs by calls of their own.
DELEGATED = ("access-analyzer.amazonaws.com", "config.amazonaws.com")


@dataclass(frozen=True, kw_only=True)
class OrganizationTrailArgs:
    """`log_account_id` keeps the files of the trail, and administers detection for the organization."""

    platform: Platform
    log_account_id: str


class OrganizationTrail(pulumi.ComponentResource):
    """Management events of every account and Region, written where none of those accounts can reach them.

    It fills no log group: each account's own trail does, for its own alarms. Needs trusted access of CloudTrail,
    Config, GuardDuty, Security Hub and Access Analyzer in the organization.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: OrganizationTrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:organization:OrganizationTrail", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        platform = args.platform
        archive = organization_trail.archive(platform, args.log_account_id)
        trail = aws.cloudtrail.Trail(
            name,
            name=organization_trail.trail_name(platform),
            s3_bucket_name=names.bucket_name(archive, organization_trail.PURPOSE),
            s3_key_prefix=TRAIL_PREFIX,
            kms_key_id=names.service_arn(archive, "kms", names.key_alias(archive, organization_trail.PURPOSE)),
            is_organization_trail=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            enable_logging=True,
            advanced_event_selectors=event_selectors((), ()),
            opts=child,
        )
        account_id = args.log_account_id
        aws.guardduty.OrganizationAdminAccount(name, admin_account_id=account_id, opts=child)
        aws.securityhub.OrganizationAdminAccount(name, admin_account_id=account_id, opts=child)
        for service in DELEGATED:
            aws.organizations.DelegatedAdministrator(
                f"{name}-{service.split('.', maxsplit=1)[0]}",
                account_id=account_id,
                service_principal=service,
                opts=child,
            )
        self.arn = trail.arn
        self.register_outputs({"arn": self.arn})
