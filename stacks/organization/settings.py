"""Settings of the organization program; config namespace `organization`.

Exports: `policy_ids` by name, and `audit_queries`, the SQL that shows what each policy would have refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stacks.settings import SettingsError

# Roots, organizational units and accounts: AWS Organizations API reference, AttachPolicy, read 2026-11-25.
TARGET = re.compile(r"^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|[0-9]{12})$")


@dataclass(frozen=True, kw_only=True)
class OrganizationSettings:
    """What the guardrails of the organization have to know of the environments under them."""

    organization_id: str
    """Id of the AWS Organization, `o-` and ten or more characters: principals of others are kept out."""

    environments: dict[str, str]
    """Account of each environment: its break-glass role is excluded by its exact ARN."""

    further_account_ids: list[str] = field(default_factory=list)
    """Accounts beside the environments whose audit buckets are guarded too: that of tooling, that of logs."""

    allowed_regions: list[str]
    """Regions in which the accounts may be used."""

    instance_types: list[str]
    """SageMaker instance types that jobs, models and endpoints of any environment may use."""

    require_network_isolation: bool
    """Jobs and models must run without network access of their own."""

    ci_issuer_url: str
    """Issuer of the CI system's tokens, with scheme; empty: no CI."""

    ci_subjects: list[str]
    """Exact `sub` claims of every environment's CI jobs: no other job may enter the accounts."""

    bootstrap_admin_role_arns: list[str]
    """Human roles of the first deployment: they make the permission boundaries, so they may change them."""

    allow_closed_services: bool
    """The accounts used services before these closed to new customers, and may go on."""

    log_account_id: str = ""
    """Account that keeps the organization's trail and administers detection; empty: the program makes neither."""

    target_ids: list[str] = field(default_factory=list)
    """Roots, units or accounts that the policies are attached to. Empty: they exist and bind nobody."""

    def __post_init__(self) -> None:
        """Refuse targets that Organizations cannot have.

        Raises:
            SettingsError: a target is no root, unit or account; all of them are named.
        """
        wrong = [target for target in self.target_ids if not TARGET.match(target)]
        if wrong:
            raise SettingsError(
                f"organization:target_ids has {', '.join(map(repr, wrong))}\n"
                "  allowed: a root (r-...), an organizational unit (ou-...-...) or an account (12 digits)\n"
                "  fix: aws organizations list-organizational-units-for-parent --parent-id r-... shows their ids"
            )
