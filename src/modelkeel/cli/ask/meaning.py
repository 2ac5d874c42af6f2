"""What a choice means, where its name alone does not say it."""

from __future__ import annotations

from collections.abc import Mapping

from modelkeel.tables.ai_act import ai_act_classes
from modelkeel.tables.ai_act_use import ai_act_uses
from modelkeel.tables.archetype import archetypes
from modelkeel.tables.framework import frameworks
from modelkeel.tables.maturity_practice import maturity_practices


def of(name: str) -> Mapping[str, str]:
    """Return the choices of the question `name` with what they mean; empty where the names speak for themselves."""
    if name == "archetype":
        return {row.id: row.title for row in archetypes().values()}
    if name == "frameworks":
        return {
            row.id: f"{row.title}; logs {row.retention_days} days, {row.approvers} approval{'s' * (row.approvers > 1)}"
            for row in frameworks().values()
            if row.id not in {"baseline", "ai_act_high_risk"}
        }
    if name == "ai_act_uses":
        return {row.name: f"{row.title} ({row.article}) -> {row.risk_class}" for row in ai_act_uses().values()}
    if name == "ai_act_class":
        return {row.id: f"{row.title}, from {row.applies_from.isoformat()}" for row in ai_act_classes().values()}
    if name == "maturity_practices":
        return {row.name: f"{row.title}; asked from {row.asked_from} on" for row in maturity_practices().values()}
    return _SAID.get(name, {})


_SAID: Mapping[str, Mapping[str, str]] = {
    "maturity_goal": {
        "prototype": "no dashboard, one approval, the baseline of protections",
        "production": "approvals, alarms, rollouts that roll back",
        "regulated": "two approvals, evidence, isolation and data events, whatever the frameworks ask",
    },
    "model_family": {
        "gbdt": "gradient-boosted trees, on processors",
        "sklearn": "linear models and forests, on processors",
        "deep_tabular": "a neural network on tables",
        "two_tower": "user and item towers for retrieval",
        "vision": "images",
        "llm_full_ft": "a language model, every weight adapted: 18 bytes a parameter",
        "llm_lora": "a language model with small adapters: 2 bytes a parameter",
        "llm_qlora": "the same on weights of four bits: 0.6 bytes a parameter",
        "llm_pretrain": "a language model from nothing",
        "byo": "a model and image of your own",
    },
    "serving_mode": {
        "batch": "a nightly job; nothing runs in between",
        "realtime": "an endpoint that answers within a minute, instances all day",
        "async": "large or slow requests, answers in S3, scales to zero",
        "serverless": "few small requests, cold starts, no VPC",
        "streaming": "answers to events of a stream",
        "edge": "models on devices",
        "none": "models are registered, nothing is served",
    },
    "decision_impact": {
        "advisory": "a person decides, the prediction informs",
        "automated_reversible": "the system acts, and it can be undone",
        "automated_significant": "the system acts, and it weighs on somebody: credit, work, a declined payment",
    },
    "account_model": {
        "single": "one account for all environments",
        "per_env": "an account for each environment",
        "per_env_plus_tooling": "the same, and one for registry, images and CI",
        "per_team_per_env": "an account for each team and environment: this project is that of one team",
    },
}
