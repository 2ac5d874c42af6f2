"""The hardest case for names: the longest project name, twelve teams, one account for all environments, two Regions."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import repositories

from modelkeel import answers
from modelkeel.answers import Answers
from modelkeel.graph import Graph, Resource

ROOT = Path(__file__).resolve().parents[2]
PLACES = {
    "aws": ["eu-west-1", "eu-central-1"],
    "aws-us-gov": ["us-gov-west-1", "us-gov-east-1"],
    "aws-cn": ["cn-north-1"],
}
ENVIRONMENTS = ("dev", "staging", "prod")
LONGEST = {
    "project_name": "abcdefghij-klmnopqrs-uvw",
    "teams": [f"team_{letter}" for letter in "abcdefghijkl"],
    "environments": list(ENVIRONMENTS),
    "account_model": "single",
    "account_ids": dict.fromkeys(ENVIRONMENTS, "1" * 12),
    "monthly_budget_usd": dict.fromkeys(ENVIRONMENTS, 1_000_000),
    "network_cidr": "10.0.0.0/8",
    "frameworks": ["nist_800_53_r5", "soc2"],
    "data_residency": [],
    "feature_store": "auto",
    "ingestion": ["iot_core", "batch_s3"],
}


def repository(values: dict[str, Any]) -> Path:
    """Return the folder of the repository that card fraud's answers and `values` give."""
    folder = Path(tempfile.mkdtemp()) / "project"
    repositories.written(_fraud(values), folder)
    return folder


def _fraud(values: dict[str, Any]) -> Answers:
    return answers.validate({**answers.loading.gather(ROOT / "examples/fraud_realtime/answers.yml"), **values})


def recorded_example(name: str, environment: str) -> Graph:
    """Return what an example's programs register in one environment."""
    return repositories.recorded(repositories.example(name), environment)


def recorded_example_with(name: str, environment: str, own: dict[str, dict[str, Any]]) -> Graph:
    """Return the same where a team has added keys of its own: program -> key -> value."""
    folder = Path(tempfile.mkdtemp()) / "project"
    repositories.written(repositories.example(name), folder)
    for program, keys in own.items():
        with (folder / f"config/{program}/Pulumi.{environment}.yaml").open("a") as config:
            config.writelines(f"  {key}: {json.dumps(value)}\n" for key, value in keys.items())
    return repositories.registered(folder, environment)


def recorded(values: dict[str, Any], environment: str = "all") -> Graph:
    """Return what all programs of all environments register."""
    return repositories.recorded(_fraud(values), environment)


def hardest(partition: str) -> Graph:
    """Return the hardest case in a partition."""
    return recorded({**LONGEST, "regions": PLACES[partition]})


def documents(graph: Graph) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """Yield every IAM policy document of the graph: properties that hold JSON with statements."""
    for _, resource in graph.resources():
        for value in resource.inputs.values():
            if isinstance(value, str) and '"Statement"' in value:
                yield resource, json.loads(value)
