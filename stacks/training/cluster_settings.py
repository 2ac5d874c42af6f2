"""Settings of what stands beside the training pipeline; namespaces `lustre`, `batch` and `hyperpod`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FileSystemSettings:
    """The shared file system; config namespace `lustre`."""

    storage_gib: int
    """GiB: 1,200 or a multiple of 2,400; with EFA a multiple that depends on the throughput."""
    throughput_mbps_per_tib: int
    """MB/s for each TiB: 125, 250, 500 or 1,000."""
    efa: bool
    """Machines reach the file system over EFA; decided once, at creation."""
    backup_days: int
    """Days for which daily backups are kept, 0 to 90; 0 also leaves out the last backup on deletion."""
    log_retention_days: int
    """Days for which warnings and errors are kept; one of the periods CloudWatch accepts."""


@dataclass(frozen=True, kw_only=True)
class BatchSettings:
    """Training on AWS Batch; config namespace `batch`."""

    instance_type: str
    """EC2 instance type of every machine: `p5.48xlarge`."""
    nodes: int
    """Machines of one job; more than one start together, in one zone and placement group."""
    vcpus: int
    """vCPUs of one machine."""
    memory_gib: float
    """Memory of one machine in GiB."""
    gpus: int
    """GPUs of one machine."""
    max_vcpus: int
    """Most vCPUs at once, all jobs together."""
    use_spot: bool
    """Spot machines; jobs on one machine only."""
    volume_gib: int
    """GiB of the root volume of a machine."""
    retries: int
    """Times a job is tried, 1 to 10; again only when its machine was taken back."""
    reservation: str = "none"
    """Capacity that the capacity program bought: `none`, `group` (On-Demand reservations) or `block`."""
    capacity_reservation_id: str = ""
    """A reservation or capacity block (cr-...) that was bought elsewhere, in the zone of the first subnet."""
    log_retention_days: int
    """Days for which the logs of jobs are kept; one of the periods CloudWatch accepts."""
    runs_per_month: float = 0
    """Runs that are planned for a month; exported, so that they can be priced."""


@dataclass(frozen=True, kw_only=True)
class HyperPodSettings:
    """A SageMaker HyperPod cluster with Slurm; config namespace `hyperpod`."""

    controller_instance_type: str
    """SageMaker instance of Slurm's controller, with its `ml.` prefix."""
    login_instance_type: str
    """SageMaker instance on which people log in."""
    worker_instance_type: str
    """SageMaker instance of the machines that train."""
    workers: int
    """Machines that train; they are paid all month."""
    gpus: int
    """GPUs of one of them."""
    nodes: int
    """Machines of one job."""
    addresses: int
    """Addresses that all machines take in their subnet: 32 for a P5."""
    training_plan_arn: str | None = None
    """ARN of the flexible training plan whose machines the workers are; it is bought outside of these programs."""
