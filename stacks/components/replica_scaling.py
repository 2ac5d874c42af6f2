"""How many instances or copies of a model run: bounds, a target to track, and the first one started from none."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

INSTANCES = "sagemaker:variant:DesiredInstanceCount"
COPIES = "sagemaker:inference-component:DesiredCopyCount"

Metric = aws.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationArgsDict
"""The value to hold and the metric that it is held against."""


@dataclass(frozen=True, kw_only=True)
class ReplicaScalingArgs:
    """`dimension` is INSTANCES or COPIES, `resource_id` what Application Auto Scaling calls the thing that is scaled.

    Cooldowns are in seconds.
    """

    dimension: str
    resource_id: pulumi.Input[str]
    min_capacity: int
    max_capacity: int
    scale_in_cooldown_seconds: int
    scale_out_cooldown_seconds: int


@dataclass(frozen=True, kw_only=True)
class FirstReplicaArgs:
    """The metric that is 1 while somebody waits and nothing runs, and over which time it is looked at."""

    policy_name: pulumi.Input[str]
    alarm_name: pulumi.Input[str]
    description: str
    metric_name: str
    dimensions: dict[str, pulumi.Input[str]]
    statistic: str
    period_seconds: int
    periods: int


def scalable_target(name: str, args: ReplicaScalingArgs, parent: pulumi.Resource) -> aws.appautoscaling.Target:
    """Register the bounds; the upper one is what the quota and the budget allow for."""
    return aws.appautoscaling.Target(
        name,
        service_namespace="sagemaker",
        scalable_dimension=args.dimension,
        resource_id=args.resource_id,
        min_capacity=args.min_capacity,
        max_capacity=args.max_capacity,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def track(
    name: str,
    policy_name: pulumi.Input[str],
    target: aws.appautoscaling.Target,
    args: ReplicaScalingArgs,
    metric: Metric,
    parent: pulumi.Resource,
) -> None:
    """Add and take away replicas so that `metric` holds its value."""
    aws.appautoscaling.Policy(
        name,
        name=policy_name,
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration={
            **metric,
            "scale_in_cooldown": args.scale_in_cooldown_seconds,
            "scale_out_cooldown": args.scale_out_cooldown_seconds,
        },
        opts=pulumi.ResourceOptions(parent=parent),
    )


def first_replica(
    name: str,
    target: aws.appautoscaling.Target,
    args: ReplicaScalingArgs,
    first: FirstReplicaArgs,
    parent: pulumi.Resource,
) -> None:
    """Start one replica when somebody waits and none runs: then no metric of a replica says anything."""
    child = pulumi.ResourceOptions(parent=parent)
    policy = aws.appautoscaling.Policy(
        name,
        name=first.policy_name,
        policy_type="StepScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        step_scaling_policy_configuration={
            "adjustment_type": "ChangeInCapacity",
            "metric_aggregation_type": first.statistic,
            "cooldown": args.scale_out_cooldown_seconds,
            "step_adjustments": [{"metric_interval_lower_bound": "0", "scaling_adjustment": 1}],
        },
        opts=child,
    )
    aws.cloudwatch.MetricAlarm(
        name,
        name=first.alarm_name,
        alarm_description=first.description,
        namespace="AWS/SageMaker",
        metric_name=first.metric_name,
        dimensions=first.dimensions,
        statistic=first.statistic,
        period=first.period_seconds,
        evaluation_periods=first.periods,
        datapoints_to_alarm=first.periods,
        comparison_operator="GreaterThanOrEqualToThreshold",
        threshold=1,
        treat_missing_data="missing",
        alarm_actions=[policy.arn],
        opts=child,
    )
