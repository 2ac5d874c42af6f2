"""What no role of an environment may make SageMaker do, whatever its own policy allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stacks.documents.statement import Document, deny

# Instances with local NVMe storage encrypt it themselves and refuse a volume key: SageMaker API reference,
# VolumeKmsKeyId of ResourceConfig and ProductionVariant, read 2026-11-23.
LOCAL_STORAGE_INSTANCES = (
    "ml.*d.*",
    "ml.*dn.*",
    "ml.*de.*",
    "ml.g4dn.*",
    "ml.g5.*",
    "ml.g6*",
    "ml.g7*",
    "ml.gr6*",
    "ml.i3*",
    "ml.i4i.*",
    "ml.i7i*",
    "ml.p4*",
    "ml.p5*",
    "ml.p6*",
    "ml.trn*",
)

APPROVING = ("sagemaker:CreateModelPackage", "sagemaker:UpdateModelPackage")
JOBS = ("sagemaker:CreateHyperParameterTuningJob", "sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob")

# These take no instance, network or key condition, or belong to services closed to new customers on
# 2026-07-30 (AWS service availability pages, read 2026-11-23).
UNGUARDED = (
    "sagemaker:CreateAutoMLJob",
    "sagemaker:CreateAutoMLJobV2",
    "sagemaker:CreateFlowDefinition",
    "sagemaker:CreateLabelingJob",
    "sagemaker:CreateMonitoringSchedule",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreateTrainingPlan",
)


@dataclass(frozen=True, kw_only=True)
class SageMakerLimits:
    """What jobs, models and endpoints may ask for; instance types carry their `ml.` prefix."""

    training_instance_types: Sequence[str]
    endpoint_instance_types: Sequence[str]
    require_network_isolation: bool
    require_intercontainer_encryption: bool
    max_job_runtime_seconds: int
    serverless: bool = False
    """Serverless endpoints are allowed: their models lie in no network and their configurations name no instance."""


def guard(limits: SageMakerLimits) -> list[Document]:
    """Return the denies; condition keys per action are those of the Service Authorization Reference.

    A volume or output key may come as `...KmsKey` or `...KmsKeyArn`: sources differ on which the service
    evaluates, so a request is refused when both are absent.
    """
    hosting = ("sagemaker:CreateEndpointConfig", "sagemaker:CreateTransformJob")
    isolated = (*JOBS, "sagemaker:CreateModel")
    statements = [
        deny("NoUnguardedApis", UNGUARDED, "*"),
        deny("NoApproval", APPROVING, "*", StringEquals={"sagemaker:ModelApprovalStatus": "Approved"}),
        deny("OnlyInVpc", JOBS if limits.serverless else isolated, "*", Null={"sagemaker:VpcSubnets": "true"}),
        deny(
            "VolumeKey",
            (*JOBS, *hosting),
            "*",
            Null={"sagemaker:VolumeKmsKey": "true", "sagemaker:VolumeKmsKeyArn": "true"},
            ForAnyValue_StringNotLike={"sagemaker:InstanceTypes": list(LOCAL_STORAGE_INSTANCES)},
        ),
        deny(
            "OutputKey",
            (*JOBS, "sagemaker:CreateTransformJob"),
            "*",
            Null={"sagemaker:OutputKmsKey": "true", "sagemaker:OutputKmsKeyArn": "true"},
        ),
        _only_types("JobInstances", JOBS, limits.training_instance_types),
        _only_types("HostingInstances", hosting, limits.endpoint_instance_types, without=limits.serverless),
        deny(
            "JobRuntime",
            JOBS,
            "*",
            NumericGreaterThan={"sagemaker:MaxRuntimeInSeconds": str(limits.max_job_runtime_seconds)},
        ),
    ]
    if limits.require_network_isolation:
        statements.append(deny("Isolation", isolated, "*", BoolIfExists={"sagemaker:NetworkIsolation": "false"}))
    if limits.require_intercontainer_encryption:
        key = "sagemaker:InterContainerTrafficEncryption"
        statements.append(deny("TrafficEncryption", JOBS, "*", BoolIfExists={key: "false"}))
    return statements


def _only_types(sid: str, actions: Sequence[str], instance_types: Sequence[str], *, without: bool = False) -> Document:
    """`without` says that requests which name no instance are allowed even where no type is."""
    if not instance_types and without:
        return deny(sid, actions, "*", Null={"sagemaker:InstanceTypes": "false"})
    if not instance_types:
        return deny(sid, actions, "*")
    # Absent for serverless requests: ForAnyValue is then false and nothing is denied.
    return deny(sid, actions, "*", ForAnyValue_StringNotLike={"sagemaker:InstanceTypes": list(instance_types)})
