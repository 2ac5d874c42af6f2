"""A model as an inference component: its copies share instances with others and go to none when nobody asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from stacks import provider
from stacks.components.replica_scaling import (
    COPIES,
    FirstReplicaArgs,
    ReplicaScalingArgs,
    first_replica,
    scalable_target,
    track,
)
from stacks.documents.inference_component import COMPONENT, ComponentFacts, component
from stacks.settings import Platform

HIGH_RESOLUTION_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class InferenceComponentArgs:
    """`accelerators`, `cpu_cores` and `memory_mb` are what one copy has for itself; cooldowns are in seconds."""

    platform: Platform
    component_name: str
    endpoint_name: pulumi.Input[str]
    model_name: pulumi.Input[str]
    min_copies: int
    max_copies: int
    accelerators: int
    cpu_cores: float
    memory_mb: int
    startup_seconds: int
    concurrent_requests_per_copy: int
    scale_in_cooldown_seconds: int
    scale_out_cooldown_seconds: int
    rollout_wait_seconds: int
    rollback_alarm_names: Sequence[pulumi.Input[str]]


class InferenceComponent(pulumi.ComponentResource):
    """Copies follow the requests at once; a first request that finds none starts one.

    Source: SageMaker Developer Guide, "Scale an endpoint to zero instances", read 2026-11-25: such a request fails,
    and so do those of the following minutes.
    """

    component_name: pulumi.Output[str]

    def __init__(self, name: str, args: InferenceComponentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("modelkeel:serving:InferenceComponent", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        resource = aws.cloudcontrol.Resource(
            name,
            type_name=COMPONENT,
            desired_state=_facts(args).apply(lambda facts: json.dumps(component(facts))),
            opts=child,
        )
        self.component_name = resource.id.apply(lambda _: args.component_name)
        scaling = ReplicaScalingArgs(
            dimension=COPIES,
            resource_id=pulumi.Output.format("inference-component/{0}", self.component_name),
            min_capacity=args.min_copies,
            max_capacity=args.max_copies,
            scale_in_cooldown_seconds=args.scale_in_cooldown_seconds,
            scale_out_cooldown_seconds=args.scale_out_cooldown_seconds,
        )
        target = scalable_target(name, scaling, self)
        track(
            f"{name}-requests",
            f"{args.component_name}-requests",
            target,
            scaling,
            {
                "target_value": args.concurrent_requests_per_copy,
                "predefined_metric_specification": {
                    "predefined_metric_type": "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution"
                },
            },
            self,
        )
        if args.min_copies == 0:
            first_replica(f"{name}-first", target, scaling, _first(args), self)
        self.register_outputs({"component_name": self.component_name})


def _first(args: InferenceComponentArgs) -> FirstReplicaArgs:
    return FirstReplicaArgs(
        policy_name=f"{args.component_name}-first-copy",
        alarm_name=f"{args.component_name}-without-capacity",
        description="A request found no copy: starts the first one",
        metric_name="NoCapacityInvocationFailures",
        dimensions={"InferenceComponentName": args.component_name},
        statistic="Maximum",
        period_seconds=HIGH_RESOLUTION_SECONDS,
        periods=1,
    )


def _facts(args: InferenceComponentArgs) -> pulumi.Output[ComponentFacts]:
    resolved = pulumi.Output.all(
        endpoint_name=args.endpoint_name, model_name=args.model_name, rollback_alarm_names=args.rollback_alarm_names
    )

    def merge(given: dict[str, Any]) -> ComponentFacts:
        return ComponentFacts(
            name=args.component_name,
            copies=max(args.min_copies, 1),
            accelerators=args.accelerators,
            cpu_cores=args.cpu_cores,
            memory_mb=args.memory_mb,
            startup_seconds=args.startup_seconds,
            rollout_wait_seconds=args.rollout_wait_seconds,
            tags=provider.tags(args.platform, "serving"),
            **given,
        )

    return resolved.apply(merge)
