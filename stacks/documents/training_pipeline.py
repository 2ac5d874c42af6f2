"""The SageMaker pipeline as its JSON definition: check, train, evaluate, gate, register.

Schema: Amazon SageMaker Model Building Pipeline definition, version 2020-12-01
(https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/);
the arguments of a step are those of CreateProcessingJob, CreateTrainingJob and CreateModelPackage.
"""

from __future__ import annotations

from typing import Any

from stacks.documents.container import entrypoint, input_folder, output_folder
from stacks.documents.training_facts import TrainingFacts, environment, run_uri, vpc_config, with_volume_key
from stacks.documents.training_step import train_step

SCHEMA_VERSION = "2020-12-01"
EVALUATION = "Evaluation"

Step = dict[str, Any]


def definition(facts: TrainingFacts) -> dict[str, Any]:
    """Return the pipeline definition; every job runs in the network and encrypts volume and output.

    A run may read other data (`InputDataUri`); nothing else is a parameter, so nobody who may start the
    pipeline can widen what its jobs are allowed.
    """
    return {
        "Version": SCHEMA_VERSION,
        "Metadata": {},
        "Parameters": [{"Name": "InputDataUri", "Type": "String", "DefaultValue": facts.input_uri}],
        "Steps": [_contract_check(facts), train_step(facts), _evaluate(facts), _gate(facts)],
    }


def _contract_check(facts: TrainingFacts) -> Step:
    inputs = [_s3_input("data", {"Get": "Parameters.InputDataUri"}, input_folder("data"))]
    return {
        "Name": "CheckContract",
        "Type": "Processing",
        "Arguments": _processing(facts, "contract", inputs, "contract"),
    }


def _evaluate(facts: TrainingFacts) -> Step:
    inputs = [
        _s3_input("data", {"Get": "Parameters.InputDataUri"}, input_folder("data")),
        _s3_input("model", facts.model_uri, input_folder("model")),
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
    report = {"ContentType": "application/json", "S3Uri": run_uri(facts, "evaluation", "evaluation.json")}
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
                        "ModelDataUrl": facts.model_uri,
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
    cluster = with_volume_key(
        facts.processing_instance_type,
        facts.kms_key_arn,
        {
            "InstanceType": facts.processing_instance_type,
            "InstanceCount": 1,
            "VolumeSizeInGB": facts.processing_volume_gib,
        },
    )
    s3_output = {"S3Uri": run_uri(facts, output), "LocalPath": output_folder(), "S3UploadMode": "EndOfJob"}
    return {
        "ProcessingResources": {"ClusterConfig": cluster},
        "AppSpecification": {
            "ImageUri": facts.image_uri,
            "ContainerEntrypoint": entrypoint(facts.package, step),
        },
        "ProcessingInputs": inputs,
        "ProcessingOutputConfig": {
            "Outputs": [{"OutputName": output, "S3Output": s3_output}],
            "KmsKeyId": facts.output_key_arn,
        },
        "NetworkConfig": {
            "EnableNetworkIsolation": facts.network_isolation,
            "EnableInterContainerTrafficEncryption": facts.intercontainer_encryption,
            "VpcConfig": vpc_config(facts),
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": facts.processing_max_runtime_seconds},
        "RoleArn": facts.processing_role_arn,
        "Environment": environment(facts),
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


def _evaluated(path: str) -> dict[str, Any]:
    source = {"Get": f"Steps.Evaluate.PropertyFiles.{EVALUATION}"}
    return {"Std:JsonGet": {"PropertyFile": source, "Path": path}}
