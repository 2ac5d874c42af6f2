"""The SageMaker pipeline as its JSON definition: check, train, evaluate, gate, register.

Schema: Amazon SageMaker Model Building Pipeline definition, version 2020-12-01
(https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/);
the arguments of a step are those of CreateProcessingJob, CreateTrainingJob and CreateModelPackage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stacks.documents.container import entrypoint, input_folder, output_folder
from stacks.instance_storage import volume_key

SCHEMA_VERSION = "2020-12-01"
EVALUATION = "Evaluation"

Step = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TrainingLimits:
    """Sizes, limits and gates of the jobs, as decided; their meanings are those of the training settings.

    `max_wait_seconds` counts with `use_spot` only. `fairness_maximum_gap` is None without protected groups.
    """

    package: str
    instance_type: str
    instance_count: int
    volume_gib: int
    max_runtime_seconds: int
    use_spot: bool
    max_wait_seconds: int
    processing_instance_type: str
    processing_volume_gib: int
    processing_max_runtime_seconds: int
    network_isolation: bool
    intercontainer_encryption: bool
    quality_metric: str
    quality_minimum: float
    fairness_maximum_gap: float | None
    inference_instance_types: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class TrainingFacts(TrainingLimits):
    """The limits, and the resolved ARNs, names and URIs: everything that the definition holds.

    URIs are S3 prefixes without a trailing slash. `tracking_arn` is None without a tracking server.
    """

    image_uri: str
    training_role_arn: str
    processing_role_arn: str
    subnet_ids: Sequence[str]
    security_group_id: str
    kms_key_arn: str
    input_uri: str
    output_uri: str
    model_package_group: str
    tracking_arn: str | None


def definition(facts: TrainingFacts) -> dict[str, Any]:
    """Return the pipeline definition; every job runs in the network and encrypts volume and output.

    A run may read other data (`InputDataUri`); nothing else is a parameter, so nobody who may start the
    pipeline can widen what its jobs are allowed.
    """
    return {
        "Version": SCHEMA_VERSION,
        "Metadata": {},
        "Parameters": [{"Name": "InputDataUri", "Type": "String", "DefaultValue": facts.input_uri}],
        "Steps": [_contract_check(facts), _train(facts), _evaluate(facts), _gate(facts)],
    }


def _contract_check(facts: TrainingFacts) -> Step:
    inputs = [_s3_input("data", {"Get": "Parameters.InputDataUri"}, input_folder("data"))]
    return {
        "Name": "CheckContract",
        "Type": "Processing",
        "Arguments": _processing(facts, "contract", inputs, "contract"),
    }


def _train(facts: TrainingFacts) -> Step:
    stopping = {"MaxRuntimeInSeconds": facts.max_runtime_seconds}
    arguments: dict[str, Any] = {
        "AlgorithmSpecification": {
            "TrainingImage": facts.image_uri,
            "TrainingInputMode": "File",
            "ContainerEntrypoint": entrypoint(facts.package, "train"),
        },
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": {"Get": "Parameters.InputDataUri"},
                        "S3DataDistributionType": "FullyReplicated",
                    }
                },
            }
        ],
        "OutputDataConfig": {"S3OutputPath": f"{facts.output_uri}/artifacts", "KmsKeyId": facts.kms_key_arn},
        "ResourceConfig": _with_volume_key(
            facts.instance_type,
            facts.kms_key_arn,
            {
                "InstanceType": facts.instance_type,
                "InstanceCount": facts.instance_count,
                "VolumeSizeInGB": facts.volume_gib,
            },
        ),
        "StoppingCondition": stopping,
        "VpcConfig": _vpc(facts),
        "EnableNetworkIsolation": facts.network_isolation,
        "EnableInterContainerTrafficEncryption": facts.intercontainer_encryption,
        "EnableManagedSpotTraining": facts.use_spot,
        "RoleArn": facts.training_role_arn,
        "Environment": _environment(facts),
    }
    if facts.use_spot:
        stopping["MaxWaitTimeInSeconds"] = facts.max_wait_seconds
        # One prefix a run: a restarted job finds its own checkpoints, never those of an older model.
        arguments["CheckpointConfig"] = {"S3Uri": _run_uri(facts, "checkpoints"), "LocalPath": "/opt/ml/checkpoints"}
    return {"Name": "Train", "Type": "Training", "DependsOn": ["CheckContract"], "Arguments": arguments}


def _evaluate(facts: TrainingFacts) -> Step:
    inputs = [
        _s3_input("data", {"Get": "Parameters.InputDataUri"}, input_folder("data")),
        _s3_input("model", {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}, input_folder("model")),
    ]
    return {
        "Name": "Evaluate",
        "Type": "Processing",
        "Arguments": _processing(facts, "evaluate", inputs, "evaluation"),
        "PropertyFiles": [{"PropertyFileName": EVALUATION, "OutputName": "evaluation", "FilePath": "evaluation.json"}],
    }


def _gate(facts: TrainingFacts) -> Step:
    conditions = [
        {
            "Type": "GreaterThanOrEqualTo",
            "LeftValue": _evaluated(f"quality.{facts.quality_metric}"),
            "RightValue": facts.quality_minimum,
        }
    ]
    if facts.fairness_maximum_gap is not None:
        conditions.append(
            {
                "Type": "LessThanOrEqualTo",
                "LeftValue": _evaluated("fairness.gap"),
                "RightValue": facts.fairness_maximum_gap,
            }
        )
    return {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {"Conditions": conditions, "IfSteps": [_register(facts)], "ElseSteps": [_refuse()]},
    }


def _register(facts: TrainingFacts) -> Step:
    report = {"ContentType": "application/json", "S3Uri": _run_uri(facts, "evaluation", "evaluation.json")}
    instance_types = list(facts.inference_instance_types)
    return {
        "Name": "Register",
        "Type": "RegisterModel",
        "Arguments": {
            "ModelPackageGroupName": facts.model_package_group,
            # A person approves; the pipeline's role may set no other status.
            "ModelApprovalStatus": "PendingManualApproval",
            "ModelMetrics": {"ModelQuality": {"Statistics": report}, "Bias": {"Report": report}},
            "InferenceSpecification": {
                "Containers": [
                    {
                        "Image": facts.image_uri,
                        "ModelDataUrl": {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"},
                    }
                ],
                "SupportedContentTypes": ["application/json", "text/csv"],
                "SupportedResponseMIMETypes": ["application/json", "text/csv"],
                "SupportedRealtimeInferenceInstanceTypes": instance_types,
                "SupportedTransformInstanceTypes": instance_types,
            },
            "CustomerMetadataProperties": {"pipeline_execution": {"Get": "Execution.PipelineExecutionArn"}},
        },
    }


def _refuse() -> Step:
    message = "The model misses its quality or fairness limit; evaluation.json of this run says which."
    return {"Name": "Refuse", "Type": "Fail", "Arguments": {"ErrorMessage": message}}


def _processing(facts: TrainingFacts, step: str, inputs: list[Step], output: str) -> dict[str, Any]:
    cluster = _with_volume_key(
        facts.processing_instance_type,
        facts.kms_key_arn,
        {
            "InstanceType": facts.processing_instance_type,
            "InstanceCount": 1,
            "VolumeSizeInGB": facts.processing_volume_gib,
        },
    )
    s3_output = {"S3Uri": _run_uri(facts, output), "LocalPath": output_folder(), "S3UploadMode": "EndOfJob"}
    return {
        "ProcessingResources": {"ClusterConfig": cluster},
        "AppSpecification": {
            "ImageUri": facts.image_uri,
            "ContainerEntrypoint": entrypoint(facts.package, step),
        },
        "ProcessingInputs": inputs,
        "ProcessingOutputConfig": {
            "Outputs": [{"OutputName": output, "S3Output": s3_output}],
            "KmsKeyId": facts.kms_key_arn,
        },
        "NetworkConfig": {
            "EnableNetworkIsolation": facts.network_isolation,
            "EnableInterContainerTrafficEncryption": facts.intercontainer_encryption,
            "VpcConfig": _vpc(facts),
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": facts.processing_max_runtime_seconds},
        "RoleArn": facts.processing_role_arn,
        "Environment": _environment(facts),
    }


def _s3_input(name: str, uri: object, path: str) -> dict[str, Any]:
    source = {
        "S3Uri": uri,
        "LocalPath": path,
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"InputName": name, "S3Input": source}


def _environment(facts: TrainingFacts) -> dict[str, str]:
    if facts.tracking_arn is None or facts.network_isolation:
        # An isolated container reaches no tracking server: its metrics travel in evaluation.json.
        return {}
    return {"MLFLOW_TRACKING_URI": facts.tracking_arn, "MLFLOW_EXPERIMENT_NAME": facts.model_package_group}


def _vpc(facts: TrainingFacts) -> dict[str, Any]:
    return {"SecurityGroupIds": [facts.security_group_id], "Subnets": list(facts.subnet_ids)}


def _with_volume_key(instance_type: str, key_arn: str, config: dict[str, Any]) -> dict[str, Any]:
    key = volume_key(instance_type, key_arn)
    return config if key is None else {**config, "VolumeKmsKeyId": key}


def _run_uri(facts: TrainingFacts, *parts: str) -> dict[str, Any]:
    values: list[object] = [facts.output_uri, "runs", {"Get": "Execution.PipelineExecutionId"}, *parts]
    return {"Std:Join": {"On": "/", "Values": values}}


def _evaluated(path: str) -> dict[str, Any]:
    source = {"Get": f"Steps.Evaluate.PropertyFiles.{EVALUATION}"}
    return {"Std:JsonGet": {"PropertyFile": source, "Path": path}}
