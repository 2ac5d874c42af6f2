"""The registry on AWS: versions as SageMaker model packages, pending until others approve them.

IAM decides who may approve (the approver role), and that a trainer may not; it cannot count people. Votes are
therefore kept with the package, and only the last one that is needed approves it. Who calls the API around this with
the approver role can approve alone: the trail shows it, and `require` refuses such a package.
"""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

from .. import storage
from ..problem import NotAllowedError, ProblemError
from .local import APPROVED, PENDING, Registry

__all__ = ["NotAllowedError", "Place", "approve", "prepare", "register", "require", "status"]

_VOTE = "approval_"
_NAME = re.compile(r"[\w .:/=+@-]{1,256}")
_LONGEST_DESCRIPTION = 1024


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


def approve(arn: str, *, by: str, reason: str, needed: int = 1) -> str:
    """Note a person's approval with a pending package; the one that makes `needed` approves it. Return the status.

    Raises:
        NotAllowedError: the person is its author or has voted, gives no reason, or the package is not pending.
    """
    found = _describe(arn)
    facts = dict(found.get("CustomerMetadataProperties", {}))
    who, votes = by.strip().casefold(), _votes(facts)
    if not _NAME.fullmatch(who) or not reason.strip():
        raise NotAllowedError("an approval needs a name and a reason", got=f"{by!r}, {reason!r}", allowed=_NAME.pattern)
    if who == facts.get("author", "").strip().casefold():
        raise NotAllowedError(f"{by} trained this version and cannot approve it", fix="ask a second person")
    if found["ModelApprovalStatus"] != PENDING:
        raise NotAllowedError("this version is decided already", got=found["ModelApprovalStatus"])
    if who in {name.casefold() for name in votes}:
        raise NotAllowedError(f"{by} has already voted on this version", fix="ask another person")
    said = [*filter(None, [found.get("ApprovalDescription", "")]), f"{by.strip()}: {reason.strip()}"]
    # The status is always sent: the approver's role may update a package only together with one.
    boto3.client("sagemaker").update_model_package(
        ModelPackageArn=arn,
        ModelApprovalStatus=APPROVED if len(votes) + 1 >= needed else PENDING,
        ApprovalDescription=" | ".join(said)[:_LONGEST_DESCRIPTION],
        CustomerMetadataProperties=facts | {f"{_VOTE}{len(votes) + 1}": by.strip()},
    )
    return status(arn)


def require(arn: str, needed: int) -> list[str]:
    """The people who approved a package, for a deployment to check.

    Raises:
        NotAllowedError: it is not approved, or by fewer people other than its author than `needed`.
    """
    found = _describe(arn)
    facts = found.get("CustomerMetadataProperties", {})
    author = facts.get("author", "").strip().casefold()
    people = {name.casefold(): name for name in _votes(facts) if name.casefold() != author}
    if found["ModelApprovalStatus"] != APPROVED or len(people) < needed:
        raise NotAllowedError(
            "this package may not go live",
            got=f"{found['ModelApprovalStatus']}, approved by {', '.join(people.values()) or 'nobody'}",
            allowed=f"{APPROVED}, by {needed} people other than its author",
            fix="have it approved with `python -m <package> approve-package`, so that every vote is kept",
        )
    return list(people.values())


def _votes(facts: Mapping[str, str]) -> list[str]:
    """Names of those who approved, in order."""
    return [facts[key] for key in sorted(facts) if key.startswith(_VOTE)]


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
