"""How an approved version becomes something that devices run: packed and signed by a job, described by a recipe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stacks import names
from stacks.documents import device_ring
from stacks.documents.container import entrypoint, input_folder, output_folder
from stacks.documents.sagemaker_retry import SAGEMAKER_RETRY
from stacks.documents.statement import Document, Statement, document
from stacks.instance_storage import volume_key
from stacks.settings import Platform

RECIPE_FORMAT = "2020-01-25"
MODEL, CODE = "model.zip", "code.zip"
"""What a job packs for a version; each has its signature beside it."""
SIGNATURE = ".sig"
COMPONENT_TYPE = "AWS::GreengrassV2::ComponentVersion"
DEPLOYMENT_TYPE = "AWS::GreengrassV2::Deployment"
APPROVED = "Approved"
STEP = "edge_release"


@dataclass(frozen=True, kw_only=True)
class ReleaseFacts:
    """What packs a version: `releases_uri` is the S3 prefix below which `<version>/` is written."""

    partition: str
    job_prefix: str
    package: str
    image_uri: str
    role_arn: str
    subnet_ids: Sequence[str]
    security_group_id: str
    kms_key_arn: str
    signing_key_arn: str
    releases_uri: str
    instance_type: str
    volume_gib: int
    max_runtime_seconds: int


def definition(facts: ReleaseFacts) -> dict[str, Any]:
    """Return the state machine: an approved package is packed and signed, any other fails and says so.

    Its input is the event of an approval, or `{"model_package_arn": ...}` from a person; what the registry says now
    decides, not what the event said.
    """
    arn = "$exists($states.input.model_package_arn) ? $states.input.model_package_arn"
    return {
        "Comment": "Pack and sign an approved version for devices",
        "QueryLanguage": "JSONata",
        "StartAt": "FindPackage",
        "TimeoutSeconds": 2 * facts.max_runtime_seconds,
        "States": {
            "FindPackage": {
                "Type": "Task",
                "Resource": f"arn:{facts.partition}:states:::aws-sdk:sagemaker:describeModelPackage",
                "Arguments": {"ModelPackageName": f"{{% {arn} : $states.input.detail.ModelPackageArn %}}"},
                "Assign": {
                    "status": "{% $states.result.ModelApprovalStatus %}",
                    "version": "{% $string($states.result.ModelPackageVersion) %}",
                    "model_uri": "{% $states.result.InferenceSpecification.Containers[0].ModelDataUrl %}",
                    "run": "{% $substring($uuid(), 0, 13) %}",
                },
                "Next": "IsApproved",
            },
            "IsApproved": {
                "Type": "Choice",
                "Choices": [{"Condition": f"{{% $status = '{APPROVED}' %}}", "Next": "Pack"}],
                "Default": "NotApproved",
            },
            "NotApproved": {
                "Type": "Fail",
                "Error": "NotApproved",
                "Cause": "{% 'version ' & $version & ' is ' & $status & ': have it approved first' %}",
            },
            "Pack": {**_pack(facts), "End": True},
        },
    }


def _pack(facts: ReleaseFacts) -> dict[str, Any]:
    cluster: dict[str, Any] = {
        "InstanceType": facts.instance_type,
        "InstanceCount": 1,
        "VolumeSizeInGB": facts.volume_gib,
    }
    key = volume_key(facts.instance_type, facts.kms_key_arn)
    source = {"S3Uri": "{% $model_uri %}", "LocalPath": input_folder("model"), "S3DataType": "S3Prefix"}
    target = {
        "S3Uri": f"{{% '{facts.releases_uri}/' & $version %}}",
        "LocalPath": output_folder(),
        "S3UploadMode": "EndOfJob",
    }
    return {
        "Type": "Task",
        "Resource": f"arn:{facts.partition}:states:::sagemaker:createProcessingJob.sync",
        "Arguments": {
            "ProcessingJobName": f"{{% '{facts.job_prefix}-' & $run %}}",
            "RoleArn": facts.role_arn,
            "AppSpecification": {
                "ImageUri": facts.image_uri,
                "ContainerEntrypoint": entrypoint(facts.package, STEP),
            },
            "Environment": {"MODEL_VERSION": "{% $version %}", "SIGNING_KEY_ARN": facts.signing_key_arn},
            "ProcessingInputs": [
                {"InputName": "model", "S3Input": {**source, "S3InputMode": "File"}},
            ],
            "ProcessingOutputConfig": {
                "KmsKeyId": facts.kms_key_arn,
                "Outputs": [{"OutputName": "release", "S3Output": target}],
            },
            "ProcessingResources": {"ClusterConfig": cluster if key is None else {**cluster, "VolumeKmsKeyId": key}},
            "NetworkConfig": {
                # The job asks KMS for signatures, which a container without a network cannot.
                "EnableNetworkIsolation": False,
                "EnableInterContainerTrafficEncryption": True,
                "VpcConfig": {"SecurityGroupIds": [facts.security_group_id], "Subnets": list(facts.subnet_ids)},
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": facts.max_runtime_seconds},
        },
        "Retry": SAGEMAKER_RETRY,
    }


def approvals(group_name: str) -> dict[str, Any]:
    """Return the event pattern of an approval in the registry."""
    return {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {"ModelPackageGroupName": [group_name], "ModelApprovalStatus": [APPROVED]},
    }


def signing_key_policy(platform: Platform, role_arn: str) -> Document:
    """Return the policy of the signing key: the account administers, one role signs, anybody in it may verify."""
    root = names.account_root_arn(platform)
    administration = [
        *("kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:EnableKey", "kms:GetKeyPolicy"),
        *("kms:DisableKey", "kms:GetPublicKey", "kms:ListResourceTags", "kms:PutKeyPolicy"),
        *("kms:CancelKeyDeletion", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource"),
        *("kms:UpdateAlias", "kms:UpdateKeyDescription", "kms:Verify"),
    ]
    statements: list[Statement] = [
        _key_statement("AdministerThroughIam", root, administration),
        _key_statement("SignReleases", role_arn, ["kms:GetPublicKey", "kms:Sign"]),
    ]
    return document(statements)


def recipe(component: str, version: int, *, bucket: str, package: str, architecture: str) -> dict[str, Any]:
    """Return the recipe of a version of the registry; a component's version is `<version>.0.0`.

    Greengrass adds the digest of each artefact when the component is made. What starts on the device is OpenSSL, which
    holds the code against its signature; the code then does the same with the model. Source: AWS IoT Greengrass V2
    Developer Guide, "Component recipe reference", read 2026-11-26.
    """
    place = "{artifacts:path}"
    key, code = "{configuration:/publicKeyPath}", f"{{artifacts:decompressedPath}}/{CODE.removesuffix('.zip')}"
    run = (
        f"openssl dgst -sha256 -verify {key} -signature {place}/{CODE}{SIGNATURE} {place}/{CODE}\n"
        f"PYTHONPATH={code} exec python3 -m {package}.edge.device --release {place}"
        f" --public-key {key} --readings {{configuration:/readingsPath}} --state {{work:path}}"
    )
    files = [f"{name}{ending}" for name in (MODEL, CODE) for ending in ("", SIGNATURE)]
    prefix = f"s3://{bucket}/{device_ring.ARTEFACTS}/{version}"
    return {
        "RecipeFormatVersion": RECIPE_FORMAT,
        "ComponentName": component,
        "ComponentVersion": component_version(version),
        "ComponentType": "aws.greengrass.generic",
        "ComponentDescription": "Remaining life of this device, told by itself",
        "ComponentPublisher": "the team that owns the model",
        "ComponentConfiguration": {
            "DefaultConfiguration": {
                "publicKeyPath": "/greengrass/v2/keys/model.pem",
                "readingsPath": "/var/lib/readings",
            }
        },
        "Manifests": [
            {
                "Platform": {"os": "linux", "architecture": {"arm64": "aarch64", "x86_64": "amd64"}[architecture]},
                "Lifecycle": {"run": {"script": f"set -e\n{run}"}},
                "Artifacts": [
                    {
                        "Uri": f"{prefix}/{name}",
                        "Permission": {"Read": "OWNER"},
                        **({"Unarchive": "ZIP"} if name == CODE else {}),
                    }
                    for name in files
                ],
            }
        ],
    }


def component_version(version: int) -> str:
    """Return a version of the registry as Greengrass writes it."""
    return f"{version}.0.0"


@dataclass(frozen=True, kw_only=True)
class Caution:
    """How a version spreads in a ring, and when it stops: percent of the devices tried, after at least so many."""

    failed_percent: int
    least_devices: int
    first_per_minute: int
    most_per_minute: int
    device_minutes: int


def deployment(
    component: str, version: int, *, ring: str, group_arn: str, caution: Caution, tags: dict[str, str]
) -> dict[str, Any]:
    """Return the desired state of AWS::GreengrassV2::Deployment of a ring.

    A device that fails goes back to what it ran; a ring in which too many fail, refuse or stay silent is stopped. The
    pace doubles each time as many devices have succeeded as are started in the first ten minutes.
    """
    return {
        "TargetArn": group_arn,
        "DeploymentName": f"{component} {component_version(version)} {ring}",
        "Components": {component: {"ComponentVersion": component_version(version)}},
        "DeploymentPolicies": {
            "FailureHandlingPolicy": "ROLLBACK",
            "ComponentUpdatePolicy": {"Action": "NOTIFY_COMPONENTS", "TimeoutInSeconds": 60},
            "ConfigurationValidationPolicy": {"TimeoutInSeconds": 60},
        },
        "IotJobConfiguration": {
            "JobExecutionsRolloutConfig": {
                "ExponentialRate": {
                    "BaseRatePerMinute": caution.first_per_minute,
                    "IncrementFactor": 2,
                    "RateIncreaseCriteria": {"NumberOfSucceededThings": 10 * caution.first_per_minute},
                },
                "MaximumPerMinute": caution.most_per_minute,
            },
            "AbortConfig": {
                "CriteriaList": [
                    {
                        "FailureType": failure,
                        "Action": "CANCEL",
                        "ThresholdPercentage": caution.failed_percent,
                        "MinNumberOfExecutedThings": caution.least_devices,
                    }
                    for failure in ("FAILED", "REJECTED", "TIMED_OUT")
                ]
            },
            "TimeoutConfig": {"InProgressTimeoutInMinutes": caution.device_minutes},
        },
        "Tags": tags,
    }


def _key_statement(sid: str, principal: str, actions: Sequence[str]) -> Document:
    return {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": principal}, "Action": list(actions), "Resource": "*"}
