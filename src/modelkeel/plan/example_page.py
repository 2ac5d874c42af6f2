"""docs/explanation/examples.md: what each example becomes, and why."""

from __future__ import annotations

from collections.abc import Mapping

from modelkeel.plan.decision import Decision
from modelkeel.plan.document import shown
from modelkeel.plan.model import Plan

# What tells examples apart; every other decision stands in the DECISIONS.md of a generated repository.
TELLING = (
    "programs",
    "endpoint_type",
    "serving_instance_type",
    "serving_min_instances",
    "scoring_instances",
    "model_copies",
    "capture_percent",
    "train_platform",
    "training_instance_type",
    "training_instance_count",
    "purchase",
    "feature_store",
    "networks",
    "log_retention_days",
    "object_lock_mode",
    "team_gpus",
    "edge_rollout",
    "exposure",
    "ai_act",
    "approvals",
    "human_review",
    "drift_alarm",
    "backup",
    "least_usd_per_month",
)


def examples_md(plans: Mapping[str, Plan]) -> str:
    """Return the page of `plans` by the name of their example, in the order given."""
    lines = [
        "# What the examples become",
        "",
        "<!-- Made by `make generate` from examples/*/answers.yml; change the answers or the plan there. -->",
        "",
        "The same questions, different answers: what Modelkeel decided for each example, and why.",
    ]
    for name, plan in plans.items():
        lines += ["", f"## `{name}`", "", "| decision | value | why | formula |", "|---|---|---|---|"]
        by_key = {decision.key: decision for decision in plan.decisions}
        lines += [_row(by_key[key]) for key in TELLING if key in by_key]
    return "\n".join(lines) + "\n"


def _row(decision: Decision) -> str:
    cells = (f"`{decision.key}`", shown(decision.value), decision.reason, decision.formula)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
