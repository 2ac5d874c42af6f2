"""The configuration keys of the kubernetes program, from what was decided."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.plan import language_server_settings, platform_teams, team_quota
from modelkeel.plan.cluster_settings import SERVICE_ACCOUNT, balancer_targets, kept, mirrors, namespaces, registry
from modelkeel.plan.machines import KARPENTER
from modelkeel.plan.platform import MONTH_HOURS, RUNS_PER_MONTH
from modelkeel.plan.reserved_capacity import RESERVATIONS
from modelkeel.plan.topics import Topics
from modelkeel.tables.instance import Instance, instances

RAY = ("ray",)
# Data is checked and prepared before a run, and its model evaluated after it.
GENERAL_HOURS_A_RUN = 1


def kubernetes(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    """Return the settings of the kubernetes program; below production one job runs at a time."""
    chosen = topics.cluster
    gpu = _gpu(answers, topics, environment)
    settings: dict[str, Any] = {
        "pools": [
            *([_general(answers, topics, environment)] if chosen.karpenter else []),
            *language_server_settings.pools(answers, topics, environment),
        ],
        **(platform_teams.settings(answers) or {"teams": teams(answers, topics, environment)}),
        "borrowing": answers.team_borrowing,
        "kube_ray": answers.existing_engine in RAY,
        "trainer": answers.existing_engine not in RAY,
        "service_account": SERVICE_ACCOUNT,
        **balancer_targets(answers, topics, environment),
    }
    if mirrors(topics, environment):
        settings["image_registry"] = registry(answers, environment)
    if kept(answers, topics, environment):
        return settings | {"kept": gpu}
    return settings | {"pools": [*settings["pools"], *gpu]}


def _gpu(answers: Answers, topics: Topics, environment: str) -> list[dict[str, Any]]:
    chosen = topics.cluster
    elsewhere = chosen.kept and not kept(answers, topics, environment)
    if not chosen.gpu_instance_type or elsewhere:
        return []
    tried = environment == topics.machines.rehearsed_in and not chosen.kept
    row = topics.machines.row_in(environment) if tried else instances()[chosen.gpu_instance_type]
    return [
        {
            **_machine("gpu", row, 1 if tried else chosen.gpu_nodes[environment]),
            "spot": chosen.purchase == "spot",
            "efa": chosen.efa and not tried,
            "busy_hours_per_month": _busy_hours(answers, answers.max_train_hours),
            **_reserved(answers, topics, environment),
        }
    ]


def _reserved(answers: Answers, topics: Topics, environment: str) -> dict[str, str]:
    """What was bought is for production; until its id is known machines start on demand."""
    known, chosen = answers.capacity_reservation_id, topics.cluster
    bought = known and chosen.purchase in RESERVATIONS and not chosen.kept and environment == answers.environments[-1]
    return {"reservation_id": known} if bought else {}


def _general(answers: Answers, topics: Topics, environment: str) -> dict[str, Any]:
    row = instances()[topics.cluster.general_instance_type]
    jobs = answers.concurrent_jobs if environment == answers.environments[-1] else 1
    alone = topics.machines.platform == KARPENTER and not topics.cluster.gpu_instance_type
    return {
        **_machine("general", row, jobs * (topics.training.instance_count if alone else 1)),
        "spot": False,
        "efa": False,
        "busy_hours_per_month": _busy_hours(answers, GENERAL_HOURS_A_RUN),
    }


def _machine(name: str, row: Instance, most: int) -> dict[str, Any]:
    return {
        "name": name,
        "instance_type": row.name,
        "vcpus": row.vcpus,
        "memory_gib": int(row.memory_gib),
        "gpus": row.gpus,
        "most_nodes": most,
    }


def _busy_hours(answers: Answers, hours: float) -> int:
    return int(min(MONTH_HOURS, RUNS_PER_MONTH[answers.retrain_cadence] * hours))


def teams(answers: Answers, topics: Topics, environment: str) -> list[dict[str, Any]]:
    """Return the teams with their own GPUs; the quotas that were answered are those of production."""
    names = namespaces(answers)
    gpus = sum(row["gpus"] * row["most_nodes"] for row in _gpu(answers, topics, environment))
    if answers.teams and environment == answers.environments[-1]:
        own = team_quota.shares(answers, gpus) if gpus else dict.fromkeys(answers.teams, 0)
        return [{"name": name, "gpus": own[team]} for name, team in zip(names, answers.teams, strict=True)]
    return [{"name": name, "gpus": gpus // len(names)} for name in names]
