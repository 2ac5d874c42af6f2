"""The pipeline's training in a Kubernetes cluster: which machines a job takes, in whose queue it waits."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan import platform_teams
from modelkeel.plan.cluster_settings import namespaces
from modelkeel.plan.machines import KARPENTER
from modelkeel.plan.topics import Topics
from modelkeel.tables.instance import Instance, instances

NAMESPACE = "pipeline"
"""Namespace of the pipeline where several teams share the machines; the only team's is the pipeline's too."""
SERVICE_ACCOUNT = "pipeline"
DISPATCHER = {"namespace": "training-requests", "service_account": "dispatcher", "role": "requests"}
RAY, TORCH = "ray", "torch"


def trains(topics: Topics, environment: str) -> bool:
    """Tell whether the pipeline trains in the cluster there."""
    return topics.machines.platform_in(environment) == KARPENTER


def namespace(answers: Answers) -> str:
    """Return the namespace of the pipeline's jobs."""
    alone = not answers.teams and not platform_teams.on_platform(answers)
    return namespaces(answers)[0] if alone else NAMESPACE


def engine(answers: Answers) -> str:
    """Return what leads a job: Ray where the team runs it already, else torchrun."""
    return RAY if answers.existing_engine == RAY else TORCH


def pod_identities(answers: Answers, topics: Topics, environment: str) -> list[dict[str, str]]:
    """Return the service accounts that take requests and train."""
    if not trains(topics, environment):
        return []
    job = {"namespace": namespace(answers), "service_account": SERVICE_ACCOUNT, "role": "pipeline"}
    return [job, dict(DISPATCHER)]


def row(topics: Topics, environment: str) -> Instance:
    """Return the machine that a job runs on: that of the GPUs, or one of those for everything."""
    if topics.cluster.gpu_instance_type:
        return topics.machines.row_in(environment)
    return instances()[topics.cluster.general_instance_type]


def config(answers: Answers, topics: Topics, package: str, image_tag: str, environment: str) -> dict[str, Any]:
    """Return the keys of the kubernetes program that describe a job; empty where the pipeline trains elsewhere.

    Raises:
        ModelkeelError: no GPU is left for the pipeline, and it may borrow none.
    """
    if not trains(topics, environment):
        return {}
    machine, nodes = row(topics, environment), topics.machines.nodes_in(environment)
    if namespace(answers) == NAMESPACE and not answers.team_borrowing:
        _refuse(answers, nodes * machine.gpus)
    return {
        "kubernetes:trains_pipeline": True,
        "job:namespace": namespace(answers),
        "job:engine": engine(answers),
        "job:package": package,
        "job:image_tag": image_tag,
        "job:instance_type": machine.name,
        "job:nodes": nodes,
        "job:vcpus": machine.vcpus,
        "job:memory_gib": int(machine.memory_gib),
        "job:gpus": machine.gpus,
        "job:efa": topics.cluster.efa and nodes > 1,
        "job:max_runtime_seconds": topics.training.max_runtime_seconds,
    }


def _refuse(answers: Answers, gpus: int) -> None:
    own = {team: count for team, count in answers.team_gpus.items() if team in answers.teams}
    left = answers.concurrent_jobs * gpus - sum(own.values())
    if len(own) < len(answers.teams) or left < gpus or not gpus:
        left_over = f", or team_gpus for every team that leave {gpus} GPUs in all" if gpus else ""
        raise usage_error(
            "the teams keep all machines to themselves: the pipeline's own training finds none",
            got=f"team_borrowing: false, team_gpus: {own or 'in equal parts'}, {gpus or 'no'} GPUs a job",
            allowed=f"team_borrowing: true{left_over}",
            fix="team_borrowing: true; or train_platform: sagemaker_jobs",
        )
