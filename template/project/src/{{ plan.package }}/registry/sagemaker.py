"""The registry on AWS: versions as SageMaker model packages, pending until somebody else approves them.

IAM decides who may approve (the approver role), and that is the control; the check of the author here is for people
who hold both roles.
"""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

from .. import storage
from ..problem import NotAllowedError, ProblemError
from .local import APPROVED, PENDING, Registry

__all__ = ["NotAllowedError", "Place", "approve", "prepare", "register", "status"]


@dataclass(frozen=True)
class Place:
    """Where releases go: bucket for the files, model package group, and the image that serves them."""

    bucket: str
    group: str
    image: str


def prepare(place: Place) -> None:
    """Make bucket and group where there are none; on AWS the stacks have made both."""
    region = boto3.session.Session().region_name
    boto3.client("s3").create_bucket(Bucket=place.bucket, CreateBucketConfiguration={"LocationConstraint": region})
    boto3.client("sagemaker").create_model_package_group(ModelPackageGroupName=place.group)


def register(registry: Registry, number: int, place: Place) -> str:
    """Upload a version and register it, pending approval; return the ARN of the model package."""
    version = registry.get(number)
    key = f"registry/{version.sha256}/model.tar.gz"
    boto3.client("s3").put_object(Bucket=place.bucket, Key=key, Body=_packed(registry, number))
    evaluation = storage.read_json(registry.folder(number) / "evaluation.json")
    request: dict[str, Any] = {
        "ModelPackageGroupName": place.group,
        "ModelPackageDescription": f"version {number}, SHA-256 {version.sha256[:12]}",
        "ModelApprovalStatus": PENDING,
        "CustomerMetadataProperties": {
            "author": version.author,
            "model_sha256": version.sha256,
            **{name: f"{value:.6f}" for name, value in evaluation["headline"].items()},
        },
        "InferenceSpecification": {
            "Containers": [{"Image": place.image, "ModelDataUrl": f"s3://{place.bucket}/{key}"}],
            "SupportedContentTypes": ["application/json", "text/csv"],
            "SupportedResponseMIMETypes": ["application/json", "text/csv"],
        },
    }
    return str(boto3.client("sagemaker").create_model_package(**request)["ModelPackageArn"])


def approve(arn: str, *, by: str, reason: str) -> None:
    """Approve a pending package.

    Raises:
        NotAllowedError: the person is its author, or it is not pending.
    """
    found = _describe(arn)
    author = found.get("CustomerMetadataProperties", {}).get("author", "")
    if by.strip().casefold() == author.strip().casefold():
        raise NotAllowedError(f"{by} trained this version and cannot approve it", fix="ask a second person")
    if found["ModelApprovalStatus"] != PENDING:
        raise NotAllowedError("this version is decided already", got=found["ModelApprovalStatus"])
    boto3.client("sagemaker").update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus=APPROVED, ApprovalDescription=f"{by}: {reason}"
    )


def status(arn: str) -> str:
    """The approval status of a package."""
    return str(_describe(arn)["ModelApprovalStatus"])


def _describe(arn: str) -> dict[str, Any]:
    try:
        return dict(boto3.client("sagemaker").describe_model_package(ModelPackageName=arn))
    except ClientError as error:
        raise ProblemError("there is no such model package", got=arn, fix=str(error)) from error


def _packed(registry: Registry, number: int) -> bytes:
    """The version as model.tar.gz, without times and owners: equal versions give equal archives."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path in sorted(registry.folder(number).iterdir()):
            entry = tarfile.TarInfo(path.name)
            entry.size = path.stat().st_size
            archive.addfile(entry, io.BytesIO(path.read_bytes()))
    return buffer.getvalue()
