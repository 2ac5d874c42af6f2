"""The step of the pipeline that trains: a SageMaker job, or a request that a cluster answers."""

from __future__ import annotations

from typing import Any

from stacks.documents.container import entrypoint
from stacks.documents.training_facts import (
    JOBS,
    MODEL_URI,
    TrainingFacts,
    environment,
    run_uri,
    vpc_config,
    with_volume_key,
)

DATA_FOLDER = "features"
"""Where the file system shows the objects of the features bucket."""
INPUT_MODES = {"file": "File", "fast_file": "FastFile", "fsx_lustre": "File"}
# What passes by itself: a lack of machines, and faults of the service.
# https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html, read 2026-11-23
RETRY_POLICIES = (
    {
        "ExceptionType": ["SageMaker.CAPACITY_ERROR", "SageMaker.RESOURCE_LIMIT", "SageMaker.JOB_INTERNAL_ERROR"],
        "IntervalSeconds": 300,
        "BackoffRate": 2.0,
        "MaxAttempts": 5,
    },
    {
        "ExceptionType": ["Step.SERVICE_FAULT", "Step.THROTTLING"],
        "IntervalSeconds": 10,
        "BackoffRate": 2.0,
        "MaxAttempts": 5,
    },
)


def train_step(facts: TrainingFacts) -> dict[str, Any]:
    """Return the step `Train`; a cluster gets a request by queue and answers with the place of the model."""
    step: dict[str, Any] = {"Name": "Train", "DependsOn": ["CheckContract"]}
    if facts.train_platform != JOBS:
        return {
            **step,
            "Type": "Callback",
            "SqsQueueUrl": facts.request_queue_url,
            "Arguments": {
                "run": {"Get": "Execution.PipelineExecutionId"},
                "input_uri": {"Get": "Parameters.InputDataUri"},
                MODEL_URI: run_uri(facts, "model", "model.tar.gz"),
                "checkpoint_uri": run_uri(facts, "checkpoints"),
            },
            "OutputParameters": [{"OutputName": MODEL_URI, "OutputType": "String"}],
        }
    return {
        **step,
        "Type": "Training",
        "Arguments": _job(facts),
        "RetryPolicies": [dict(row) for row in RETRY_POLICIES],
    }


def _job(facts: TrainingFacts) -> dict[str, Any]:
    stopping = {"MaxRuntimeInSeconds": facts.max_runtime_seconds}
    arguments: dict[str, Any] = {
        "AlgorithmSpecification": {
            "TrainingImage": facts.image_uri,
            "TrainingInputMode": INPUT_MODES[facts.input_mode],
            "ContainerEntrypoint": entrypoint(facts.package, "train"),
        },
        "InputDataConfig": [{"ChannelName": "train", "DataSource": _data_source(facts)}],
        "OutputDataConfig": {"S3OutputPath": f"{facts.output_uri}/artifacts", "KmsKeyId": facts.output_key_arn},
        "ResourceConfig": with_volume_key(facts.instance_type, facts.kms_key_arn, _resources(facts)),
        "StoppingCondition": stopping,
        "VpcConfig": vpc_config(facts),
        "EnableNetworkIsolation": facts.network_isolation,
        "EnableInterContainerTrafficEncryption": facts.intercontainer_encryption,
        "EnableManagedSpotTraining": facts.use_spot,
        "RoleArn": facts.training_role_arn,
        "Environment": environment(facts),
    }
    if facts.input_mode == "fsx_lustre":
        # A file system stands in one zone; a job elsewhere would pay for every byte that crosses.
        arguments["VpcConfig"] = {**vpc_config(facts), "Subnets": list(facts.subnet_ids)[:1]}
    if facts.use_spot:
        stopping["MaxWaitTimeInSeconds"] = facts.max_wait_seconds
    if facts.use_spot or facts.checkpoints:
        # One prefix a run: a restarted job finds its own checkpoints, never those of an older model.
        arguments["CheckpointConfig"] = {"S3Uri": run_uri(facts, "checkpoints"), "LocalPath": "/opt/ml/checkpoints"}
    return arguments


def _resources(facts: TrainingFacts) -> dict[str, Any]:
    resources: dict[str, Any] = {
        "InstanceType": facts.instance_type,
        "InstanceCount": facts.instance_count,
        "VolumeSizeInGB": facts.volume_gib,
    }
    if facts.training_plan_arn:
        resources["TrainingPlanArn"] = facts.training_plan_arn
    elif facts.warm_pool_seconds and not facts.use_spot:
        resources["KeepAlivePeriodInSeconds"] = facts.warm_pool_seconds
    return resources


def _data_source(facts: TrainingFacts) -> dict[str, Any]:
    if facts.input_mode == "fsx_lustre":
        return {
            "FileSystemDataSource": {
                "FileSystemId": facts.file_system_id,
                "FileSystemType": "FSxLustre",
                "FileSystemAccessMode": "ro",
                "DirectoryPath": f"/{facts.file_system_mount_name}/{DATA_FOLDER}/training",
            }
        }
    return {
        "S3DataSource": {
            "S3DataType": "S3Prefix",
            "S3Uri": {"Get": "Parameters.InputDataUri"},
            "S3DataDistributionType": "FullyReplicated",
        }
    }
