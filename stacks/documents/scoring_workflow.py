"""The state machine of batch scoring, as Amazon States Language with JSONata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stacks.documents.sagemaker_retry import SAGEMAKER_RETRY
from stacks.instance_storage import volume_key

TODAY = "$fromMillis($toMillis($states.context.Execution.StartTime), '[Y0001]/[M01]/[D01]')"
"""JSONata: the UTC day on which the execution began, as yyyy/mm/dd."""


@dataclass(frozen=True, kw_only=True)
class ScoringFacts:
    """Everything that the definition holds; URIs are S3 prefixes without a trailing slash."""

    partition: str
    job_prefix: str
    model_name: str
    input_uri: str
    output_uri: str
    kms_key_arn: str
    instance_type: str
    instance_count: int
    max_payload_mib: int
    content_type: str


def definition(facts: ScoringFacts) -> dict[str, Any]:
    """Return the state machine: one transform job over the records of a UTC day, below `input_uri`/yyyy/mm/dd.

    An execution whose input holds `day` (`2026/11/23`) scores that day again. Each scored record carries its
    input, so that drift and errors can be judged without a join. A job that SageMaker refuses for lack of
    capacity is tried again; its network is that of the model.
    """
    return {
        "Comment": "Score the records of the day with the approved model",
        "QueryLanguage": "JSONata",
        "StartAt": "ChooseDay",
        "TimeoutSeconds": 86_400,
        "States": {
            "ChooseDay": {
                "Type": "Pass",
                "Assign": {"day": f"{{% $exists($states.input.day) ? $states.input.day : {TODAY} %}}"},
                "Next": "Score",
            },
            "Score": {
                "Type": "Task",
                "Resource": f"arn:{facts.partition}:states:::sagemaker:createTransformJob.sync",
                "Arguments": _transform_job(facts),
                "Retry": SAGEMAKER_RETRY,
                "End": True,
            },
        },
    }


def _transform_job(facts: ScoringFacts) -> dict[str, Any]:
    resources: dict[str, Any] = {"InstanceType": facts.instance_type, "InstanceCount": facts.instance_count}
    key = volume_key(facts.instance_type, facts.kms_key_arn)
    if key is not None:
        resources["VolumeKmsKeyId"] = key
    return {
        "TransformJobName": f"{{% '{facts.job_prefix}-' & $substring($uuid(), 0, 13) %}}",
        "ModelName": facts.model_name,
        "BatchStrategy": "MultiRecord",
        "MaxPayloadInMB": facts.max_payload_mib,
        "TransformInput": {
            "ContentType": facts.content_type,
            "SplitType": "Line",
            "CompressionType": "None",
            "DataSource": {
                "S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{{% '{facts.input_uri}/' & $day & '/' %}}"}
            },
        },
        "TransformOutput": {
            "S3OutputPath": f"{{% '{facts.output_uri}/' & $day %}}",
            "Accept": facts.content_type,
            "AssembleWith": "Line",
            "KmsKeyId": facts.kms_key_arn,
        },
        "TransformResources": resources,
        "DataProcessing": {"JoinSource": "Input"},
    }
