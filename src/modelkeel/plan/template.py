"""What the template is given: the answers, the plan's values, the texts."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers, flat
from modelkeel.plan import kubernetes_settings, maturity, platform_teams
from modelkeel.plan.building import decide
from modelkeel.plan.cluster_settings import namespaces
from modelkeel.plan.model import Plan
from modelkeel.plan.prose import prose
from modelkeel.plan.settings import package
from modelkeel.plan.topics import Topics
from modelkeel.tables.seed import seed_of

# Decisions that only some answers lead to.
OPTIONAL = (
    "brought_in", "capacity", "change_capture", "cluster_gpu_capacity", "cluster_system_nodes", "conformance_pack",
    "dev_hours", "devices", "drift_alarm", "drift_window",
    "edge_rollout", "egress_domains", "event_table", "exposure", "file_system", "guardrail_targets", "kafka",
    "kubernetes_version", "node_scaling", "on_call", "rehearsal_instance_type", "rehearsal_serving_instance_types",
    "reservation", "rollout", "shadow_days", "stream", "team_gpus", "training_method", "warm_pool_minutes",
)  # fmt: skip


def template_data(answers: Answers, plan: Plan) -> dict[str, Any]:
    """Return the answers by question, and beside them `plan` (values, kept) and `prose` (texts, not kept)."""
    topics = decide(answers)
    return {**flat(answers), "plan": values(answers, plan, topics), "prose": prose(answers, topics, plan)}


def values(answers: Answers, plan: Plan, topics: Topics) -> dict[str, Any]:
    """Return the plan as the repository stores it: values only, no texts."""
    return {
        "schema_version": plan.schema_version,
        "answers_digest": plan.answers_digest,
        "package": package(answers),
        "requirements": list(seed_of(answers.archetype).requirements),
        "environments": list(plan.environments),
        "production": plan.environments[-1],
        "programs": [
            {
                "name": program,
                "stacks": [
                    {
                        "name": stack.stack,
                        "environment": stack.environment or "shared",
                        "account_id": stack.account_id,
                        "region": stack.region,
                        "config": dict(stack.config),
                    }
                    for stack in plan.stacks
                    if stack.program == program
                ],
            }
            for program in plan.programs
        ],
        "teams": platform_teams.rows(answers, _own_gpus(answers, topics)),
        "platform": platform_teams.prices(answers, topics),
        "maturity_gaps": maturity.rows(answers),
        "unselected_programs": list(topics.accounts.unselected),
        "values": {**_absent(plan, topics), **{decision.key: decision.value for decision in plan.decisions}},
        "words": dict(plan.words),
    }


def _own_gpus(answers: Answers, topics: Topics) -> dict[str, dict[str, int]]:
    """Return the GPUs that are each team's own, by environment; without a cluster there is none to own."""
    if "kubernetes" not in topics.accounts.programs:
        return {environment: dict.fromkeys(namespaces(answers), 0) for environment in answers.environments}
    return {
        environment: {row["name"]: row["gpus"] for row in kubernetes_settings.teams(answers, topics, environment)}
        for environment in answers.environments
    }


def _absent(plan: Plan, topics: Topics) -> dict[str, Any]:
    """Return what stands for decisions that some answers leave out: a template may name every key."""
    serving = topics.serving
    counts = dict.fromkeys(plan.environments, serving.batch_count)
    return {
        **dict.fromkeys(OPTIONAL),
        "async_fleet": None,
        "autoscaling_target_per_minute": 0,
        "capture_percent": 0,
        "language_server": None,
        "language_server_scaling": None,
        "language_server_start_seconds": None,
        "model_copies": None,
        "recorded_percent": 0,
        "model_latency_p99_ms": serving.latency_p99_ms,
        "scoring_instance_type": "",
        "scoring_instances": serving.batch_count or max(serving.min_capacity.values(), default=0),
        "serverless_size": None,
        "serving_instance_type": next(iter(sorted(topics.modes.endpoint_instance_types)), ""),
        "serving_max_instances": counts,
        "serving_min_instances": counts,
    }
