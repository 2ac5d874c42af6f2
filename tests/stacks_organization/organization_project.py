"""The organization program's settings, and its policies as documents."""

from __future__ import annotations

from typing import Any

from stacks.organization.guardrails import Guardrail, guardrails
from stacks.organization.settings import OrganizationSettings
from stacks.settings import Platform

ACCOUNTS = {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}


def platform(project: str = "fraud", partition: str = "aws") -> Platform:
    return Platform(
        project=project,
        environment="shared",
        account_id="999999999999",
        region="eu-west-1",
        partition=partition,
        owner_email="owner@example.com",
        cost_center="42",
        data_classification="restricted",
        ai_risk="none",
        compliance=[],
        use_fips=False,
    )


def settings(**changes: Any) -> OrganizationSettings:
    given: dict[str, Any] = {
        "organization_id": "o-abcdefghij",
        "environments": ACCOUNTS,
        "allowed_regions": ["eu-west-1"],
        "instance_types": ["ml.m7i.2xlarge", "ml.c7i.2xlarge"],
        "require_network_isolation": True,
        "ci_issuer_url": "https://token.actions.githubusercontent.com",
        "ci_subjects": ["repo:acme/fraud:environment:prod"],
        "bootstrap_admin_role_arns": ["arn:aws:iam::333333333333:role/admin"],
        "allow_closed_services": False,
    }
    return OrganizationSettings(**{**given, **changes})


def rails(project: str = "fraud", partition: str = "aws", **changes: Any) -> dict[str, Guardrail]:
    return guardrails(platform(project, partition), settings(**changes))
