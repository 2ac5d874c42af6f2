"""An AWS account as far as a rollout sees it: real boto3 clients whose calls are answered here.

Each answer is checked against the shape that botocore knows, so that no test stands on a field that AWS lacks.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name
from botocore.validate import validate_parameters

from operations.environment import Environment
from operations.live import Clients

ACCOUNT, REGION = "111122223333", "eu-west-1"
PACKAGE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/shop-dev-models/"


class MissingError(Exception):
    """What SageMaker answers for what is not there."""


class RefusedError(Exception):
    """What AWS refuses, by its code and its words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


# Making a client takes longer than all that a test asks of it.
@functools.cache
def _client(service: str) -> Any:
    credentials = {"region_name": REGION, "aws_access_key_id": "x", "aws_secret_access_key": "x"}
    client = boto3.client(service, **credentials)
    client.meta.events.register("before-parameter-build.*.*", _keep)
    client.meta.events.register("before-call.*.*", _answer)
    return client


_simulated: dict[str, Any] = {}


def answered_by(account: Any, service: str) -> Any:
    """Return the client of `service`, whose calls `account.answer` answers from now on."""
    _simulated[service] = account
    return _client(service)


def _keep(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    context["sent"] = params


def _answer(model: Any, context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
    service, sent = model.service_model.service_name, context["sent"]
    try:
        answer = _simulated[service].answer(service, xform_name(model.name), sent)
    except (KeyError, MissingError):
        error = {"Code": "ValidationException", "Message": f"Could not find {json.dumps(sent)}."}
        return _Http(400), {"Error": error, "ResponseMetadata": {}}
    except RefusedError as refused:
        return _Http(400), {"Error": {"Code": refused.code, "Message": refused.message}, "ResponseMetadata": {}}
    if model.output_shape is not None:
        _check(answer, model.output_shape)
    return _Http(200), {**answer, "ResponseMetadata": {}}


class Account:
    """Endpoints, configurations, models, packages and scaling; `passing` are states that an endpoint goes through."""

    def __init__(self) -> None:
        self.endpoints: dict[str, dict[str, Any]] = {}
        self.passing: dict[str, list[str]] = {}
        self.configurations: dict[str, dict[str, Any]] = {}
        self.models: dict[str, dict[str, Any]] = {}
        self.packages: dict[str, str] = {}
        self.capacities: dict[str, tuple[int, int]] = {}
        self.tags: dict[str, dict[str, str]] = {}
        self.components: dict[str, str] = {}
        self.deleted: list[str] = []

    @property
    def clients(self) -> Clients:
        """Return clients whose calls are answered here, until another account's are asked for."""
        return Clients(*(answered_by(self, name) for name in ("sagemaker", "application-autoscaling")))

    def deploy(self, endpoint: str, number: int, *, weight: float = 1, capture: int = 20) -> dict[str, Any]:
        """Put version `number` live the way AWS does; return what the serving program exports for it."""
        configuration, model = f"{endpoint}-config-{number}", f"{endpoint}-model-{number}"
        self.packages[f"{PACKAGE}{number}"] = "Approved"
        self.models[model] = {
            "PrimaryContainer": {"ModelPackageName": f"{PACKAGE}{number}"},
            "EnableNetworkIsolation": True,
        }
        self.configurations[configuration] = {
            "ProductionVariants": [
                {
                    "VariantName": "live",
                    "ModelName": model,
                    "InstanceType": "ml.m7i.large",
                    "InitialVariantWeight": weight,
                }
            ]
        }
        for name in (configuration, model):
            self.tags[name] = {"project": "shop", "env": "dev", "stack": "serving"}
        self.capacities[f"endpoint/{endpoint}/variant/live"] = (2, 6)
        self.endpoints[endpoint] = {
            "EndpointStatus": "InService",
            "EndpointConfigName": configuration,
            "ProductionVariants": [{"VariantName": "live", "CurrentWeight": weight}],
            "DataCaptureConfig": {
                "EnableCapture": capture > 0,
                "CaptureStatus": "Started" if capture else "Stopped",
                "CurrentSamplingPercentage": capture,
                "DestinationS3Uri": "s3://shop-dev-capture/capture",
                "KmsKeyId": "key",
            },
        }
        variant = {
            "name": "live",
            "model_name": model,
            "model_package_arn": f"{PACKAGE}{number}",
            "instance_type": "ml.m7i.large",
            "weight": weight,
            "min_capacity": 2,
            "max_capacity": 6,
        }
        return {
            "endpoint_name": endpoint,
            "endpoint_config_name": configuration,
            "variants": [variant],
            "capture_percent": capture,
            "network_isolation": True,
        }

    def roll_back(self, endpoint: str, to: int) -> None:
        """Do what SageMaker does when an alarm rings: the endpoint is InService again, on its old configuration."""
        self.endpoints[endpoint]["EndpointConfigName"] = f"{endpoint}-config-{to}"

    def answer(self, _service: str, operation: str, sent: dict[str, Any]) -> dict[str, Any]:
        """Answer one call; KeyError and MissingError stand for what is not there."""
        answered: dict[str, Any] = getattr(self, f"_{operation}")(sent)
        return answered

    def _describe_endpoint(self, sent: dict[str, Any]) -> dict[str, Any]:
        name = sent["EndpointName"]
        row = {**self.endpoints[name]}
        if self.passing.get(name):
            row["EndpointStatus"] = self.passing[name].pop(0)
        return {"EndpointName": name, "EndpointArn": _arn("endpoint", name), **_TIMES, **row}

    def _describe_endpoint_config(self, sent: dict[str, Any]) -> dict[str, Any]:
        name = sent["EndpointConfigName"]
        arn = _arn("endpoint-config", name)
        return {"EndpointConfigName": name, "EndpointConfigArn": arn, **_CREATED, **self.configurations[name]}

    def _describe_model(self, sent: dict[str, Any]) -> dict[str, Any]:
        name = sent["ModelName"]
        return {"ModelName": name, "ModelArn": _arn("model", name), **_CREATED, **self.models[name]}

    def _describe_model_package(self, sent: dict[str, Any]) -> dict[str, Any]:
        arn = sent["ModelPackageName"]
        return {
            "ModelPackageName": "version",
            "ModelPackageArn": arn,
            **_CREATED,
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": []},
            "ModelApprovalStatus": self.packages[arn],
        }

    def _list_endpoint_configs(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = [
            {"EndpointConfigName": name, "EndpointConfigArn": _arn("endpoint-config", name), **_CREATED}
            for name in reversed(self.configurations)
            if sent["NameContains"] in name
        ]
        return {"EndpointConfigs": rows}

    def _list_models(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = [
            {"ModelName": name, "ModelArn": _arn("model", name), **_CREATED}
            for name in reversed(self.models)
            if sent["NameContains"] in name
        ]
        return {"Models": rows}

    def _list_inference_components(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = [
            {
                "InferenceComponentName": name,
                "InferenceComponentArn": _arn("inference-component", name),
                "EndpointArn": _arn("endpoint", sent["EndpointNameEquals"]),
                "EndpointName": sent["EndpointNameEquals"],
                "VariantName": "live",
                **_TIMES,
            }
            for name in self.components
        ]
        return {"InferenceComponents": rows}

    def _describe_inference_component(self, sent: dict[str, Any]) -> dict[str, Any]:
        name = sent["InferenceComponentName"]
        return {
            "InferenceComponentName": name,
            "InferenceComponentArn": _arn("inference-component", name),
            "EndpointName": "shop-dev-components",
            "EndpointArn": _arn("endpoint", "shop-dev-components"),
            "Specification": {"ModelName": self.components[name]},
            **_TIMES,
        }

    def _list_tags(self, sent: dict[str, Any]) -> dict[str, Any]:
        tags = self.tags.get(sent["ResourceArn"].rsplit("/", 1)[-1], {})
        return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}

    def _delete_endpoint_config(self, sent: dict[str, Any]) -> dict[str, Any]:
        self.deleted.append(sent["EndpointConfigName"])
        del self.configurations[sent["EndpointConfigName"]]
        return {}

    def _delete_model(self, sent: dict[str, Any]) -> dict[str, Any]:
        self.deleted.append(sent["ModelName"])
        del self.models[sent["ModelName"]]
        return {}

    def _describe_scalable_targets(self, sent: dict[str, Any]) -> dict[str, Any]:
        rows = [
            {
                "ServiceNamespace": "sagemaker",
                "ResourceId": name,
                "ScalableDimension": sent["ScalableDimension"],
                "MinCapacity": self.capacities[name][0],
                "MaxCapacity": self.capacities[name][1],
                "RoleARN": "role",
                "CreationTime": _CREATED["CreationTime"],
            }
            for name in sent["ResourceIds"]
            if name in self.capacities
        ]
        return {"ScalableTargets": rows}


class _Http:
    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


_CREATED = {"CreationTime": 0}
_TIMES = {"CreationTime": 0, "LastModifiedTime": 0}


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/{name}"


def _check(answer: dict[str, Any], shape: Any) -> None:
    unknown = set(answer) - set(shape.members)
    assert not unknown, f"{shape.name} has no {unknown}"
    validate_parameters(answer, shape)


def environment(**different: Any) -> Environment:
    """Return the environment `dev` of a project `shop`."""
    given: dict[str, Any] = {
        "root": Path(),
        "name": "dev",
        "project": "shop",
        "account": ACCOUNT,
        "region": REGION,
        "partition": "aws",
        "tags": {"project": "shop", "env": "dev"},
        "state_url": f"s3://shop-dev-state-{ACCOUNT}?region={REGION}",
        "secrets_provider": f"awskms://alias/shop-dev-state?region={REGION}",
        "account_keeper": "dev",
    }
    return Environment(**{**given, **different})
