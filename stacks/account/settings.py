"""Settings of the account program; config namespace `account`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stacks.settings import SettingsError

LOCK_MODES = ("off", "governance", "compliance")


@dataclass(frozen=True, kw_only=True)
class AccountSettings:
    """What an account needs once, however many environments live in it.

    A `manage_*` switch that is off means that somebody else (an organization's security team) owns the
    singleton: the program then leaves it alone.
    """

    environments: list[str]
    """Environments that live in this account; their buckets are the ones whose data events are logged."""

    manage_ci_identity_provider: bool
    """Create the OIDC provider that CI tokens are verified against; an account has one for each issuer."""

    ci_issuer_url: str
    """Issuer of the CI system's tokens, with scheme: `https://token.actions.githubusercontent.com`."""

    ci_audience: str
    """Audience claim of the CI system's tokens: `sts.amazonaws.com` for GitHub."""

    manage_trail: bool
    """Create a multi-region CloudTrail trail with its key, its locked bucket and its log group."""

    log_data_events: bool
    """Log object reads and writes of the project's buckets, besides management events."""

    trail_hot_days: int
    """Days in which trail and Config files stay in S3 Standard before they move to Glacier Instant Retrieval."""

    trail_retention_days: int
    """Days after which trail and Config files are deleted; at least `object_lock_days`."""

    log_group_retention_days: int
    """Days in which the trail's events can be queried in CloudWatch Logs; one of the periods CloudWatch accepts."""

    access_log_retention_days: int
    """Days after which the S3 access logs of the audit buckets are deleted."""

    object_lock_mode: str
    """Lock of trail files: `off`, `governance` (a named permission lifts it) or `compliance` (nobody can)."""

    object_lock_days: int
    """Days for which a trail file is locked; 0 when the mode is `off`."""

    security_alarms: bool
    """Alarm by email when the trail records a touch on the guard rails, or GuardDuty a high threat; needs the trail."""

    manage_config: bool
    """Record the configuration of all resources with AWS Config; needs `manage_trail` for its key and bucket."""

    manage_guardduty: bool
    """Detect threats with GuardDuty."""

    guardduty_features: list[str]
    """GuardDuty features beyond the foundational sources, by API name: `S3_DATA_EVENTS`, `EKS_AUDIT_LOGS`, ..."""

    manage_security_hub: bool
    """Collect findings in Security Hub CSPM."""

    security_hub_standards: list[str]
    """Standards subscribed to, as the ARN ends: `aws-foundational-security-best-practices/v/1.0.0`, ..."""

    manage_access_analyzer: bool
    """Find resources that are shared outside the account."""

    manage_macie: bool
    """Turn Macie on, so that buckets can be searched for personal and card data."""

    manage_glue_catalog_encryption: bool
    """Encrypt the account's Glue catalogue and its connection passwords; needs `manage_trail` for its key."""

    manage_account_defaults: bool
    """Block public buckets, snapshots and images, encrypt volumes, demand IMDSv2, set the password policy."""

    conformance_rules: list[dict[str, Any]] = field(default_factory=list)
    """AWS Config managed rules of one conformance pack, `{identifier, parameters}`; they need `manage_config`."""

    organization_watch: bool = False
    """This account watches over its organization: it gathers Config's records, and turns GuardDuty and Security Hub
    on in every member. The organization program names it as the administrator before."""

    manage_api_logs: bool = False
    """Create the role with which API Gateway logs, of which an account has one in a Region; APIs need it."""

    key_deletion_window_days: int = 30
    """Days between the wish to delete the audit key and its deletion: 7 to 30."""

    def __post_init__(self) -> None:
        """Refuse switches that need the trail's key and bucket without the trail, and unknown lock modes.

        Raises:
            SettingsError: names the key and what is allowed.
        """
        if self.object_lock_mode not in LOCK_MODES:
            raise SettingsError(
                f"account:object_lock_mode is {self.object_lock_mode!r}, allowed: {', '.join(LOCK_MODES)}"
            )
        if self.organization_watch and not (self.manage_guardduty and self.manage_security_hub):
            raise SettingsError(
                "account:organization_watch is true: set account:manage_guardduty and account:manage_security_hub to"
                " true as well, for who administers an organization's detection runs it itself"
            )
        if self.conformance_rules and not self.manage_config:
            raise SettingsError("account:conformance_rules are given but account:manage_config is not: nothing records")
        for key in ("security_alarms", "manage_config", "manage_glue_catalog_encryption"):
            if getattr(self, key) and not self.manage_trail:
                raise SettingsError(f"account:{key} is true but account:manage_trail is not: it needs the trail's key")

    manage_capture_roles: bool = False
    """Create `dms-vpc-role` and `dms-cloudwatch-logs-role`, which DMS looks for by name; import those that exist."""
