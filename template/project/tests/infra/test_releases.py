"""Models of a multi-model endpoint: only approved ones are released, none is overwritten, the one before stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from operations import releases
from operations.problem import OperationError
from operations.services import Services
from tests.infra.account import ACCOUNT, REGION, environment

BUCKET = "shop-dev-models"
PACKAGES = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/shop-dev-scores"


class Registry:
    """Packages by ARN, as DescribeModelPackage tells of them; the archive of each lies in the bucket."""

    def __init__(self) -> None:
        self.packages: dict[str, dict[str, Any]] = {}

    def add(self, version: int, *, status: str = "Approved", archive: str = "model.tar.gz") -> str:
        arn = f"{PACKAGES}/{version}"
        key = f"models/runs/{version}/{archive}"
        containers = [{"Image": "image", "ModelDataUrl": f"s3://{BUCKET}/{key}"}]
        self.packages[arn] = {
            "ModelApprovalStatus": status,
            "InferenceSpecification": {"Containers": containers},
        }
        boto3.client("s3", region_name=REGION).put_object(Bucket=BUCKET, Key=key, Body=f"weights {version}".encode())
        return arn

    def describe_model_package(self, *, ModelPackageName: str) -> dict[str, Any]:
        return self.packages[ModelPackageName]


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    with mock_aws():
        client = boto3.client("s3", region_name=REGION)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield Registry()


def _services(registry: Registry) -> Services:
    return Services(REGION, made={"sagemaker": registry, "s3": boto3.client("s3", region_name=REGION)})


def _outputs(**packages: str) -> dict[str, Any]:
    return {
        releases.RELEASED: json.dumps(packages),
        releases.FOLDER: f"s3://{BUCKET}/models/released/",
        releases.KEY: f"arn:aws:kms:{REGION}:{ACCOUNT}:key/models",
    }


def _released(registry: Registry, **packages: str) -> dict[str, bytes]:
    """Release, and return what lies below the prefix."""
    releases.release(environment(), _outputs(**packages), _services(registry))
    return _there()


def _there() -> dict[str, bytes]:
    client = boto3.client("s3", region_name=REGION)
    rows = client.list_objects_v2(Bucket=BUCKET, Prefix="models/released/").get("Contents", [])
    return {
        row["Key"].removeprefix("models/released/"): client.get_object(Bucket=BUCKET, Key=row["Key"])["Body"].read()
        for row in rows
    }


def test_each_approved_package_is_brought_and_named_in_the_index(registry: Registry) -> None:
    there = _released(registry, model=registry.add(3), north=registry.add(4))

    assert there["model/shop-dev-scores-3.tar.gz"] == b"weights 3"
    assert there["north/shop-dev-scores-4.tar.gz"] == b"weights 4"
    assert json.loads(there[releases.INDEX]) == {
        "model": "model/shop-dev-scores-3.tar.gz",
        "north": "north/shop-dev-scores-4.tar.gz",
    }


def test_released_models_are_encrypted_with_the_key_of_models(registry: Registry) -> None:
    _released(registry, model=registry.add(3))

    head = boto3.client("s3", region_name=REGION).head_object(
        Bucket=BUCKET, Key="models/released/model/shop-dev-scores-3.tar.gz"
    )
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", _outputs()[releases.KEY])


@pytest.mark.parametrize("status", ["PendingManualApproval", "Rejected"])
def test_one_that_is_not_approved_holds_back_all(registry: Registry, status: str) -> None:
    outputs = {"model": registry.add(3), "north": registry.add(4, status=status)}

    with pytest.raises(OperationError, match=f"north is not approved.*\n.*{status}"):
        _released(registry, **outputs)

    assert _there() == {}


def test_what_is_no_archive_is_refused(registry: Registry) -> None:
    with pytest.raises(OperationError, match="cannot be loaded"):
        _released(registry, model=registry.add(3, archive="model.bin"))


def test_a_version_is_never_overwritten(registry: Registry) -> None:
    first = registry.add(3)
    _released(registry, model=first)
    registry.add(3)
    boto3.client("s3", region_name=REGION).put_object(
        Bucket=BUCKET, Key="models/runs/3/model.tar.gz", Body=b"other weights"
    )

    assert _released(registry, model=first)["model/shop-dev-scores-3.tar.gz"] == b"weights 3"


def test_the_version_before_stays_for_one_release(registry: Registry) -> None:
    for version in (3, 4):
        there = _released(registry, model=registry.add(version))
    assert {"model/shop-dev-scores-3.tar.gz", "model/shop-dev-scores-4.tar.gz"} <= set(there)

    assert "model/shop-dev-scores-3.tar.gz" not in _released(registry, model=registry.add(5))


def test_going_back_is_naming_the_version_before(registry: Registry) -> None:
    first = registry.add(3)
    for arn in (first, registry.add(4), first):
        there = _released(registry, model=arn)

    assert json.loads(there[releases.INDEX]) == {"model": "model/shop-dev-scores-3.tar.gz"}


def test_without_a_multi_model_endpoint_there_is_nothing_to_release(registry: Registry) -> None:
    releases.release(environment(), {"status": "live"}, _services(registry))

    assert releases.compare({"status": "live"}, _services(registry)) == []


def test_a_package_that_was_rejected_since_is_told(registry: Registry) -> None:
    arn = registry.add(3)
    _released(registry, model=arn)
    assert releases.compare(_outputs(model=arn), _services(registry)) == []

    registry.packages[arn]["ModelApprovalStatus"] = "Rejected"

    assert releases.compare(_outputs(model=arn), _services(registry)) == [f"model: {arn} is Rejected"]


def test_a_model_that_somebody_took_away_is_told(registry: Registry) -> None:
    arn = registry.add(3)
    _released(registry, model=arn)
    boto3.client("s3", region_name=REGION).delete_object(
        Bucket=BUCKET, Key="models/released/model/shop-dev-scores-3.tar.gz"
    )

    (said,) = releases.compare(_outputs(model=arn), _services(registry))

    assert "is not below s3://shop-dev-models/models/released/" in said
