"""Autoscaling of an asynchronous endpoint by the requests that wait, down to no instance at all."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from stacks.components.endpoint_autoscaling import DIMENSION


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
        child = pulumi.ResourceOptions(parent=self)
        target = aws.appautoscaling.Target(
            name,
            service_namespace="sagemaker",
            scalable_dimension=DIMENSION,
            resource_id=pulumi.Output.format("endpoint/{0}/variant/{1}", args.endpoint_name, args.variant_name),
            min_capacity=args.min_capacity,
            max_capacity=args.max_capacity,
            opts=child,
        )
        aws.appautoscaling.Policy(
            f"{name}-backlog",
            name=pulumi.Output.format("{0}-backlog", args.endpoint_name),
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration={
                "target_value": args.backlog_per_instance,
                "customized_metric_specification": {
                    "namespace": "AWS/SageMaker",
                    "metric_name": "ApproximateBacklogSizePerInstance",
                    "statistic": "Average",
                    "dimensions": [{"name": "EndpointName", "value": args.endpoint_name}],
                },
                "scale_in_cooldown": args.scale_in_cooldown_seconds,
                "scale_out_cooldown": args.scale_out_cooldown_seconds,
            },
            opts=child,
        )
        if args.min_capacity == 0:
            self._wake(name, args, target)
        self.register_outputs({})

    def _wake(self, name: str, args: BacklogScalingArgs, target: aws.appautoscaling.Target) -> None:
        child = pulumi.ResourceOptions(parent=self)
        first = aws.appautoscaling.Policy(
            f"{name}-first",
            name=pulumi.Output.format("{0}-first-instance", args.endpoint_name),
            policy_type="StepScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            step_scaling_policy_configuration={
                "adjustment_type": "ChangeInCapacity",
                "metric_aggregation_type": "Average",
                "cooldown": args.scale_out_cooldown_seconds,
                "step_adjustments": [{"metric_interval_lower_bound": "0", "scaling_adjustment": 1}],
            },
            opts=child,
        )
        aws.cloudwatch.MetricAlarm(
            f"{name}-first",
            name=pulumi.Output.format("{0}-without-capacity", args.endpoint_name),
            alarm_description="Requests wait and no instance runs: starts the first one",
            namespace="AWS/SageMaker",
            metric_name="HasBacklogWithoutCapacity",
            dimensions={"EndpointName": args.endpoint_name},
            statistic="Average",
            period=60,
            evaluation_periods=2,
            datapoints_to_alarm=2,
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=1,
            treat_missing_data="missing",
            alarm_actions=[first.arn],
            opts=child,
        )
