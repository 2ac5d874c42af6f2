"""The account program: what an account needs once, before any environment lives in it.

Exports: `boundary_arn`, and `trail_arn`, `trail_bucket_name`, `audit_key_arn` where the trail is managed here.
"""

import pulumi
import pulumi_aws as aws

from stacks import names, provider
from stacks.account.settings import AccountSettings
from stacks.components.account_audit import AccountAudit, AccountAuditArgs
from stacks.components.account_defaults import AccountDefaults
from stacks.components.api_logging import ApiLogging, ApiLoggingArgs
from stacks.components.capture_roles import CaptureRoles, CaptureRolesArgs
from stacks.components.organization_watch import OrganizationWatch, OrganizationWatchArgs
from stacks.components.permission_boundary import PermissionBoundary, PermissionBoundaryArgs
from stacks.components.threat_detection import GuardDuty, GuardDutyArgs, SecurityHub, SecurityHubArgs
from stacks.documents.boundary import delivery_boundary
from stacks.settings import Platform, load

platform = load(Platform, "platform")
settings = load(AccountSettings, "account")
opts = provider.options(platform, "account")

boundary = PermissionBoundary(
    "boundary",
    PermissionBoundaryArgs(
        policy_name=names.resource_name(platform, "boundary"),
        path=names.role_path(platform),
        description="The most that a delivery role of the account can do",
        limits=delivery_boundary(
            platform,
            watches=settings.organization_watch,
            apis=settings.manage_api_logs,
            captures=settings.manage_capture_roles,
        ),
    ),
    opts,
)
pulumi.export("boundary_arn", boundary.arn)

if settings.manage_trail:
    audit = AccountAudit(
        "audit", AccountAuditArgs(platform=platform, settings=settings, boundary_arn=boundary.arn), opts
    )
    pulumi.export("trail_arn", audit.trail_arn)
    pulumi.export("trail_bucket_name", audit.trail_bucket_name)
    pulumi.export("audit_key_arn", audit.key_arn)

if settings.manage_account_defaults:
    AccountDefaults("defaults", opts)

if settings.manage_ci_identity_provider:
    aws.iam.OpenIdConnectProvider("ci", url=settings.ci_issuer_url, client_id_lists=[settings.ci_audience], opts=opts)

if settings.manage_api_logs:
    ApiLogging("api-logs", ApiLoggingArgs(platform=platform, boundary_arn=boundary.arn), opts)

if settings.manage_capture_roles:
    CaptureRoles("capture", CaptureRolesArgs(platform=platform, boundary_arn=boundary.arn), opts)

if settings.manage_guardduty:
    detection = GuardDuty("guardduty", GuardDutyArgs(features=settings.guardduty_features), opts)

if settings.manage_security_hub:
    hub_args = SecurityHubArgs(
        partition=platform.partition, region=platform.region, standards=settings.security_hub_standards
    )
    hub = SecurityHub("security-hub", hub_args, opts)

if settings.organization_watch:
    watch_args = OrganizationWatchArgs(platform=platform, detector_id=detection.detector_id, boundary_arn=boundary.arn)
    watch_opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[hub]))
    OrganizationWatch("organization", watch_args, watch_opts)

if settings.manage_access_analyzer:
    aws.accessanalyzer.Analyzer(
        "external-access", analyzer_name=names.resource_name(platform, "external-access"), type="ACCOUNT", opts=opts
    )

if settings.manage_macie:
    aws.macie2.Account("macie", status="ENABLED", finding_publishing_frequency="FIFTEEN_MINUTES", opts=opts)
