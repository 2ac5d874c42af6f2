"""What the scheduled jobs that watch a model have in common: one processing job and the states around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stacks.documents.container import entrypoint, input_folder, output_folder
from stacks.documents.sagemaker_retry import SAGEMAKER_RETRY
from stacks.instance_storage import volume_key

WINDOW_SECONDS = {"hour": 3_600, "day": 86_400}
PICTURES = {"hour": "[Y0001]/[M01]/[D01]/[H01]", "day": "[Y0001]/[M01]/[D01]"}


@dataclass(frozen=True, kw_only=True)
class JobFacts:
    """What a job runs on and reads; URIs are S3 prefixes without a trailing slash.

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

    @property
    def dimensions(self) -> list[dict[str, str]]:
        """The dimensions of every metric of the model."""
        return [{"Name": "Source", "Value": self.source}]


def find_model(facts: JobFacts, then: str) -> dict[str, Any]:
    """Return the state that finds where the live model lies, as `model_uri`."""
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::aws-sdk:sagemaker:describeModelPackage",
        "Arguments": {"ModelPackageName": facts.model_package_arn},
        "Assign": {"model_uri": "{% $states.result.InferenceSpecification.Containers[0].ModelDataUrl %}"},
        "Next": then,
    }


def run_job(
    facts: JobFacts, step: str, reports: str, then: str, *, variables: Mapping[str, str], inputs: Mapping[str, str]
) -> dict[str, Any]:
    """Return the state that runs `step` of the package and waits for it; what SageMaker has no room for is tried again.

    `reports` is the prefix below `capture/` under which each run leaves its report; `variables` are environment
    variables, `inputs` the S3 prefix of each input.
    """
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::sagemaker:createProcessingJob.sync",
        "Arguments": {
            "ProcessingJobName": f"{{% '{facts.job_prefix}-' & $run %}}",
            "RoleArn": facts.role_arn,
            "AppSpecification": {
                "ImageUri": facts.image_uri,
                "ContainerEntrypoint": entrypoint(facts.package, step),
            },
            "Environment": dict(variables),
            "ProcessingInputs": [_s3_input(name, uri) for name, uri in inputs.items()],
            "ProcessingOutputConfig": {"KmsKeyId": facts.kms_key_arn, "Outputs": [_report(facts, reports)]},
            "ProcessingResources": {"ClusterConfig": _cluster(facts)},
            "NetworkConfig": {
                "EnableNetworkIsolation": facts.network_isolation,
                "EnableInterContainerTrafficEncryption": True,
                "VpcConfig": {"SecurityGroupIds": [facts.security_group_id], "Subnets": list(facts.subnet_ids)},
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": facts.max_runtime_seconds},
        },
        "Retry": SAGEMAKER_RETRY,
        "Next": then,
    }


def read_summary(facts: JobFacts, reports: str, then: str) -> dict[str, Any]:
    """Return the state that reads the job's summary.json, as `summary`."""
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::aws-sdk:s3:getObject",
        "Arguments": {
            "Bucket": facts.report_bucket,
            "Key": f"{{% 'capture/{reports}/' & $window & '/' & $run & '/summary.json' %}}",
        },
        "Assign": {"summary": "{% $parse($states.result.Body) %}"},
        "Next": then,
    }


def publish(facts: JobFacts, metric_data: object, then: str | None = None) -> dict[str, Any]:
    """Return the state that publishes `metric_data`; without `then` it is the last one."""
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::aws-sdk:cloudwatch:putMetricData",
        "Arguments": {"Namespace": facts.metric_namespace, "MetricData": metric_data},
        **({"End": True} if then is None else {"Next": then}),
    }


def _cluster(facts: JobFacts) -> dict[str, Any]:
    cluster: dict[str, Any] = {
        "InstanceType": facts.instance_type,
        "InstanceCount": 1,
        "VolumeSizeInGB": facts.volume_gib,
    }
    key = volume_key(facts.instance_type, facts.kms_key_arn)
    return cluster if key is None else {**cluster, "VolumeKmsKeyId": key}


def _report(facts: JobFacts, reports: str) -> dict[str, Any]:
    uri = f"{{% 's3://{facts.report_bucket}/capture/{reports}/' & $window & '/' & $run %}}"
    return {
        "OutputName": "report",
        "S3Output": {"S3Uri": uri, "LocalPath": output_folder(), "S3UploadMode": "EndOfJob"},
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
