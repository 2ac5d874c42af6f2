"""Generated repositories whose training stands on more than jobs, recorded whole."""

from __future__ import annotations

import functools
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml

from modelkeel.cli import run
from modelkeel.graph import Graph, Resource, Stack
from modelkeel.record import project

ANSWERS: dict[str, Any] = {
    "project_name": "speech-model",
    "owner_email": "speech@example.com",
    "archetype": "blank",
    "data_volume": "20TB",
    "training_data_gib": 3000,
    "model_family": "vision",
    "train_gpu": "multi_node",
    "retrain_cadence": "weekly",
    "max_train_hours": 20,
    "environments": ["dev", "prod"],
    "account_model": "per_env",
    "account_ids": {"dev": "111111111111", "prod": "222222222222"},
    "regions": ["us-east-1"],
    "network_cidr": "10.0.0.0/8",
    "serving_mode": ["batch"],
    "monthly_budget_usd": {"dev": 20000, "prod": 200000},
}
LARGE: dict[str, Any] = {
    "model_family": "llm_full_ft",
    "model_params_b": 70,
    "training_tokens_b": 1,
    "max_train_hours": 60,
}
SINGLE: dict[str, Any] = {"train_gpu": "multi_gpu", "model_params_b": 1}
APART = ("account", "serving", "monitoring", "governance")
"""Programs that know nothing of clusters: left out, so that recording is quick."""
CASES: dict[str, dict[str, Any]] = {
    "jobs-on_demand": {"train_platform": "sagemaker_jobs", "purchase": "on_demand", "warm_pool_minutes": 30},
    "jobs-spot": {"train_platform": "sagemaker_jobs", "purchase": "spot"},
    "jobs-training_plan": {"train_platform": "sagemaker_jobs", "purchase": "training_plan", **LARGE},
    "batch-on_demand": {"train_platform": "aws_batch", "purchase": "on_demand"},
    "batch-spot": {"train_platform": "aws_batch", "purchase": "spot", **SINGLE},
    "batch-capacity_block": {"train_platform": "aws_batch", "purchase": "capacity_block", **LARGE},
    "slurm-training_plan": {"train_platform": "hyperpod_slurm", "purchase": "training_plan", **LARGE},
    "batch-reservation": {"train_platform": "aws_batch", "purchase": "reservation", **LARGE},
}


def new(directory: Path, **changes: Any) -> int:
    """Make the repository of the answers, with `changes`, in `directory`; return the exit code."""
    file = directory / "answers.yml"
    file.write_text(yaml.safe_dump({**ANSWERS, **changes}), encoding="utf-8")
    return run(["new", str(directory / "project"), "--answers", str(file)])


def recorded(case: str, environment: str = "prod") -> Graph:
    """Return the graph of an environment of one of the cases."""
    return _recorded(json.dumps(CASES[case], sort_keys=True), environment)


def stack(graph: Graph, program: str) -> Stack:
    """Return the stack of a program."""
    return next(each for each in graph.stacks if each.program == program)


def of_type(graph: Graph, suffix: str) -> list[Resource]:
    """Return the resources whose type ends so; components aside."""
    return [resource for _, resource in graph.resources() if resource.custom and resource.type.endswith(suffix)]


def one(graph: Graph, suffix: str) -> Resource:
    """Return the only resource of a type."""
    (found,) = of_type(graph, suffix)
    return found


def pipeline(graph: Graph) -> dict[str, dict[str, Any]]:
    """Return the steps of the training pipeline by name."""
    definition = json.loads(one(graph, "sagemaker/pipeline:Pipeline").inputs["pipelineDefinition"])
    return {step["Name"]: step for step in definition["Steps"]}


@functools.cache
def _recorded(changes: str, environment: str) -> Graph:
    with tempfile.TemporaryDirectory() as folder:
        assert 0 == new(Path(folder), **json.loads(changes))
        for program in APART:
            shutil.rmtree(Path(folder) / "project" / "config" / program, ignore_errors=True)
        return project(Path(folder) / "project", environment=environment, isolation="none", talk=lambda line: None)
