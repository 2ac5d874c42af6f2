"""The pipeline definition that `stacks/training` deploys, with the settings of an environment and made-up ARNs.

There is one definition, in `stacks/documents/training_pipeline.py`; this module only fills it, so that it can be read,
checked and rehearsed without an account: `python -m pipelines.definition prod`.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import yaml

from stacks.documents.training_facts import TrainingFacts
from stacks.documents.training_pipeline import definition as _definition

_CONFIG = Path(__file__).parent.parent / "config" / "training"
_ACCOUNT = "123456789012"
_REGION = "eu-west-1"
_ROLE = f"arn:aws:iam::{_ACCOUNT}:role"
_MADE_UP: dict[str, Any] = {
    "image_uri": f"{_ACCOUNT}.dkr.ecr.{_REGION}.amazonaws.com/ml:0.1.0",
    "training_role_arn": f"{_ROLE}/training",
    "processing_role_arn": f"{_ROLE}/processing",
    "subnet_ids": ["subnet-0123456789abcdef0"],
    "security_group_id": "sg-0123456789abcdef0",
    "kms_key_arn": f"arn:aws:kms:{_REGION}:{_ACCOUNT}:key/00000000-0000-0000-0000-000000000000",
    "output_key_arn": f"arn:aws:kms:{_REGION}:{_ACCOUNT}:key/00000000-0000-0000-0000-000000000001",
    "input_uri": "s3://features/features/training",
    "output_uri": "s3://models/models",
    "tracking_arn": None,
    "fairness_maximum_gap": None,
    "file_system_id": "fs-0123456789abcdef0",
    "file_system_mount_name": "abcdefgh",
    "request_queue_url": f"https://sqs.{_REGION}.amazonaws.com/{_ACCOUNT}/training-requests",
}


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a model must reach: the figure of evaluation.json, its least value, and the largest gap between groups."""

    metric: str
    at_least: float
    largest_gap: float | None


def limits(environment: str) -> Limits:
    """The limits of an environment, which hold whichever engine runs the steps."""
    given = _given(environment)
    return Limits(given["quality_metric"], given["quality_minimum"], given.get("fairness_maximum_gap"))


def environments() -> list[str]:
    """Environments that have a training stack."""
    return sorted(path.name.split(".")[1] for path in _CONFIG.glob("Pulumi.*.yaml"))


def definition(environment: str) -> dict[str, Any]:
    """The definition for an environment: its sizes, limits and gates are real, its ARNs are not."""
    given = _given(environment)
    names = {field.name for field in dataclasses.fields(TrainingFacts)}
    return _definition(TrainingFacts(**{k: v for k, v in (_MADE_UP | given).items() if k in names}))


def _given(environment: str) -> dict[str, Any]:
    config = yaml.safe_load((_CONFIG / f"Pulumi.{environment}.yaml").read_text())["config"]
    return {key.removeprefix("training:"): value for key, value in config.items() if key.startswith("training:")}


if __name__ == "__main__":
    json.dump(definition(sys.argv[1] if len(sys.argv) > 1 else environments()[-1]), sys.stdout, indent=2)
