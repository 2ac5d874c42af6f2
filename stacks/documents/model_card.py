"""The first content of a model card, before the pipeline fills it with measurements.

Format: "Model card JSON schema", Amazon SageMaker AI Developer Guide, read 2026-11-23.
"""

from __future__ import annotations

from typing import Any

from stacks.settings import Platform


def content(platform: Platform, purpose: str, model_package_group: str) -> dict[str, Any]:
    """Return the card of a model that serves `purpose`; at most 100,000 characters as JSON."""
    return {
        "model_overview": {
            "model_name": model_package_group,
            "model_description": purpose,
            "model_owner": platform.owner_email,
        },
        "intended_uses": {
            "purpose_of_model": purpose,
            "risk_rating": risk_rating(platform.ai_risk),
            "explanations_for_risk_rating": f"Class under Regulation (EU) 2024/1689: {platform.ai_risk}",
        },
        "additional_information": {
            "custom_details": {
                "data_classification": platform.data_classification,
                "compliance": ", ".join(platform.compliance) or "none",
            }
        },
    }


def risk_rating(ai_risk: str) -> str:
    """Return the card's rating of a class of AI system: High, Medium, Low, or Unknown."""
    for beginning, rating in (("high", "High"), ("limited", "Medium"), ("minimal", "Low")):
        if ai_risk.startswith(beginning):
            return rating
    return "Unknown"
