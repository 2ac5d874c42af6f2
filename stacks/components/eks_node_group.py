"""Machines of a Kubernetes cluster that a managed node group keeps: encrypted, without metadata for pods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import efa, names, provider
from stacks.settings import Platform

PURCHASES = {"on_demand": "ON_DEMAND", "spot": "SPOT", "reservation": "ON_DEMAND", "capacity_block": "CAPACITY_BLOCK"}
GPU_TAINT: aws.eks.NodeGroupTaintArgsDict = {"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}
GPU_LABEL = {"nvidia.com/gpu.present": "true"}
SYSTEM_VOLUME_GIB = 50
GPU_VOLUME_GIB = 300


@dataclass(frozen=True, kw_only=True)
class EksNodeGroupArgs:
    """`purchase` is on_demand, spot, reservation or capacity_block; `reservation_id` names the last two.

    With `efa` the machines stand in one zone, beside each other, with all of their EFA interfaces.

    Raises:
        ValueError: EFA on a type that has none, a reservation without its id, a size out of order, or a purchase
            that does not exist.
    """

    platform: Platform
    cluster_name: pulumi.Input[str]
    kubernetes_version: str
    role_arn: pulumi.Input[str]
    subnet_ids: pulumi.Input[Sequence[str]]
    security_group_id: pulumi.Input[str]
    kms_key_arn: pulumi.Input[str]
    instance_type: str
    min_size: int
    desired_size: int
    max_size: int
    volume_gib: int
    gpu: bool = False
    efa: bool = False
    efa_security_group_id: pulumi.Input[str] | None = None
    purchase: str = "on_demand"
    reservation_id: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what EC2 or EKS would refuse after minutes."""
        if self.purchase not in PURCHASES:
            raise ValueError(f"node group purchase is {self.purchase!r}, allowed: {', '.join(PURCHASES)}")
        if self.purchase in {"reservation", "capacity_block"} and not self.reservation_id:
            raise ValueError(
                f"a node group bought as {self.purchase} needs `reservation_id`: the id of the capacity "
                "reservation (cr-...) that was bought for it"
            )
        if not 0 <= self.min_size <= self.desired_size <= self.max_size or self.max_size < 1:
            raise ValueError(
                f"node group sizes are min {self.min_size}, desired {self.desired_size}, max {self.max_size}; "
                "allowed: 0 <= min <= desired <= max, and max at least 1"
            )
        if self.efa:
            efa.layout(self.instance_type)


class EksNodeGroup(pulumi.ComponentResource):
    """A managed node group and its launch template. Its size belongs to who scales it, not to an update."""

    node_group_name: pulumi.Output[str]

    def __init__(self, name: str, args: EksNodeGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:cluster:EksNodeGroup", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        placement = None
        if args.efa and args.purchase == "on_demand":
            placement = aws.ec2.PlacementGroup(
                name, name=names.resource_name(args.platform, name), strategy="cluster", opts=child
            )
        template = _template(name, args, placement, child)
        group = aws.eks.NodeGroup(
            name,
            cluster_name=args.cluster_name,
            node_group_name=name,
            node_role_arn=args.role_arn,
            version=args.kubernetes_version,
            ami_type=ami_type(args.platform, gpu=args.gpu),
            capacity_type=PURCHASES[args.purchase],
            # A capacity block is bought for one type, which then stands in the launch template.
            instance_types=None if args.purchase == "capacity_block" else [args.instance_type],
            subnet_ids=_subnets(args),
            scaling_config={
                "min_size": args.min_size,
                "desired_size": args.desired_size,
                "max_size": args.max_size,
            },
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            labels={**args.labels, **(GPU_LABEL if args.gpu else {})},
            taints=[GPU_TAINT] if args.gpu else None,
            update_config={"max_unavailable": 1},
            node_repair_config={"enabled": True},
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["scalingConfig.desiredSize"]),
        )
        self.node_group_name = group.node_group_name
        self.register_outputs({"node_group_name": self.node_group_name})


def ami_type(platform: Platform, *, gpu: bool) -> str:
    """Return the kind of machine image: Amazon Linux, or Bottlerocket where FIPS cryptography is asked for."""
    if platform.use_fips:
        return "BOTTLEROCKET_x86_64_NVIDIA_FIPS" if gpu else "BOTTLEROCKET_x86_64_FIPS"
    return "AL2023_x86_64_NVIDIA" if gpu else "AL2023_x86_64_STANDARD"


def _subnets(args: EksNodeGroupArgs) -> pulumi.Output[list[str]]:
    """Return one subnet for machines that talk over EFA, which does not cross zones; else all."""
    found = pulumi.Output.from_input(args.subnet_ids)
    return found.apply(lambda ids: list(ids)[:1] if args.efa else list(ids))


def _template(
    name: str, args: EksNodeGroupArgs, placement: aws.ec2.PlacementGroup | None, child: pulumi.ResourceOptions
) -> aws.ec2.LaunchTemplate:
    tags = provider.tags(args.platform, "cluster") | {"Name": names.resource_name(args.platform, name)}
    return aws.ec2.LaunchTemplate(
        name,
        name=names.resource_name(args.platform, name),
        description=f"Machines of the node group {name}",
        update_default_version=True,
        block_device_mappings=_disks(args),
        metadata_options={
            "http_endpoint": "enabled",
            "http_tokens": "required",
            # One hop: the machine reaches its credentials, a pod does not.
            "http_put_response_hop_limit": 1,
        },
        tag_specifications=[
            {"resource_type": kind, "tags": tags} for kind in ("instance", "network-interface", "volume")
        ],
        placement={"group_name": placement.name} if placement else None,
        opts=child,
        **_network(args),
        **_capacity(args),
    )


def _disks(args: EksNodeGroupArgs) -> list[Any]:
    # Bottlerocket keeps images and pods on its second disk.
    devices = ("/dev/xvda", "/dev/xvdb") if args.platform.use_fips else ("/dev/xvda",)
    return [
        {
            "device_name": device,
            "ebs": {
                "volume_size": args.volume_gib if device == devices[-1] else SYSTEM_VOLUME_GIB,
                "volume_type": "gp3",
                "encrypted": "true",
                "kms_key_id": args.kms_key_arn,
                "delete_on_termination": "true",
            },
        }
        for device in devices
    ]


def _network(args: EksNodeGroupArgs) -> dict[str, Any]:
    if not args.efa:
        return {"vpc_security_group_ids": [args.security_group_id]}
    groups = [args.security_group_id, args.efa_security_group_id]
    return {
        "network_interfaces": [
            {
                "network_card_index": card.network_card_index,
                "device_index": card.device_index,
                "interface_type": card.interface_type,
                "security_groups": groups,
                "delete_on_termination": "true",
            }
            for card in efa.layout(args.instance_type)
        ]
    }


def _capacity(args: EksNodeGroupArgs) -> dict[str, Any]:
    if not args.reservation_id:
        return {}
    target = {"capacity_reservation_target": {"capacity_reservation_id": args.reservation_id}}
    if args.purchase == "capacity_block":
        return {
            "instance_type": args.instance_type,
            "instance_market_options": {"market_type": "capacity-block"},
            "capacity_reservation_specification": target,
        }
    return {"capacity_reservation_specification": target}
