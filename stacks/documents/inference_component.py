"""Desired states of inference components and their endpoint configuration, in CloudFormation's own words.

The AWS provider for Pulumi has no inference component, and its endpoint configuration takes no network, so both go
through Cloud Control. Source: CloudFormation template reference, AWS::SageMaker::EndpointConfig and
AWS::SageMaker::InferenceComponent, read 2026-11-25.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

CONFIGURATION = "AWS::SageMaker::EndpointConfig"
COMPONENT = "AWS::SageMaker::InferenceComponent"
VARIANT = "live"
BATCH_PERCENT = 50
"""Largest share of the copies that an update replaces at once; SageMaker takes 5 to 50."""
LONGEST_UPDATE_SECONDS = 28_800


@dataclass(frozen=True, kw_only=True)
class HostFacts:
    """The instances that components share; `volume_key_arn` is none where they store on disks of their own."""

    name: str
    role_arn: str
    subnet_ids: Sequence[str]
    security_group_id: str
    network_isolation: bool
    instance_type: str
    min_instances: int
    max_instances: int
    volume_key_arn: str | None
    tags: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ComponentFacts:
    """One model on the instances; memory in MB, times in seconds. `copies` is where it starts."""

    name: str
    endpoint_name: str
    model_name: str
    copies: int
    accelerators: int
    cpu_cores: float
    memory_mb: int
    startup_seconds: int
    rollout_wait_seconds: int
    rollback_alarm_names: Sequence[str]
    tags: Mapping[str, str]


def host(facts: HostFacts) -> dict[str, Any]:
    """Return the endpoint configuration: SageMaker adds and removes instances for the copies, down to none.

    The network belongs to the configuration because the instances outlive each single model.
    """
    state: dict[str, Any] = {
        "EndpointConfigName": facts.name,
        "ExecutionRoleArn": facts.role_arn,
        "EnableNetworkIsolation": facts.network_isolation,
        "VpcConfig": {"Subnets": list(facts.subnet_ids), "SecurityGroupIds": [facts.security_group_id]},
        "ProductionVariants": [
            {
                "VariantName": VARIANT,
                "InstanceType": facts.instance_type,
                "InitialInstanceCount": max(facts.min_instances, 1),
                "ManagedInstanceScaling": {
                    "Status": "ENABLED",
                    "MinInstanceCount": facts.min_instances,
                    "MaxInstanceCount": facts.max_instances,
                },
                "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
            }
        ],
        "Tags": _tags(facts.tags),
    }
    if facts.volume_key_arn is not None:
        state["KmsKeyId"] = facts.volume_key_arn
    return state


def component(facts: ComponentFacts) -> dict[str, Any]:
    """Return the component: what each copy has for itself, and how an update replaces copies and turns back."""
    resources: dict[str, Any] = {
        "NumberOfCpuCoresRequired": facts.cpu_cores,
        "MinMemoryRequiredInMb": facts.memory_mb,
    }
    if facts.accelerators:
        resources["NumberOfAcceleratorDevicesRequired"] = facts.accelerators
    return {
        "InferenceComponentName": facts.name,
        "EndpointName": facts.endpoint_name,
        "VariantName": VARIANT,
        "Specification": {
            "ModelName": facts.model_name,
            "ComputeResourceRequirements": resources,
            "StartupParameters": {
                "ContainerStartupHealthCheckTimeoutInSeconds": facts.startup_seconds,
                "ModelDataDownloadTimeoutInSeconds": facts.startup_seconds,
            },
        },
        "RuntimeConfig": {"CopyCount": facts.copies},
        "DeploymentConfig": {
            "RollingUpdatePolicy": {
                "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": BATCH_PERCENT},
                "WaitIntervalInSeconds": facts.rollout_wait_seconds,
                "MaximumExecutionTimeoutInSeconds": _timeout(facts),
            },
            "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in facts.rollback_alarm_names]},
        },
        "Tags": _tags(facts.tags),
    }


def _timeout(facts: ComponentFacts) -> int:
    steps = ceil(100 / BATCH_PERCENT)
    return min(LONGEST_UPDATE_SECONDS, max(600, steps * (2 * facts.startup_seconds + facts.rollout_wait_seconds)))


def _tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Cloud Control knows nothing of the provider's default tags."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
