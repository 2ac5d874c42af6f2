"""The state machine of the drift job, as Amazon States Language with JSONata.

The job compares one whole window of captured or scored records with the baseline and writes `summary.json`;
the state machine turns it into CloudWatch metrics, so that the container needs no network at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stacks import alerts
from stacks.documents.container import entrypoint, input_folder, output_folder
from stacks.instance_storage import volume_key

WINDOW_SECONDS = {"hour": 3_600, "day": 86_400}
REPORTS = "drift"
"""Prefix below `capture/` in the capture bucket under which each run leaves its report."""

_PICTURES = {"hour": "[Y0001]/[M01]/[D01]/[H01]", "day": "[Y0001]/[M01]/[D01]"}
_METRICS = {
    alerts.DRIFTED_SHARE: "drifted_share",
    alerts.PREDICTION_SHIFT: "prediction_shift",
    alerts.CAPTURED_RECORDS: "records",
}


@dataclass(frozen=True, kw_only=True)
class DriftFacts:
    """Everything that the definition holds; URIs are S3 prefixes without a trailing slash.

    `window` is `hour` or `day`. `source` is the metric dimension that tells endpoints apart.
    """

    partition: str
    job_prefix: str
    package: str
    image_uri: str
    role_arn: str
    subnet_ids: Sequence[str]
    security_group_id: str
    kms_key_arn: str
    records_uri: str
    model_package_arn: str
    report_bucket: str
    window: str
    instance_type: str
    volume_gib: int
    max_runtime_seconds: int
    network_isolation: bool
    metric_namespace: str
    source: str


def definition(facts: DriftFacts) -> dict[str, Any]:
    """Return the state machine: choose the window, find the live model, compare, read the summary, publish it.

    The baseline travels in the model's artifact: a window is always held against what the live model has seen.
    An execution whose input holds `window` (`2026/11/23`) judges that window again.
    """
    return {
        "Comment": "Compare the last whole window with the baseline",
        "QueryLanguage": "JSONata",
        "StartAt": "ChooseWindow",
        "TimeoutSeconds": facts.max_runtime_seconds + 3_600,
        "States": {
            "ChooseWindow": {
                "Type": "Pass",
                "Assign": {"window": _window(facts.window), "run": "{% $substring($uuid(), 0, 13) %}"},
                "Next": "FindModel",
            },
            "FindModel": {
                "Type": "Task",
                "Resource": f"arn:{facts.partition}:states:::aws-sdk:sagemaker:describeModelPackage",
                "Arguments": {"ModelPackageName": facts.model_package_arn},
                "Assign": {"model_uri": "{% $states.result.InferenceSpecification.Containers[0].ModelDataUrl %}"},
                "Next": "Compare",
            },
            "Compare": {
                "Type": "Task",
                "Resource": f"arn:{facts.partition}:states:::sagemaker:createProcessingJob.sync",
                "Arguments": _processing_job(facts),
                "Retry": [
                    {
                        "ErrorEquals": ["SageMaker.AmazonSageMakerException"],
                        "IntervalSeconds": 60,
                        "BackoffRate": 2,
                        "MaxAttempts": 3,
                        "JitterStrategy": "FULL",
                    }
                ],
                "Next": "ReadSummary",
            },
            "ReadSummary": {
                "Type": "Task",
                "Resource": f"arn:{facts.partition}:states:::aws-sdk:s3:getObject",
                "Arguments": {
                    "Bucket": facts.report_bucket,
                    "Key": f"{{% 'capture/{REPORTS}/' & $window & '/' & $run & '/summary.json' %}}",
                },
                "Assign": {"summary": "{% $parse($states.result.Body) %}"},
                "Next": "PublishMetrics",
            },
            "PublishMetrics": {
                "Type": "Task",
                "Resource": f"arn:{facts.partition}:states:::aws-sdk:cloudwatch:putMetricData",
                "Arguments": {"Namespace": facts.metric_namespace, "MetricData": _metric_data(facts.source)},
                "End": True,
            },
        },
    }


def _window(window: str) -> str:
    milliseconds = WINDOW_SECONDS[window] * 1000
    last = f"$fromMillis($toMillis($states.context.Execution.StartTime) - {milliseconds}, '{_PICTURES[window]}')"
    return f"{{% $exists($states.input.window) ? $states.input.window : {last} %}}"


def _metric_data(source: str) -> list[dict[str, Any]]:
    dimensions = [{"Name": "Source", "Value": source}]
    return [
        {"MetricName": metric, "Dimensions": dimensions, "Value": f"{{% $summary.{field} %}}"}
        for metric, field in _METRICS.items()
    ]


def _processing_job(facts: DriftFacts) -> dict[str, Any]:
    cluster: dict[str, Any] = {
        "InstanceType": facts.instance_type,
        "InstanceCount": 1,
        "VolumeSizeInGB": facts.volume_gib,
    }
    key = volume_key(facts.instance_type, facts.kms_key_arn)
    if key is not None:
        cluster["VolumeKmsKeyId"] = key
    report_uri = f"{{% 's3://{facts.report_bucket}/capture/{REPORTS}/' & $window & '/' & $run %}}"
    return {
        "ProcessingJobName": f"{{% '{facts.job_prefix}-' & $run %}}",
        "RoleArn": facts.role_arn,
        "AppSpecification": {
            "ImageUri": facts.image_uri,
            "ContainerEntrypoint": entrypoint(facts.package, "drift"),
        },
        "Environment": {"DRIFT_WINDOW": "{% $window %}"},
        "ProcessingInputs": [
            _s3_input("records", f"{{% '{facts.records_uri}/' & $window & '/' %}}"),
            _s3_input("baseline", "{% $model_uri %}"),
        ],
        "ProcessingOutputConfig": {
            "KmsKeyId": facts.kms_key_arn,
            "Outputs": [
                {
                    "OutputName": "report",
                    "S3Output": {"S3Uri": report_uri, "LocalPath": output_folder(), "S3UploadMode": "EndOfJob"},
                }
            ],
        },
        "ProcessingResources": {"ClusterConfig": cluster},
        "NetworkConfig": {
            "EnableNetworkIsolation": facts.network_isolation,
            "EnableInterContainerTrafficEncryption": True,
            "VpcConfig": {"SecurityGroupIds": [facts.security_group_id], "Subnets": list(facts.subnet_ids)},
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": facts.max_runtime_seconds},
    }


def _s3_input(name: str, uri: str) -> dict[str, Any]:
    source = {
        "S3Uri": uri,
        "LocalPath": input_folder(name),
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
        "S3DataDistributionType": "FullyReplicated",
    }
    return {"InputName": name, "S3Input": source}
