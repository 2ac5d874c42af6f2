"""Configuration of the training program; namespace `training`."""

from __future__ import annotations

from dataclasses import dataclass, fields

from stacks.documents.training_facts import JOBS, TrainingLimits
from stacks.documents.training_step import INPUT_MODES

LONGEST_WARM_POOL_SECONDS = 21_600
"""ResourceConfig.KeepAlivePeriodInSeconds, Amazon SageMaker API Reference, read 2026-11-25."""


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """Sizes, limits and gates of the training pipeline."""

    package: str
    """Python package in the image whose modules the steps run: `python -m <package>.train`."""
    image_tag: str
    """Tag of the training image; tags are immutable, so one tag is one image."""
    untagged_image_days: int
    """Days until an image without a tag is deleted."""
    instance_type: str
    """SageMaker training instance, with its `ml.` prefix."""
    instance_count: int
    """Instances of one training job."""
    volume_gib: int
    """GiB of training storage for each instance; unused where the instance brings NVMe storage."""
    max_runtime_seconds: int
    """Seconds after which SageMaker stops a training job, 1 to 2,419,200."""
    use_spot: bool
    """Managed spot: cheaper, may be interrupted, resumes from its checkpoint."""
    max_wait_seconds: int = 0
    """With spot: seconds for waiting plus running, at least `max_runtime_seconds`; 0 means twice that."""
    processing_instance_type: str
    """SageMaker processing instance of contract check and evaluation, with its `ml.` prefix."""
    processing_volume_gib: int
    """GiB of storage of a processing job, 1 to 16,384."""
    processing_max_runtime_seconds: int
    """Seconds after which SageMaker stops a processing job, 1 to 604,800."""
    network_isolation: bool
    """Containers without any network, AWS included; SageMaker copies their data in and out."""
    intercontainer_encryption: bool
    """Traffic between the instances of one job is encrypted."""
    schedule_expression: str | None = None
    """When the pipeline starts, `cron(...)` or `rate(...)` of EventBridge Scheduler; none: by hand only."""
    schedule_timezone: str = "UTC"
    """IANA time zone of the schedule."""
    quality_metric: str
    """Key under `quality` in evaluation.json that decides whether a model is registered; larger is better."""
    quality_minimum: float
    """Least value of `quality_metric` for a model that is registered."""
    fairness_maximum_gap: float | None = None
    """Largest `fairness.gap` in evaluation.json for a model that is registered; none: no protected groups."""
    tracking: str
    """`mlflow_app` for a serverless SageMaker MLflow app, `none` for no tracking server."""
    model_package_group: str
    """Name of the model registry group, without project and environment."""
    inference_instance_types: list[str]
    """SageMaker hosting and transform instances that a registered model may run on."""
    train_platform: str = JOBS
    """Where the step `Train` runs: `sagemaker_jobs`, or a cluster that gets its requests by queue: `aws_batch`,
    `hyperpod_slurm`, `eks_karpenter`."""
    input_mode: str = "file"
    """How a training job reads: `file` (copied before), `fast_file` (streamed) or `fsx_lustre` (shared file system)."""
    file_system: bool = False
    """Create the shared file system that `lustre:*` describes."""
    warm_pool_seconds: int = 0
    """Seconds for which the machines of a job are kept for the next one, 0 to 21,600; not with Spot or a plan."""
    checkpoints: bool = False
    """Training writes checkpoints, and a job that is tried again goes on from them; with Spot always."""
    training_plan_arn: str | None = None
    """ARN of the flexible training plan whose machines the jobs use; it is bought outside of these programs."""

    def limits(self) -> TrainingLimits:
        """Return the sizes, limits and gates of the pipeline's jobs.

        Raises:
            ValueError: settings that exclude each other.
        """
        self._check()
        values = {item.name: getattr(self, item.name) for item in fields(TrainingLimits)}
        values["max_wait_seconds"] = self.max_wait_seconds or 2 * self.max_runtime_seconds
        return TrainingLimits(**values)

    def _check(self) -> None:
        if self.input_mode not in INPUT_MODES:
            raise ValueError(f"training:input_mode is {self.input_mode!r}, allowed: {', '.join(INPUT_MODES)}")
        if self.input_mode == "fsx_lustre" and not self.file_system:
            raise ValueError("training:input_mode is fsx_lustre: set training:file_system to true, or use fast_file")
        if not 0 <= self.warm_pool_seconds <= LONGEST_WARM_POOL_SECONDS:
            raise ValueError(f"training:warm_pool_seconds is {self.warm_pool_seconds}, allowed: 0 to 21600")
        if self.use_spot and self.warm_pool_seconds:
            raise ValueError("training:warm_pool_seconds keeps no Spot machines: set it to 0, or use_spot to false")
        if self.training_plan_arn and (self.use_spot or self.warm_pool_seconds):
            raise ValueError(
                "training:training_plan_arn goes with neither use_spot nor warm_pool_seconds: "
                "set use_spot to false and warm_pool_seconds to 0"
            )
