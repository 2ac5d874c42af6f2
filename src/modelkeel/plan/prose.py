"""The texts that a generated repository carries; none of them is stored in its answers file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from modelkeel.answers.ai_act import risk_class
from modelkeel.answers.model import Answers
from modelkeel.plan import owners_part, raci
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
        "given_keys": owners_part.given_keys(answers, plan),
        "given_buckets": owners_part.given_buckets(answers),
        "not_built": not_built(answers, topics, plan.stacks),
    }


def needed_quotas(answers: Answers, topics: Topics) -> list[dict[str, Any]]:
    """Return the quotas of the largest environment: name, how many are needed, days that a raise usually takes."""
    training = topics.training
    jobs = answers.concurrent_jobs
    needs = {
        ("spot_training" if training.use_spot else "training", training.instance_type): training.instance_count * jobs,
        ("processing", training.processing_instance_type): jobs,
    }
    for use, name, count in _served(answers, topics):
        needs[use, name] = needs.get((use, name), 0) + count
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
    training = topics.training
    how = (
        " and ".join(_how(answers, topics, mode) for mode in topics.modes.names)
        or "registers models; nothing is served"
    )
    again = f"is retrained {answers.retrain_cadence}" if training.schedule_expression else "is retrained by hand"
    return f"{archetypes()[answers.archetype].title}: {how}, and {again} on {training.instance_type}."


def _served(answers: Answers, topics: Topics) -> Iterator[tuple[str, str, int]]:
    """Yield use, type and count of the instances that serving takes: endpoints twice, while they are updated."""
    modes = topics.modes
    if modes.realtime is not None:
        yield "endpoint", modes.realtime.instance_type, 2 * max(modes.realtime.max_capacity.values())
    if modes.many is not None:
        yield "endpoint", modes.many.instance_type, 2 * max(modes.many.max_capacity.values())
    if modes.copies is not None:
        yield "endpoint", modes.copies.instance_type, 2 * max(modes.copies.max_instances.values())
    if modes.asynchronous is not None:
        yield "endpoint", modes.asynchronous.instance_type, 2 * max(modes.asynchronous.max_capacity.values())
    if modes.scoring is not None:
        yield "transform", modes.scoring.instance_type, modes.scoring.batch_count


def _how(answers: Answers, topics: Topics, mode: str) -> str:
    modes, production = topics.modes, answers.environments[-1]
    asked = f"answers {answers.peak_rps:,} requests a second within {answers.p99_ms} ms"
    if mode == "realtime" and modes.realtime is not None:
        low, high = modes.realtime.min_capacity[production], modes.realtime.max_capacity[production]
        return f"{asked} on {low} to {high} {modes.realtime.instance_type}"
    if mode == "multi_model" and modes.many is not None:
        low, high = modes.many.min_capacity[production], modes.many.max_capacity[production]
        return f"{asked} by {answers.served_models} models on {low} to {high} {modes.many.instance_type}"
    if mode == "inference_components" and modes.copies is not None:
        low, high = modes.copies.min_copies[production], modes.copies.max_copies[production]
        return f"{asked} by {low} to {high} copies of the model on {modes.copies.instance_type}"
    if mode == "async" and modes.asynchronous is not None:
        low, high = modes.asynchronous.min_capacity[production], modes.asynchronous.max_capacity[production]
        return f"answers from a queue on {low} to {high} {modes.asynchronous.instance_type}"
    if mode == "eks" and modes.servers is not None:
        low, high = modes.servers.min_servers[production], modes.servers.max_servers[production]
        return f"{asked} by {low} to {high} vLLM servers on {modes.servers.instance_type} in the Kubernetes cluster"
    if mode == "serverless" and modes.serverless is not None:
        return f"answers up to {modes.serverless.max_concurrency} requests at once without instances of its own"
    count, kind = (modes.scoring.batch_count, modes.scoring.instance_type) if modes.scoring else (0, "")
    return f"scores every night on {count} {kind}"
