"""What AWS says of an endpoint, read and nothing else; {} and None stand for what does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError

DIMENSION = "sagemaker:variant:DesiredInstanceCount"


@dataclass(frozen=True)
class Clients:
    """The two services that know."""

    sagemaker: Any
    scaling: Any

    def endpoint(self, name: str) -> dict[str, Any]:
        """Return the endpoint."""
        return _found(self.sagemaker.describe_endpoint, EndpointName=name)

    def configuration(self, name: str) -> dict[str, Any]:
        """Return the endpoint configuration."""
        return _found(self.sagemaker.describe_endpoint_config, EndpointConfigName=name)

    def model(self, name: str) -> dict[str, Any]:
        """Return the model."""
        return _found(self.sagemaker.describe_model, ModelName=name)

    def approval(self, package_arn: str) -> str:
        """Return the approval of a model package, as the registry has it now."""
        package = _found(self.sagemaker.describe_model_package, ModelPackageName=package_arn)
        return str(package.get("ModelApprovalStatus", "not in the registry"))

    def capacity(self, endpoint: str, variant: str) -> tuple[int, int] | None:
        """Return between how many instances the variant scales."""
        answer = self.scaling.describe_scalable_targets(
            ServiceNamespace="sagemaker",
            ResourceIds=[f"endpoint/{endpoint}/variant/{variant}"],
            ScalableDimension=DIMENSION,
        )
        rows = answer["ScalableTargets"]
        return (rows[0]["MinCapacity"], rows[0]["MaxCapacity"]) if rows else None

    def configurations(self, prefix: str) -> list[dict[str, Any]]:
        """Return the configurations whose names begin with `prefix`, the newest first."""
        rows = self._pages("list_endpoint_configs", "EndpointConfigs", prefix)
        return [row for row in rows if row["EndpointConfigName"].startswith(prefix)]

    def models(self, prefix: str) -> list[dict[str, Any]]:
        """Return the models whose names begin with `prefix`, the newest first."""
        return [row for row in self._pages("list_models", "Models", prefix) if row["ModelName"].startswith(prefix)]

    def tags(self, arn: str) -> dict[str, str]:
        """Return the tags of a SageMaker resource."""
        pages = self.sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
        return {row["Key"]: row["Value"] for page in pages for row in page["Tags"]}

    def component_models(self, endpoint: str) -> list[str]:
        """Return the models of the inference components that an endpoint hosts."""
        pages = self.sagemaker.get_paginator("list_inference_components").paginate(EndpointNameEquals=endpoint)
        names = [row["InferenceComponentName"] for page in pages for row in page["InferenceComponents"]]
        rows = [self.sagemaker.describe_inference_component(InferenceComponentName=name) for name in names]
        return [row["Specification"]["ModelName"] for row in rows if "ModelName" in row.get("Specification", {})]

    def _pages(self, operation: str, key: str, prefix: str) -> Iterator[dict[str, Any]]:
        pages = self.sagemaker.get_paginator(operation).paginate(
            NameContains=prefix, SortBy="CreationTime", SortOrder="Descending"
        )
        for page in pages:
            yield from page[key]


def connect(region: str) -> Clients:
    """Return clients for `region`, with the credentials of the environment."""
    return Clients(
        boto3.client("sagemaker", region_name=region), boto3.client("application-autoscaling", region_name=region)
    )


def _found(call: Any, **arguments: str) -> dict[str, Any]:
    """Return the answer, {} where SageMaker says that it has no such thing; other errors go on."""
    try:
        return dict(call(**arguments))
    except ClientError as error:
        if _is_missing(error):
            return {}
        raise


def _is_missing(error: ClientError) -> bool:
    """SageMaker answers ValidationException `Could not find ...` for most things that are not there."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    missing = "could not find" in message.lower() or "does not exist" in message.lower()
    return code == "ResourceNotFound" or (code == "ValidationException" and missing)
