"""The texts that a generated repository carries; none of them is stored in its answers file."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.ai_act import risk_class
from modelkeel.answers.model import Answers
from modelkeel.plan import raci
from modelkeel.plan.diagram import mermaid
from modelkeel.plan.model import Plan
from modelkeel.plan.topics import Topics
from modelkeel.plan.unbuilt import not_built
from modelkeel.tables.archetype import archetypes
from modelkeel.tables.framework import frameworks
from modelkeel.tables.instance import instances
from modelkeel.tables.quota import quotas


def prose(answers: Answers, topics: Topics, plan: Plan) -> dict[str, Any]:
    """Return the texts: title, summary, decisions, diagram, quotas, frameworks, roles, what is not built yet."""
    return {
        "ai_act_class": risk_class(answers),
        "title": archetypes()[answers.archetype].title,
        "summary": _summary(answers, topics),
        "decisions": [decision.document() for decision in plan.decisions],
        "diagram": mermaid(answers, topics),
        "quotas": needed_quotas(answers, topics),
        "frameworks": [
            {"id": row.id, "title": row.title, "clauses": list(row.clauses), "source": row.source}
            for row in (frameworks()[name] for name in answers.frameworks)
        ],
        "purpose": archetypes()[answers.archetype].purpose,
        "roles": list(raci.ROLES),
        "tasks": raci.rows(),
        "not_built": not_built(answers, topics),
    }


def needed_quotas(answers: Answers, topics: Topics) -> list[dict[str, Any]]:
    """Return the quotas of the largest environment: name, how many are needed, days that a raise usually takes."""
    training, serving = topics.training, topics.serving
    jobs = answers.concurrent_jobs
    needs = {
        ("spot_training" if training.use_spot else "training", training.instance_type): training.instance_count * jobs,
        ("processing", training.processing_instance_type): jobs,
    }
    if serving.mode == "realtime":
        needs["endpoint", serving.instance_type] = 2 * max(serving.max_capacity.values())
    if serving.mode == "batch":
        needs["transform", serving.instance_type] = serving.batch_count
    rows = []
    for (use, name), count in needs.items():
        quota = quotas()[use]
        accelerated = instances()[name.removeprefix("ml.")].gpus > 0
        rows.append(
            {
                "service": quota.service,
                "name": quota.name.format(type=name),
                "needed": count,
                "lead_time_days": quota.lead_days_accelerated if accelerated else quota.lead_days,
                "region": answers.region,
            }
        )
    return rows


def _summary(answers: Answers, topics: Topics) -> str:
    serving, training = topics.serving, topics.training
    production = answers.environments[-1]
    if serving.mode == "realtime":
        how = (
            f"answers {answers.peak_rps:,} requests a second within {answers.p99_ms} ms on"
            f" {serving.min_capacity[production]} to {serving.max_capacity[production]} {serving.instance_type}"
        )
    elif serving.mode == "batch":
        how = f"scores every night on {serving.batch_count} {serving.instance_type}"
    else:
        how = "registers models; nothing is served"
    again = f"is retrained {answers.retrain_cadence}" if training.schedule_expression else "is retrained by hand"
    return f"{archetypes()[answers.archetype].title}: {how}, and {again} on {training.instance_type}."
