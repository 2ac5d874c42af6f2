"""AWS Batch for training: machines that exist while jobs run, their queue, and the job."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import efa, names
from stacks.components.log_group import log_group
from stacks.documents.batch_job import BatchJobFacts, container, node_properties, user_data
from stacks.settings import Platform

ON_DEMAND, SPOT = "EC2", "SPOT"
LONGEST_UPDATE_WAIT_MINUTES = 360
"""Jobs that run while their environment is updated may take so long: AWS Batch API Reference, UpdatePolicy."""
# How long a job may wait for what will not come: AWS Batch User Guide, "Jobs stuck in a RUNNABLE status".
STUCK_SECONDS = {
    "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY": 86_400,
    "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE": 600,
    "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT": 600,
}


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """Capacity that was bought: a group of On-Demand reservations, one of them, or a capacity block by its id."""

    group_arn: pulumi.Input[str] | None = None
    block_id: pulumi.Input[str] | None = None
    reservation_id: pulumi.Input[str] | None = None
    placement_group_name: pulumi.Input[str] | None = None


@dataclass(frozen=True, kw_only=True)
class BatchClusterArgs:
    """`subnet_ids` is one subnet where several nodes train together; `max_vcpus` bounds what runs at once."""

    platform: Platform
    instance_type: str
    nodes: int
    vcpus: int
    memory_gib: float
    gpus: int
    max_vcpus: int
    use_spot: bool
    volume_gib: int
    max_runtime_seconds: int
    retries: int
    subnet_ids: pulumi.Input[Sequence[str]]
    security_group_id: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    node_role_name: pulumi.Input[str]
    job_role_arn: pulumi.Input[str]
    image_uri: pulumi.Input[str]
    package: str
    environment: Mapping[str, pulumi.Input[str]]
    file_system_dns: pulumi.Input[str] | None = None
    file_system_mount_name: pulumi.Input[str] | None = None
    reservation: Reservation | None = None

    def __post_init__(self) -> None:
        """Refuse what AWS Batch cannot run.

        Raises:
            ValueError: several nodes on Spot, or fewer vCPUs than one job takes.
        """
        if self.nodes > 1 and self.use_spot:
            raise ValueError(
                f"batch:use_spot is true with batch:nodes {self.nodes}: AWS Batch runs no multi-node jobs on Spot; "
                "set batch:use_spot to false, or batch:nodes to 1"
            )
        if self.max_vcpus < self.nodes * self.vcpus:
            raise ValueError(
                f"batch:max_vcpus is {self.max_vcpus}, one job takes {self.nodes} * {self.vcpus}: "
                f"set it to {self.nodes * self.vcpus} at least"
            )


class BatchCluster(pulumi.ComponentResource):
    """A managed compute environment that shrinks to nothing, its queue, and a job definition. No SSH, IMDSv2 only."""

    queue_arn: pulumi.Output[str]
    definition_arn: pulumi.Output[str]

    def __init__(self, name: str, args: BatchClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:training:BatchCluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        machines = _compute_environment(name, args, child)
        queue = aws.batch.JobQueue(
            name,
            name=names.resource_name(args.platform, name),
            state="ENABLED",
            priority=1,
            compute_environment_orders=[{"order": 1, "compute_environment": machines.arn}],
            job_state_time_limit_actions=[
                {"state": "RUNNABLE", "action": "CANCEL", "reason": reason, "max_time_seconds": seconds}
                for reason, seconds in STUCK_SECONDS.items()
            ],
            opts=child,
        )
        job = _job_definition(name, args, child)
        self.queue_arn = queue.arn
        self.definition_arn = job.arn
        self.register_outputs({"queue_arn": self.queue_arn})


def _compute_environment(
    name: str, args: BatchClusterArgs, child: pulumi.ResourceOptions
) -> aws.batch.ComputeEnvironment:
    full_name = names.resource_name(args.platform, name)
    template = _launch_template(name, args, child)
    profile = aws.iam.InstanceProfile(
        name, name=full_name, path=names.role_path(args.platform), role=args.node_role_name, opts=child
    )
    family = "ECS_AL2023_NVIDIA" if args.gpus else "ECS_AL2023"
    spot = args.use_spot
    return aws.batch.ComputeEnvironment(
        name,
        # Its name is made: many changes replace it, and the new one stands before the old one goes.
        name_prefix=f"{full_name}-",
        type="MANAGED",
        state="ENABLED",
        compute_resources={
            "type": SPOT if spot else ON_DEMAND,
            "allocation_strategy": "SPOT_PRICE_CAPACITY_OPTIMIZED" if spot else "BEST_FIT_PROGRESSIVE",
            "instance_types": [args.instance_type],
            # Containers of a multi-node job have interfaces of their own, in these groups.
            "security_group_ids": [args.security_group_id],
            "min_vcpus": 0,
            "max_vcpus": args.max_vcpus,
            "subnets": args.subnet_ids,
            "instance_role": profile.arn,
            "placement_group": _placement_group(name, args, child),
            "ec2_configurations": [{"image_type": family}],
            "launch_template": {
                "launch_template_id": template.id,
                "version": template.latest_version.apply(str),
            },
            "tags": {"Name": full_name},
        },
        update_policy={
            "terminate_jobs_on_update": False,
            "job_execution_timeout_minutes": min(LONGEST_UPDATE_WAIT_MINUTES, args.max_runtime_seconds // 60),
        },
        opts=pulumi.ResourceOptions.merge(
            child, pulumi.ResourceOptions(ignore_changes=["computeResources.desiredVcpus"])
        ),
    )


def _placement_group(name: str, args: BatchClusterArgs, child: pulumi.ResourceOptions) -> pulumi.Input[str] | None:
    """Machines of one job stand close together; a capacity block places its own."""
    reservation = args.reservation
    if args.nodes == 1 or _is_block(reservation):
        return None
    if reservation is not None and reservation.placement_group_name is not None:
        return reservation.placement_group_name
    group = aws.ec2.PlacementGroup(name, name=names.resource_name(args.platform, name), strategy="cluster", opts=child)
    return group.name


def _launch_template(name: str, args: BatchClusterArgs, child: pulumi.ResourceOptions) -> aws.ec2.LaunchTemplate:
    group = args.security_group_id
    # Machines without EFA, such as those of tables and trees, talk over their one ordinary interface.
    wired = args.nodes > 1 and efa.interfaces(args.instance_type) > 0
    layout = efa.layout(args.instance_type) if wired else []
    # With several cards AWS gives no public address, and refuses to be told so.
    interfaces = [
        aws.ec2.LaunchTemplateNetworkInterfaceArgs(
            network_card_index=card.network_card_index,
            device_index=card.device_index,
            interface_type=card.interface_type,
            security_groups=[group],
            delete_on_termination="true",
        )
        for card in layout
    ]
    start = pulumi.Output.all(args.file_system_dns, args.file_system_mount_name).apply(
        lambda given: base64.b64encode(user_data(given[0], given[1]).encode()).decode()
    )
    return aws.ec2.LaunchTemplate(
        name,
        name=names.resource_name(args.platform, name),
        description="Machines of the training queue",
        network_interfaces=interfaces or None,
        vpc_security_group_ids=None if interfaces else [group],
        # Containers get their credentials from the agent: one hop keeps them from those of the machine.
        metadata_options={"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1},
        block_device_mappings=[
            {
                "device_name": "/dev/xvda",
                "ebs": {
                    "encrypted": "true",
                    "kms_key_id": args.kms_key_arn,
                    "volume_type": "gp3",
                    "volume_size": args.volume_gib,
                    "delete_on_termination": "true",
                },
            }
        ],
        user_data=start,
        instance_market_options={"market_type": "capacity-block"} if _is_block(args.reservation) else None,
        capacity_reservation_specification=_target(args.reservation),
        update_default_version=True,
        opts=child,
    )


def _is_block(reservation: Reservation | None) -> bool:
    return reservation is not None and reservation.block_id is not None


def _target(
    reservation: Reservation | None,
) -> aws.ec2.LaunchTemplateCapacityReservationSpecificationArgs | None:
    if reservation is None:
        return None
    return aws.ec2.LaunchTemplateCapacityReservationSpecificationArgs(
        capacity_reservation_target=aws.ec2.LaunchTemplateCapacityReservationSpecificationCapacityReservationTargetArgs(
            capacity_reservation_id=reservation.block_id or reservation.reservation_id,
            capacity_reservation_resource_group_arn=None if _is_block(reservation) else reservation.group_arn,
        )
    )


def _job_definition(name: str, args: BatchClusterArgs, child: pulumi.ResourceOptions) -> aws.batch.JobDefinition:
    log = log_group(
        name,
        log_group_name=names.log_group_name(args.platform, name),
        kms_key_arn=args.log_key_arn,
        retention_days=args.log_retention_days,
        opts=child,
    )
    resolved = pulumi.Output.all(
        image_uri=args.image_uri, job_role_arn=args.job_role_arn, log_group=log.name, environment=dict(args.environment)
    )

    def facts(given: dict[str, Any]) -> BatchJobFacts:
        return BatchJobFacts(
            package=args.package,
            instance_type=args.instance_type,
            nodes=args.nodes,
            vcpus=args.vcpus,
            memory_gib=args.memory_gib,
            gpus=args.gpus,
            region=args.platform.region,
            shared=args.file_system_dns is not None,
            **given,
        )

    several = args.nodes > 1
    made = node_properties if several else container
    document = resolved.apply(lambda given: json.dumps(made(facts(given)), sort_keys=True))
    return aws.batch.JobDefinition(
        name,
        name=names.resource_name(args.platform, name),
        type="multinode" if several else "container",
        node_properties=document if several else None,
        container_properties=None if several else document,
        platform_capabilities=["EC2"],
        propagate_tags=True,
        timeout={"attempt_duration_seconds": args.max_runtime_seconds},
        retry_strategy={
            "attempts": args.retries,
            # A machine that was taken back is no fault of the job; what exits by itself would exit again.
            "evaluate_on_exits": [
                {"action": "RETRY", "on_status_reason": "Host EC2*"},
                {"action": "EXIT", "on_reason": "*"},
            ],
        },
        opts=child,
    )
