"""The erasure job: where it looks, what it may do there, its container, and the state machine that runs it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stacks import alerts, names, shared_registry
from stacks.documents.key import dns_suffix
from stacks.documents.statement import Document, Statement, allow, document
from stacks.settings import Platform

VCPUS, MEMORY_MIB = 2, 16_384
"""The most memory that Fargate gives two vCPUs: AWS Batch User Guide, "Fargate compute environments", 2026-11-25."""

LONGEST_RUN_SECONDS = 43_200
"""A run that is stopped is resumed by the next, so this bounds cost, not the size of the lake."""


@dataclass(frozen=True, kw_only=True)
class ErasurePlace:
    """Buckets by purpose, and the rest of what an environment keeps people's data in. ARNs begin with `arn:`."""

    platform: Platform
    buckets: Mapping[str, str]
    table_name: str
    stuck_queue_url: str
    workgroup: str
    feature_groups: Sequence[Mapping[str, str]]
    model_package_group: str
    evidence_bucket: str
    copies_days: int

    def told(self) -> str:
        """Return the place as the JSON that the package reads, zones in the order in which they are gone through."""
        bucket = self.buckets
        zones: list[dict[str, Any]] = [
            {"name": "capture", "bucket": bucket["capture"], "prefix": "capture/"},
            {"name": "raw", "bucket": bucket["raw"], "prefix": "raw/"},
            {"name": "curated", "bucket": bucket["curated"], "prefix": "curated/", "leave": ["curated/tables/"]},
            {"name": "tables", "bucket": bucket["curated"], "prefix": "curated/tables/", "rewrites": False},
            {"name": "features", "bucket": bucket["features"], "prefix": "features/", "rewrites": False},
            {"name": "query results", "bucket": bucket["curated"], "prefix": "query-results/", "copies": True},
        ]
        place = {
            "table": self.table_name,
            "stuck_queue_url": self.stuck_queue_url,
            "zones": zones,
            "database": names.database_name(self.platform),
            "workgroup": self.workgroup,
            "feature_groups": [dict(group) for group in self.feature_groups],
            "model_package_group": self.model_package_group,
            "evidence_bucket": self.evidence_bucket,
            "metric_namespace": alerts.metric_namespace(self.platform),
            "copies_days": self.copies_days,
        }
        return json.dumps(place, sort_keys=True)


@dataclass(frozen=True, kw_only=True)
class ErasureGround:
    """ARNs of what the job works on; keys are those that encrypt it."""

    bucket_arns: Mapping[str, str]
    key_arns: Sequence[str]
    table_arn: str
    stuck_queue_arn: str
    evidence_bucket_arn: str
    workgroup: str
    feature_groups: Sequence[str]
    model_package_group_arn: str


def job_permissions(platform: Platform, ground: ErasureGround) -> Document:
    """Return what the job may do: take rows and old versions away, never lift a lock, never decide on a model."""
    objects = [f"{ground.bucket_arns[purpose]}/{purpose}/*" for purpose in ("capture", "curated", "features", "raw")]
    results = f"{ground.bucket_arns['curated']}/query-results/*"
    buckets = sorted(set(ground.bucket_arns.values()))
    read = ["s3:GetObject", "s3:GetObjectLegalHold", "s3:GetObjectRetention", "s3:GetObjectVersion"]
    change = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"]
    find = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"]
    database = names.database_name(platform)
    catalogue = [
        names.service_arn(platform, "glue", suffix)
        for suffix in ("catalog", f"database/{database}", f"table/{database}/*")
    ]
    query = ["athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution"]
    rows = ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan", "dynamodb:UpdateItem"]
    packages = f"{ground.model_package_group_arn.replace(':model-package-group/', ':model-package/')}/*"
    namespace = {"cloudwatch:namespace": alerts.metric_namespace(platform)}
    # The mark alone: whoever may send a status could withdraw a model, or bring one back.
    without_status = {"sagemaker:ModelApprovalStatus": "true"}
    return document(
        [
            allow("Objects", [*read, *change], [*objects, results]),
            allow("Versions", find, buckets),
            allow("Queries", query, names.service_arn(platform, "athena", f"workgroup/{ground.workgroup}")),
            allow("Tables", ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:UpdateTable"], catalogue),
            *_online(platform, ground.feature_groups),
            allow("Register", rows, ground.table_arn),
            allow("TellStuck", ["sqs:SendMessage"], ground.stuck_queue_arn),
            allow("KeepEvidence", ["s3:PutObject"], f"{ground.evidence_bucket_arn}/erasures/*"),
            allow("FindModels", ["sagemaker:ListModelPackages"], ground.model_package_group_arn),
            allow("ReadModels", ["sagemaker:DescribeModelPackage"], packages),
            allow(
                "MarkModels",
                ["sagemaker:UpdateModelPackage"],
                packages,
                Null=without_status,
            ),
            # PutMetricData knows no resource; the namespace is what can be pinned.
            allow("PublishMetrics", ["cloudwatch:PutMetricData"], "*", StringEquals=namespace),
            _keys(platform, ground.key_arns),
        ]
    )


def _online(platform: Platform, groups: Sequence[str]) -> list[Statement]:
    if not groups:
        return []
    arns = [names.service_arn(platform, "sagemaker", f"feature-group/{group}") for group in groups]
    return [allow("OnlineFeatures", ["sagemaker:DeleteRecord", "sagemaker:GetRecord"], arns)]


def _keys(platform: Platform, key_arns: Sequence[str]) -> Statement:
    domain = dns_suffix(platform.partition)
    services = ("dynamodb", "s3", "sagemaker", "sqs")
    via = {"kms:ViaService": [f"{service}.{platform.region}.{domain}" for service in services]}
    use = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
    return allow("UseKeys", use, sorted(set(key_arns)), StringEquals=via)


def start_permissions(platform: Platform, log_group_arn: str) -> Document:
    """Return what Fargate needs to start the container: its image and its log."""
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    homes = [platform, *filter(None, [shared_registry.tooling(platform)])]
    images = [names.service_arn(home, "ecr", f"repository/{names.resource_name(home, '*')}") for home in homes]
    return document(
        [
            allow("PullImages", pull, images),
            allow("RegistryToken", ["ecr:GetAuthorizationToken"], "*"),
            allow("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], f"{log_group_arn}:*"),
        ]
    )


def container(
    platform: Platform,
    *,
    package: str,
    image_uri: str,
    job_role_arn: str,
    execution_role_arn: str,
    log_group: str,
    place: str,
) -> dict[str, Any]:
    """Return the job's container on Fargate. Its disk is encrypted by Fargate; what it reads stays in memory."""
    return {
        "image": image_uri,
        "command": ["python", "-m", f"{package}.erasure", "run"],
        "jobRoleArn": job_role_arn,
        "executionRoleArn": execution_role_arn,
        "resourceRequirements": [
            {"type": "VCPU", "value": str(VCPUS)},
            {"type": "MEMORY", "value": str(MEMORY_MIB)},
        ],
        "environment": [
            {"name": "AWS_DEFAULT_REGION", "value": platform.region},
            {"name": "ERASURE_PLACE", "value": place},
        ],
        "fargatePlatformConfiguration": {"platformVersion": "LATEST"},
        "networkConfiguration": {"assignPublicIp": "DISABLED"},
        "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": log_group,
                "awslogs-region": platform.region,
                "awslogs-stream-prefix": "erasure",
            },
        },
    }


def definition(platform: Platform, *, job_name: str, queue_arn: str, definition_arn: str) -> dict[str, Any]:
    """Return the state machine: one job, awaited, so that a failure is an alarm."""
    return {
        "Comment": "Erase the people who asked for it",
        "QueryLanguage": "JSONata",
        "StartAt": "Erase",
        "TimeoutSeconds": LONGEST_RUN_SECONDS + 3_600,
        "States": {
            "Erase": {
                "Type": "Task",
                "Resource": f"arn:{platform.partition}:states:::batch:submitJob.sync",
                "Arguments": {"JobName": job_name, "JobQueue": queue_arn, "JobDefinition": definition_arn},
                "Retry": [
                    {
                        "ErrorEquals": ["Batch.BatchException"],
                        "IntervalSeconds": 60,
                        "BackoffRate": 2,
                        "MaxAttempts": 3,
                        "JitterStrategy": "FULL",
                    }
                ],
                "End": True,
            }
        },
    }


def run_permissions(platform: Platform, *, queue_arn: str, definition_arn: str) -> list[Statement]:
    """Return what running and awaiting the job takes.

    A job is submitted to its definition of any revision; what describes jobs takes no resource. Source: AWS Step
    Functions Developer Guide, "Run AWS Batch workloads with Step Functions", read 2026-11-25.
    """
    rule = names.service_arn(platform, "events", "rule/StepFunctionsGetEventsForBatchJobsRule")
    any_revision = f"{definition_arn.rsplit(':', 1)[0]}:*"
    return [
        allow("SubmitJobs", ["batch:SubmitJob"], [queue_arn, definition_arn, any_revision]),
        allow("StopJobs", ["batch:TerminateJob"], names.service_arn(platform, "batch", "job/*")),
        allow("FollowJobs", ["batch:DescribeJobs"], "*"),
        allow("FollowEvents", ["events:DescribeRule", "events:PutRule", "events:PutTargets"], rule),
    ]
