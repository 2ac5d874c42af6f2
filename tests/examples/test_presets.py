"""What each example is an example of: the facts of the system that it stands for, kept in its answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelkeel import answers

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FACTS: dict[str, dict[str, Any]] = {
    "fraud_realtime": {
        "serving_mode": {"realtime"},
        "peak_rps": 2000,
        "p99_ms": 60,
        "frameworks": {"pci_dss_4", "gdpr", "soc2"},
        "account_model": "per_env",
        "regions": {"eu-west-1"},
        "ingestion": {"kinesis", "batch_s3"},
        "feature_store": "offline_online",
        "model_family": "gbdt",
        "retrain_cadence": "daily",
        "rollout": "shadow_then_canary",
        "shadow_days": 7,
        "explainability": "per_prediction",
    },
    "recommendations": {
        "serving_mode": {"realtime", "batch"},
        "peak_rps": 5000,
        "p99_ms": 150,
        "max_train_hours": 6,
        "ingestion": {"kinesis", "batch_s3"},
        "feature_store": "offline_online",
        "model_family": "two_tower",
        "purchase": "spot",
        "checkpoints": True,
        "retrain_cadence": "daily",
        "ai_act_role": "both",
    },
    "shared_platform": {
        "account_model": "per_env_plus_tooling",
        "environments": {"dev", "staging", "prod"},
        "team_borrowing": True,
    },
    "predictive_maintenance": {
        "devices": 200_000,
        "events_per_sec": 3334,
        "ingestion": {"iot_core", "batch_s3"},
        "serving_mode": {"batch", "edge"},
        "frameworks": {"iso_27001"},
        "feature_store": "offline",
        "retrain_cadence": "weekly",
        "human_review": "sample",
    },
    "llm_finetune_serve": {"model_family": "llm_lora", "ai_act_uses": {"talks_to_people", "generates_content"}},
    "tabular_batch": {"serving_mode": {"batch"}, "account_model": "single", "frameworks": set()},
}


@pytest.mark.parametrize(
    ("example", "question"), [(name, question) for name, facts in FACTS.items() for question in facts]
)
def test_an_example_keeps_what_it_stands_for(example: str, question: str) -> None:
    made = getattr(answers.load(EXAMPLES / example / "answers.yml"), question)
    fact = FACTS[example][question]

    assert (set(made) if isinstance(fact, set) else made) == fact


def test_the_shared_platform_is_that_of_twelve_teams() -> None:
    assert len(answers.load(EXAMPLES / "shared_platform" / "answers.yml").teams) == 12


def test_a_prompt_that_fits_a_request_fits_the_context() -> None:
    """Four bytes a token, the usual rule for English text."""
    made = answers.load(EXAMPLES / "llm_finetune_serve" / "answers.yml")

    assert made.payload_kb * 1000 / 4 <= made.context_tokens
