"""Configuration of the training program; namespace `training`."""

from __future__ import annotations

from dataclasses import dataclass, fields

from stacks.documents.training_pipeline import TrainingLimits


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

    def limits(self) -> TrainingLimits:
        """Return the sizes, limits and gates of the pipeline's jobs."""
        values = {item.name: getattr(self, item.name) for item in fields(TrainingLimits)}
        values["max_wait_seconds"] = self.max_wait_seconds or 2 * self.max_runtime_seconds
        return TrainingLimits(**values)
