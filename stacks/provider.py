"""The one AWS provider of a program: account and region pinned, every resource tagged."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from stacks import adoption
from stacks.settings import Platform


def tags(platform: Platform, program: str) -> dict[str, str]:
    """Return the tags of every resource of `program`; keys are a contract with the tag policy and budgets."""
    return {
        "project": platform.project,
        "env": platform.environment,
        "owner": platform.owner_email,
        "cost-center": platform.cost_center,
        "data-classification": platform.data_classification,
        "ai-risk": platform.ai_risk,
        "compliance": "+".join(platform.compliance) or "none",
        "managed-by": "pulumi",
        "stack": program,
    }


def options(platform: Platform, program: str) -> pulumi.ResourceOptions:
    """Return the options that every top-level resource and component of `program` takes.

    Other accounts are refused: a wrong profile cannot deploy to the wrong place.
    """
    adoption.take_over()
    provider = aws.Provider(
        "aws",
        region=platform.region,
        allowed_account_ids=[platform.account_id],
        use_fips_endpoint=platform.use_fips,
        default_tags={"tags": tags(platform, program)},
    )
    return pulumi.ResourceOptions(provider=provider)
