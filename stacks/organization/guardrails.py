"""The policies of the organization, from its settings."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from stacks import names
from stacks.documents.resource_control import resource_control_policies
from stacks.documents.service_control import OrganizationFacts, service_control_policies
from stacks.documents.statement import Document
from stacks.organization.settings import OrganizationSettings
from stacks.settings import Platform

SERVICE_CONTROL, RESOURCE_CONTROL = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"
AI_SERVICES_OPT_OUT = "AISERVICES_OPT_OUT_POLICY"


@dataclass(frozen=True, kw_only=True)
class Guardrail:
    """One policy of the organization; `kind` is Organizations' own word."""

    kind: str
    description: str
    content: Document


def guardrails(platform: Platform, settings: OrganizationSettings) -> dict[str, Guardrail]:
    """Return the policies by name, none attached to anything.

    Raises:
        ValueError: the statements do not fit into the limits of Organizations.
    """
    controls = service_control_policies(facts(platform, settings))
    perimeters = resource_control_policies(settings.organization_id, settings.ci_issuer_url, settings.ci_subjects)
    return {
        **{
            name: Guardrail(kind=SERVICE_CONTROL, description="What nobody in the accounts may do", content=content)
            for name, content in controls.items()
        },
        **{
            name: Guardrail(
                kind=RESOURCE_CONTROL, description="Who may reach the resources of the accounts", content=content
            )
            for name, content in perimeters.items()
        },
        "ai-services-opt-out": Guardrail(
            kind=AI_SERVICES_OPT_OUT,
            description="AWS keeps no content of the accounts to improve its AI services",
            content=AI_OPT_OUT,
        ),
    }


def facts(platform: Platform, settings: OrganizationSettings) -> OrganizationFacts:
    """Return what the service control policies name, environment by environment."""
    homes = [
        dataclasses.replace(platform, environment=environment, account_id=account_id)
        for environment, account_id in sorted(settings.environments.items())
    ]
    accounts = sorted({*settings.environments.values(), *settings.further_account_ids})
    shared = [dataclasses.replace(platform, environment="shared", account_id=account) for account in accounts]
    return OrganizationFacts(
        partition=platform.partition,
        allowed_regions=settings.allowed_regions,
        instance_types=settings.instance_types,
        require_network_isolation=settings.require_network_isolation,
        allow_closed_services=settings.allow_closed_services,
        break_glass_arns=[names.person_arn(home, "break-glass") for home in homes],
        admin_arns=settings.bootstrap_admin_role_arns,
        purchaser_arns=[names.person_arn(home, "mlops-manager") for home in homes],
        boundary_arns=[
            *(names.policy_arn(home, "*boundary") for home in (*homes, *shared)),
            *(names.people_policy_arn(home, "*boundary") for home in homes),
        ],
        audit_bucket_arns=[names.bucket_arn(home, purpose) for home in shared for purpose in AUDIT_BUCKETS],
    )


# The buckets of the account program: trail, Config, and their access logs.
AUDIT_BUCKETS = ("trail", "config", "access-logs")
# AWS Organizations User Guide, "AI services opt-out policy syntax", read 2026-11-25.
AI_OPT_OUT: Document = {
    "services": {
        "@@operators_allowed_for_child_policies": ["@@none"],
        "default": {
            "@@operators_allowed_for_child_policies": ["@@none"],
            "opt_out_policy": {"@@operators_allowed_for_child_policies": ["@@none"], "@@assign": "optOut"},
        },
    }
}
