"""Autoscaling of an endpoint's variant by the invocations that each instance receives."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks.components.replica_scaling import INSTANCES, ReplicaScalingArgs, scalable_target, track


@dataclass(frozen=True, kw_only=True)
class EndpointAutoscalingArgs:
    """`target_invocations_per_minute` is what one instance carries; cooldowns are in seconds.

    Formula of the target: requests a second that one instance sustains x safety factor x 60 (SageMaker AI
    Developer Guide, "Load testing for scaling", read 2026-11-23).
    """

    endpoint_name: pulumi.Input[str]
    variant_name: str
    min_capacity: int
    max_capacity: int
    target_invocations_per_minute: int
    scale_in_cooldown_seconds: int
    scale_out_cooldown_seconds: int


class EndpointAutoscaling(pulumi.ComponentResource):
    """Target tracking between two bounds."""

    def __init__(self, name: str, args: EndpointAutoscalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:EndpointAutoscaling", name, None, opts)
        scaling = ReplicaScalingArgs(
            dimension=INSTANCES,
            resource_id=pulumi.Output.format("endpoint/{0}/variant/{1}", args.endpoint_name, args.variant_name),
            min_capacity=args.min_capacity,
            max_capacity=args.max_capacity,
            scale_in_cooldown_seconds=args.scale_in_cooldown_seconds,
            scale_out_cooldown_seconds=args.scale_out_cooldown_seconds,
        )
        track(
            name,
            pulumi.Output.format("{0}-invocations", args.endpoint_name),
            scalable_target(name, scaling, self),
            scaling,
            {
                "target_value": args.target_invocations_per_minute,
                "predefined_metric_specification": {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"},
            },
            self,
        )
        self.register_outputs({})
