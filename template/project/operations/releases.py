"""Models of a multi-model endpoint: brought below the prefix that it loads from, where nobody else may write.

Each lies under a name of its own version and is never overwritten: an instance that has loaded it would not look again.
`index.json` says which version callers ask for; the versions of the index before stay for those who have read it.
Source: SageMaker Developer Guide, "Add or remove models" of multi-model endpoints, read 2026-11-26.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from operations.environment import Environment
from operations.problem import OperationError
from operations.services import Services

RELEASED, FOLDER, KEY = "multi_model_released", "multi_model_released_uri", "multi_model_released_key_arn"
INDEX = "index.json"


@dataclass(frozen=True)
class Model:
    """A model that callers ask for by `name`: its approved package, and where it lies below the prefix."""

    name: str
    package_arn: str

    @property
    def place(self) -> str:
        """What callers send as TargetModel: no two versions share it."""
        group, version = self.package_arn.split(":model-package/", maxsplit=1)[1].split("/")
        return f"{self.name}/{group}-{version}.tar.gz"


def release(environment: Environment, outputs: Mapping[str, Any], services: Services) -> None:
    """Bring each model that the configuration names below the prefix, then say so in the index.

    Nothing is brought unless all are approved. What neither this index nor the one before names is taken away.

    Raises:
        OperationError: a package is not approved, or has no archive that the endpoint could load.
    """
    wanted = models(outputs)
    if not wanted:
        return
    bucket, folder = _place(outputs)
    sources = {model.name: _artifact(services, environment, model) for model in wanted}
    before, there = _index(services, bucket, folder), _names(services, bucket, folder)
    for model in wanted:
        if model.place not in there:
            services["s3"].copy(
                sources[model.name],
                bucket,
                folder + model.place,
                ExtraArgs={
                    "ServerSideEncryption": "aws:kms",
                    "SSEKMSKeyId": str(outputs[KEY]),
                    "TaggingDirective": "REPLACE",
                },
            )
            print(f"released: {model.place}, from {model.package_arn}")
    index = {model.name: model.place for model in wanted}
    if index != before:
        text = json.dumps(index, indent=2, sort_keys=True) + "\n"
        services["s3"].put_object(Bucket=bucket, Key=folder + INDEX, Body=text.encode(), ContentType="application/json")
    for place in sorted(there - {INDEX, *index.values(), *before.values()}):
        services["s3"].delete_object(Bucket=bucket, Key=folder + place)
        print(f"removed: {place}, which two releases have left behind")


def compare(outputs: Mapping[str, Any], services: Services) -> list[str]:
    """Return in words what is not as the configuration says; nothing where there is no multi-model endpoint."""
    wanted = models(outputs)
    if not wanted:
        return []
    bucket, folder = _place(outputs)
    index, there = _index(services, bucket, folder), _names(services, bucket, folder)
    found = []
    for model in wanted:
        status = _package(services, model)["ModelApprovalStatus"]
        if status != "Approved":
            found.append(f"{model.name}: {model.package_arn} is {status}")
        if index.get(model.name) != model.place:
            found.append(f"{model.name}: asked {model.place}, the index says {index.get(model.name, 'nothing')}")
        elif model.place not in there:
            found.append(f"{model.name}: {model.place} is not below s3://{bucket}/{folder}")
    asked = {model.name for model in wanted}
    return [*found, *(f"{name}: in the index, and not asked for" for name in sorted(index) if name not in asked)]


def models(outputs: Mapping[str, Any]) -> list[Model]:
    """Return the models that the exports of `serving` name; none without a multi-model endpoint."""
    said = outputs.get(RELEASED) or {}
    packages = said if isinstance(said, dict) else json.loads(said)
    return [Model(name, arn) for name, arn in sorted(packages.items())]


def _place(outputs: Mapping[str, Any]) -> tuple[str, str]:
    bucket, _, folder = str(outputs[FOLDER]).removeprefix("s3://").partition("/")
    return bucket, folder


def _package(services: Services, model: Model) -> dict[str, Any]:
    return dict(services["sagemaker"].describe_model_package(ModelPackageName=model.package_arn))


def _artifact(services: Services, environment: Environment, model: Model) -> dict[str, str]:
    """Return bucket and key of the archive of an approved package."""
    package = _package(services, model)
    if package.get("ModelApprovalStatus") != "Approved":
        raise OperationError(
            f"{model.name} is not approved, nothing was released",
            f"{model.package_arn}: {package.get('ModelApprovalStatus', 'no status')}",
            f"approve it, or name an approved version in config/serving; then: make up ENV={environment.name}",
        )
    (container, *others) = package["InferenceSpecification"]["Containers"]
    uri = str(container.get("ModelDataUrl", ""))
    if others or not uri.startswith("s3://") or not uri.endswith(".tar.gz"):
        raise OperationError(
            f"{model.name} cannot be loaded by a multi-model endpoint, nothing was released",
            f"{model.package_arn}: {1 + len(others)} containers, model data {uri or 'none'}",
            "register it with one container and one .tar.gz archive",
        )
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key}


def _index(services: Services, bucket: str, folder: str) -> dict[str, str]:
    try:
        found = services["s3"].get_object(Bucket=bucket, Key=folder + INDEX)
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            return {}
        raise
    return dict(json.loads(found["Body"].read()))


def _names(services: Services, bucket: str, folder: str) -> set[str]:
    pages = services["s3"].get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder)
    return {row["Key"].removeprefix(folder) for page in pages for row in page.get("Contents", [])}
