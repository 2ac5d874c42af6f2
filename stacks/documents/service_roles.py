"""What each service role of an environment may do, and which service assumes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stacks import names
from stacks.documents import device_ring, machine_roles, released_models
from stacks.documents.grant import Grants
from stacks.documents.statement import Document, allow, document
from stacks.documents.trust import service_trust
from stacks.settings import Platform

SAGEMAKER = "sagemaker.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class ServiceRoleRow:
    """One service role: what it is for, who assumes it, what it may do."""

    purpose: str
    service: str
    permissions: Callable[[Grants, bool], Document]
    trust: Callable[[Platform], Document] | None = None


def training(grants: Grants, online: bool) -> Document:
    """Return what a training job may do: read curated data and features, write models and checkpoints."""
    return document(
        [
            *grants.read(["curated", "features", "models"]),
            grants.write(["models"]),
            *grants.keys(["data", "features", "models"]),
            *grants.container(),
            _tracking(grants),
        ]
    )


def processing(grants: Grants, online: bool) -> Document:
    """Return what a processing job may do: read the lake, write curated data, features and evaluations."""
    return document(
        [
            *grants.read(["raw", "curated", "features", "models"]),
            grants.write(["curated", "features", "models"]),
            *grants.keys(["data", "features", "models"]),
            *grants.given_data(),
            *grants.container(),
            *_queries(grants),
            *([_feature_records(grants, ["sagemaker:BatchGetRecord", "sagemaker:PutRecord"])] if online else []),
            _tracking(grants),
        ]
    )


def pipeline(grants: Grants, online: bool) -> Document:
    """Return what the pipeline may do: run its jobs, register a model that waits for a person's approval."""
    jobs = ("hyper-parameter-tuning-job", "processing-job", "training-job", "transform-job")
    run = [f"sagemaker:{verb}{job}" for job in _JOBS for verb in ("Create", "Describe", "Stop")]
    package = grants.registry()
    describe = ["sagemaker:DescribeModelPackage", "sagemaker:DescribeModelPackageGroup", "sagemaker:ListModelPackages"]
    return document(
        [
            allow("RunJobs", [*run, "sagemaker:AddTags"], grants.any_of(jobs)),
            allow(
                "Models",
                ["sagemaker:AddTags", "sagemaker:CreateModel", "sagemaker:DescribeModel"],
                grants.any_of(["model"]),
            ),
            allow("RegisterUnapproved", ["sagemaker:CreateModelPackage"], package, StringEquals=_PENDING),
            allow("ReadRegistry", [*describe, "sagemaker:AddTags"], package),
            grants.pass_roles(["training", "processing", "endpoint"]),
            *grants.read(["curated", "features", "models"]),
            grants.write(["models"]),
            *grants.keys(["data", "features", "models"]),
            *grants.interfaces(),
            *(machine_roles.request_training(grants) if grants.requests_training else []),
        ]
    )


def endpoint(grants: Grants, online: bool) -> Document:
    """Return what a model container may do: read its model, write captured data, read online features."""
    return document(
        [
            *grants.read(["models"]),
            grants.write(["capture"]),
            *grants.keys(["models", "capture", *(["features"] if online else [])]),
            *grants.container(),
            *([_feature_records(grants, ["sagemaker:BatchGetRecord", "sagemaker:GetRecord"])] if online else []),
        ]
    )


def monitor(grants: Grants, online: bool) -> Document:
    """Return what the drift job may do: read captured data and its baseline, write reports, tell people."""
    return document(
        [
            *grants.read(["capture", "curated", "models"]),
            grants.write(["capture"]),
            *grants.keys(["data", "models", "capture"]),
            *grants.container(),
            allow("Notify", ["sns:Publish"], grants.own("sns", "")),
            _tracking(grants),
        ]
    )


def scheduler(grants: Grants, online: bool) -> Document:
    """Return what a schedule may do: start pipelines and state machines, and keep what it could not start.

    The jobs themselves run under the roles of the pipeline and of the state machines.
    """
    own = grants.own
    return document(
        [
            allow("StartPipelines", ["sagemaker:StartPipelineExecution"], own("sagemaker", "pipeline/")),
            allow("StartStateMachines", ["states:StartExecution"], own("states", "stateMachine:")),
            allow("Undelivered", ["sqs:SendMessage"], own("sqs", "")),
            grants.use_keys(["logs"], ("sqs",)),
            grants.decrypt_schedules("logs"),
        ]
    )


def edge_release(grants: Grants, online: bool) -> Document:
    """Return what packing a version for devices takes: read the model, write what is packed, and have it signed.

    The policy of the signing key names this role alone, so what did not come this way has no signature.
    """
    signing = {"kms:ResourceAliases": names.key_alias(grants.platform, device_ring.SIGNING)}
    return document(
        [
            *grants.read(["models"]),
            grants.write(["models"]),
            *grants.keys(["models"]),
            *grants.container(),
            allow(
                "Sign",
                ["kms:GetPublicKey", "kms:Sign"],
                names.service_arn(grants.platform, "kms", "key/*"),
                ForAnyValue_StringEquals=signing,
            ),
        ]
    )


ROLES = {
    "training": ServiceRoleRow(purpose="Training jobs", service=SAGEMAKER, permissions=training),
    "processing": ServiceRoleRow(purpose="Processing jobs", service=SAGEMAKER, permissions=processing),
    "pipeline": ServiceRoleRow(purpose="The training pipeline", service=SAGEMAKER, permissions=pipeline),
    "endpoint": ServiceRoleRow(purpose="Model containers", service=SAGEMAKER, permissions=endpoint),
    "monitor": ServiceRoleRow(purpose="Drift jobs", service=SAGEMAKER, permissions=monitor),
    "scheduler": ServiceRoleRow(purpose="Schedules", service="scheduler.amazonaws.com", permissions=scheduler),
    "edge_release": ServiceRoleRow(
        purpose="Packing and signing for devices", service=SAGEMAKER, permissions=edge_release
    ),
    "cluster_job": ServiceRoleRow(
        purpose="Training containers on AWS Batch",
        service="ecs-tasks.amazonaws.com",
        permissions=training,
        trust=machine_roles.job_trust,
    ),
    "cluster_node": ServiceRoleRow(
        purpose="Machines of AWS Batch",
        service="ec2.amazonaws.com",
        permissions=machine_roles.node,
        trust=machine_roles.machine_trust,
    ),
    released_models.ROLE: ServiceRoleRow(
        purpose="Containers of many models", service=SAGEMAKER, permissions=released_models.hosting
    ),
    "hyperpod": ServiceRoleRow(purpose="Machines of HyperPod", service=SAGEMAKER, permissions=machine_roles.hyperpod),
}


def role_trust(platform: Platform, role: str) -> Document:
    """Return the trust of a service role: its service, for resources of this account and region."""
    trust = ROLES[role].trust
    if trust is not None:
        return trust(platform)
    service = ROLES[role].service
    source = names.service_arn(platform, service.split(".", maxsplit=1)[0], "*")
    return service_trust(platform, [service], [source])


_JOBS = ("HyperParameterTuningJob", "ProcessingJob", "TrainingJob", "TransformJob")
_PENDING = {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}


def _tracking(grants: Grants) -> Document:
    runs = ["sagemaker-mlflow:AccessUI", "sagemaker-mlflow:CreateExperiment", "sagemaker-mlflow:CreateRun"]
    more = ["DeleteTag", "GetExperiment", "GetExperimentByName", "GetRun", "LogBatch", "LogInputs", "LogMetric"]
    rest = ["LogModel", "LogParam", "SearchRuns", "SetTag", "UpdateRun"]
    apps = [*grants.any_of(["mlflow-app"]), grants.own("sagemaker", "mlflow-tracking-server/")]
    return allow("TrackRuns", [*runs, *(f"sagemaker-mlflow:{action}" for action in (*more, *rest))], apps)


def _feature_records(grants: Grants, actions: list[str]) -> Document:
    groups = grants.own("sagemaker", "feature-group/")
    return allow("FeatureRecords", [*actions, "sagemaker:DescribeFeatureGroup"], groups)


def _queries(grants: Grants) -> list[Document]:
    platform = grants.platform
    database = names.database_name(platform)
    catalog = [
        names.service_arn(platform, "glue", suffix)
        for suffix in ("catalog", f"database/{database}", f"table/{database}/*")
    ]
    query = [
        "athena:GetQueryExecution",
        "athena:GetQueryResults",
        "athena:StartQueryExecution",
        "athena:StopQueryExecution",
    ]
    tables = ["glue:BatchCreatePartition", "glue:CreateTable", "glue:GetDatabase", "glue:GetPartitions"]
    return [
        allow("Queries", query, grants.own("athena", "workgroup/")),
        allow("Catalogue", [*tables, "glue:GetTable", "glue:GetTables", "glue:UpdateTable"], catalog),
    ]
