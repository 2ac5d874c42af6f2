"""Autoscaling of an asynchronous endpoint by the requests that wait, down to no instance at all."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from stacks.components.replica_scaling import (
    INSTANCES,
    FirstReplicaArgs,
    ReplicaScalingArgs,
    first_replica,
    scalable_target,
    track,
)


@dataclass(frozen=True, kw_only=True)
class BacklogScalingArgs:
    """`backlog_per_instance` is how many waiting requests an instance shall have; cooldowns are in seconds."""

    endpoint_name: pulumi.Input[str]
    variant_name: str
    min_capacity: int
    max_capacity: int
    backlog_per_instance: int
    scale_in_cooldown_seconds: int
    scale_out_cooldown_seconds: int


class BacklogScaling(pulumi.ComponentResource):
    """Two policies: one tracks the backlog of an instance, the other starts the first instance.

    Without instances there is no backlog per instance, so target tracking alone would wait until far more requests
    had come than one instance takes. Source: SageMaker Developer Guide, "Autoscale an asynchronous endpoint",
    read 2026-11-25: `HasBacklogWithoutCapacity` is 1 while requests wait and no instance runs.
    """

    def __init__(self, name: str, args: BacklogScalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:BacklogScaling", name, None, opts)
        scaling = ReplicaScalingArgs(
            dimension=INSTANCES,
            resource_id=pulumi.Output.format("endpoint/{0}/variant/{1}", args.endpoint_name, args.variant_name),
            min_capacity=args.min_capacity,
            max_capacity=args.max_capacity,
            scale_in_cooldown_seconds=args.scale_in_cooldown_seconds,
            scale_out_cooldown_seconds=args.scale_out_cooldown_seconds,
        )
        target = scalable_target(name, scaling, self)
        track(
            f"{name}-backlog",
            pulumi.Output.format("{0}-backlog", args.endpoint_name),
            target,
            scaling,
            {
                "target_value": args.backlog_per_instance,
                "customized_metric_specification": {
                    "namespace": "AWS/SageMaker",
                    "metric_name": "ApproximateBacklogSizePerInstance",
                    "statistic": "Average",
                    "dimensions": [{"name": "EndpointName", "value": args.endpoint_name}],
                },
            },
            self,
        )
        if args.min_capacity == 0:
            first_replica(f"{name}-first", target, scaling, _first(args), self)
        self.register_outputs({})


def _first(args: BacklogScalingArgs) -> FirstReplicaArgs:
    return FirstReplicaArgs(
        policy_name=pulumi.Output.format("{0}-first-instance", args.endpoint_name),
        alarm_name=pulumi.Output.format("{0}-without-capacity", args.endpoint_name),
        description="Requests wait and no instance runs: starts the first one",
        metric_name="HasBacklogWithoutCapacity",
        dimensions={"EndpointName": args.endpoint_name},
        statistic="Average",
        period_seconds=60,
        periods=2,
    )
