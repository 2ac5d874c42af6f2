"""What the training pipeline is made of, resolved: sizes, limits, gates, roles and places of its jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stacks.instance_storage import volume_key

JOBS = "sagemaker_jobs"
MODEL_URI = "model_uri"
"""The output parameter in which a cluster says where it left the model."""


@dataclass(frozen=True, kw_only=True)
class TrainingLimits:
    """Sizes, limits and gates of the jobs, as decided; their meanings are those of the training settings.

    `max_wait_seconds` counts with `use_spot` only. `fairness_maximum_gap` is None without protected groups.
    """

    package: str
    instance_type: str
    instance_count: int
    volume_gib: int
    max_runtime_seconds: int
    use_spot: bool
    max_wait_seconds: int
    processing_instance_type: str
    processing_volume_gib: int
    processing_max_runtime_seconds: int
    network_isolation: bool
    intercontainer_encryption: bool
    quality_metric: str
    quality_minimum: float
    fairness_maximum_gap: float | None
    inference_instance_types: Sequence[str]
    train_platform: str = JOBS
    input_mode: str = "file"
    warm_pool_seconds: int = 0
    checkpoints: bool = False
    training_plan_arn: str | None = None


@dataclass(frozen=True, kw_only=True)
class TrainingFacts(TrainingLimits):
    """The limits, and the resolved ARNs, names and URIs: everything that the definition holds.

    URIs are S3 prefixes without a trailing slash. `output_key_arn` encrypts what lies at `output_uri`, `kms_key_arn`
    the volumes of the jobs. `tracking_arn` is None without a tracking server. The file system
    is there with the input mode `fsx_lustre`, the queue of requests where training runs on a cluster.
    """

    image_uri: str
    training_role_arn: str
    processing_role_arn: str
    subnet_ids: Sequence[str]
    security_group_id: str
    kms_key_arn: str
    input_uri: str
    output_uri: str
    model_package_group: str
    output_key_arn: str
    tracking_arn: str | None
    file_system_id: str | None = None
    file_system_mount_name: str | None = None
    request_queue_url: str | None = None

    @property
    def model_uri(self) -> dict[str, str]:
        """Where a run's model.tar.gz lies: the training job says it, or the cluster that trained."""
        if self.train_platform == JOBS:
            return {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
        return {"Get": f"Steps.Train.OutputParameters['{MODEL_URI}']"}


def environment(facts: TrainingFacts) -> dict[str, str]:
    """Return the environment variables of a job: where runs are tracked, unless its container reaches nothing."""
    if facts.tracking_arn is None or facts.network_isolation:
        # An isolated container reaches no tracking server: its metrics travel in evaluation.json.
        return {}
    experiment = facts.model_package_group.rsplit("/", 1)[-1]
    return {"MLFLOW_TRACKING_URI": facts.tracking_arn, "MLFLOW_EXPERIMENT_NAME": experiment}


def vpc_config(facts: TrainingFacts) -> dict[str, Any]:
    """Return the network of a job."""
    return {"SecurityGroupIds": [facts.security_group_id], "Subnets": list(facts.subnet_ids)}


def with_volume_key(instance_type: str, key_arn: str, config: dict[str, Any]) -> dict[str, Any]:
    """Return the resources of a job with the key of its volume, where SageMaker takes one."""
    key = volume_key(instance_type, key_arn)
    return config if key is None else {**config, "VolumeKmsKeyId": key}


def run_uri(facts: TrainingFacts, *parts: str) -> dict[str, Any]:
    """Return the S3 URI of something that one run of the pipeline leaves, known when it runs."""
    values: list[object] = [facts.output_uri, "runs", {"Get": "Execution.PipelineExecutionId"}, *parts]
    return {"Std:Join": {"On": "/", "Values": values}}
