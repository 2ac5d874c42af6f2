"""The teams of a shared platform, as their files in teams/ begin: tier, GPUs and budget of each."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers
from modelkeel.errors import usage_error
from modelkeel.plan.topics import Topics
from modelkeel.tables.instance import Instance, instances
from modelkeel.tables.seed import seed_of

WORD = "is_platform"
FOLDER = "../../teams"
"""Where the team files lie, seen from the Pulumi.yaml of a program."""
FIRST_TIER = "silver"
TEAMS_SHARE = 0.8
"""Of the budget: what teams spend under their own names; the rest is for what all of them use."""
MAX_NAME_LENGTH = 20


def on_platform(answers: Answers) -> bool:
    """Tell whether the repository has team files, which its programs read."""
    return WORD in seed_of(answers.archetype).words


def settings(answers: Answers) -> dict[str, Any]:
    """Return the setting that leads a program to the team files."""
    return {"teams_folder": FOLDER} if on_platform(answers) else {}


def monitoring(answers: Answers, *, on_cluster: bool) -> dict[str, Any]:
    """Return the settings of the monitoring program, which draws the pods of teams that are `on_cluster`."""
    return settings(answers) and {**settings(answers), "teams_on_cluster": on_cluster}


def rows(answers: Answers, gpus: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Return what each team's file says; `gpus` is what is each team's own, by environment and team.

    Raises:
        ModelkeelError: a team's name is too long for the roles that are named after it.
    """
    if not on_platform(answers):
        return []
    names = list(gpus[answers.environments[-1]])
    long = [name for name in names if len(name) > MAX_NAME_LENGTH]
    if long:
        raise usage_error(
            "a team's name is too long for the roles that are named after it",
            got=f"{long[0]}, {len(long[0])} characters",
            allowed=f"{MAX_NAME_LENGTH} characters",
            fix="a shorter name in teams",
        )
    return [
        {
            "name": name,
            "tier": FIRST_TIER,
            "gpus": {environment: own[name] for environment, own in gpus.items()},
            "budget": {
                environment: int(answers.monthly_budget_usd[environment] * TEAMS_SHARE / len(names))
                for environment in answers.environments
            },
        }
        for name in names
    ]


def prices(answers: Answers, topics: Topics) -> dict[str, Any] | None:
    """Return what an hour of the shared machines is charged at, in USD, and whether what is used or what is owned.

    The price of a machine with GPUs is divided by its GPUs, that of one without by its processors.
    """
    if not on_platform(answers):
        return None
    known = instances()
    gpu = known.get(topics.cluster.gpu_instance_type or "") or known[topics.training.instance_type.removeprefix("ml.")]
    general = known.get(topics.cluster.general_instance_type or "") or gpu
    return {
        "usd_per_gpu_hour": _usd(gpu) / gpu.gpus if gpu.gpus else 0.0,
        "usd_per_cpu_hour": round(_usd(general) / general.vcpus, 4),
        # Machines that stay are paid for while they idle: whoever owns the quota pays for it.
        "basis": "owned" if topics.cluster.kept else "used",
    }


def _usd(row: Instance) -> float:
    return row.ec2_usd_per_hour or row.usd_per_hour or 0.0
