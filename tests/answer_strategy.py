"""Any valid answers, for property tests."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from modelkeel.answers import Answers, rules
from modelkeel.answers.compliance_rules import admits
from modelkeel.answers.schema import questions
from modelkeel.answers.serving import ONLINE
from modelkeel.answers.training import LLM
from modelkeel.tables.ci_system import ci_systems
from modelkeel.tables.framework import frameworks
from modelkeel.tables.region import regions

ENVIRONMENTS = [("dev", "staging", "prod"), ("prod",), ("dev", "prod"), ("dev",), ("staging", "prod")]
NAMES = st.from_regex(r"\A[a-z][a-z0-9]{1,7}(-[a-z0-9]{1,7}){0,2}\Z").filter(lambda name: 3 <= len(name) <= 24)
FREE = {
    # Questions whose range is wide: values of the order that people give.
    "peak_rps": st.integers(1, 20_000),
    "p99_ms": st.integers(1, 60_000),
    "payload_kb": st.integers(1, 6_000),
    "events_per_sec": st.integers(1, 1_000_000),
    "training_data_gib": st.integers(0, 5_000),
    "model_params_b": st.sampled_from([0.1, 1.0, 7.0, 13.0]),
    "training_tokens_b": st.sampled_from([0.0, 0.1, 1.0]),
    "context_tokens": st.sampled_from([1024, 4096, 8192]),
    "endpoint_quota": st.just(0),
    "devices": st.integers(1, 10_000_000),
    "min_reviewers": st.integers(0, 6),
    "served_models": st.integers(1, 40),
    "shadow_days": st.integers(1, 30),
    "teams": st.lists(st.sampled_from(["pricing", "safety", "eta", "dispatch"]), unique=True).map(tuple),
    "timezone": st.sampled_from(["UTC", "Europe/Berlin"]),
    "warm_pool_minutes": st.just(0),
    "concurrent_jobs": st.integers(1, 8),
    "max_train_hours": st.integers(1, 48),
    "log_retention_days": st.sampled_from([0, 3653]),
    "idle_minutes": st.integers(60, 600),
    "data_volume": st.sampled_from(["<10GB", "<1TB", "<50TB", ">=50TB", "3GB", "12TB", "2PB"]),
    "max_gap": st.sampled_from([0.05, 0.1, 0.5]),
}


@st.composite
def answers(draw: st.DrawFn, **fixed: Any) -> Answers:
    """Return valid answers; `fixed` ones are as given."""
    chosen = fixed.get("frameworks", draw(st.sets(st.sampled_from(questions()["frameworks"].choices), max_size=3)))
    fitting = [name for name, row in regions().items() if all(admits(frameworks()[f], row) for f in chosen)]
    assume(fitting)
    region = fixed["regions"][0] if "regions" in fixed else draw(st.sampled_from(fitting))
    environments = fixed.get("environments", draw(st.sampled_from(ENVIRONMENTS)))
    single = len(environments) == 1 or draw(st.booleans())
    values: dict[str, Any] = {
        "project_name": draw(NAMES),
        "owner_email": "team@example.com",
        "environments": environments,
        "account_model": "single" if single else "per_env",
        "account_ids": {name: "1" * 12 if single else str(index) * 12 for index, name in enumerate(environments, 1)},
        "monthly_budget_usd": dict.fromkeys(environments, 100_000_000),
        "regions": (region,),
        "frameworks": tuple(chosen),
        "network_cidr": "10.0.0.0/8",
    }
    for name, question in questions().items():
        if name in values:
            continue
        if name in FREE:
            values[name] = draw(FREE[name])
        elif question.kind == "choice":
            values[name] = draw(st.sampled_from(question.choices))
        elif question.kind == "list" and question.choices:
            least = 1 if question.default else 0
            values[name] = tuple(draw(st.sets(st.sampled_from(question.choices), min_size=least, max_size=3)))
        elif question.kind == "yes_no":
            values[name] = draw(st.booleans())
    values.update(_agreeing(values))
    values.update(fixed)
    made = Answers.model_validate(values)
    assume(not rules.conflicts(made, {}))
    return made


def _agreeing(values: dict[str, Any]) -> dict[str, Any]:
    """Return answers that keep the most frequent conflicts away; the rules themselves have their own tests."""
    changes: dict[str, Any] = {
        "network": "create",
        "availability": values["availability"],
        "serving_mode": values["serving_mode"],
    }
    if changes["availability"] == "99.95":
        changes["availability"] = "99.9"
    if "none" in values["serving_mode"]:
        changes["serving_mode"] = ("none",)
    if "serverless" in values["serving_mode"]:
        changes["serving_mode"] = ("batch",)
    if values["model_family"] in {"gbdt", "sklearn"}:
        changes["train_gpu"] = "auto"
    if values["ai_act_class"] == "prohibited" or values["ai_act_uses"]:
        changes["ai_act_class"] = "auto"
    changes["ai_act_uses"] = tuple(name for name in values["ai_act_uses"] if name != "prohibited_practice")
    if values["account_model"] != "per_env_plus_tooling" and len(values["environments"]) > 1:
        changes["policy_target_ids"] = ()
    if "slack" in values["alert_to"]:
        changes |= {"slack_workspace_id": "T12345678", "slack_channel_id": "C12345678"}
    if values["model_family"] in LLM:
        # Faster than that, a model of this size answers on the largest machines only.
        changes["p99_ms"] = max(30_000, values["p99_ms"])
    if values["egress"] == "allowlist":
        changes["egress_domains"] = ("packages.example.com",)
    if not ci_systems()[values["ci"]].issuer_url:
        changes["admin_role"] = "Admin"
    if "pagerduty" not in values["alert_to"] or not set(changes["serving_mode"]) & set(ONLINE):
        changes["on_call"] = "none"
    if values["human_review"] == "none":
        changes["human_review"] = "auto"
    if values["object_lock"] == "off":
        changes["object_lock"] = "auto"
    if values["feature_store"] == "online_inmemory":
        changes["feature_store"] = "auto"
    changes["data_sensitivity"] = tuple(set(values["data_sensitivity"]) - {"phi"}) or ("internal",)
    changes["exposure"] = "private_vpc"
    changes["checkpoints"] = True
    if values["purchase"] not in {"on_demand", "savings_plan"}:
        # What is sold how, and to which platform, has tests of its own.
        changes["purchase"] = "auto"
    # Teams that lend nothing leave the pipeline's own training no machine: that is refused, and tested where it is.
    changes["team_borrowing"] = True
    changes["edge_signing"] = True
    changes["redaction"] = True
    if values["capture"] == "off":
        changes["capture"] = "auto"
    return changes
