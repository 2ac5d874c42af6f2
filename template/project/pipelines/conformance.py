"""The definition against SageMaker's API, as botocore knows it: a step that the service would refuse is found here.

moto accepts any text as a definition, so creating a pipeline there proves little; each step's arguments are those of
an API call, and botocore has the shape of each call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
from botocore.validate import ParamValidator

_CALLS = {"Processing": "CreateProcessingJob", "Training": "CreateTrainingJob", "RegisterModel": "CreateModelPackage"}
_NAMED_BY_THE_PIPELINE = {
    "Processing": {"ProcessingJobName": "x"},
    "Training": {"TrainingJobName": "x"},
    "RegisterModel": {},
}
_REFERENCES = ("Get", "Std:Join", "Std:JsonGet")


def problems(definition: Mapping[str, Any]) -> list[str]:
    """What the service would refuse: arguments that do not fit their call, references to what is not there."""
    steps = list(_steps(definition["Steps"]))
    names = [step["Name"] for step in steps]
    found = [f"two steps are called {name}" for name in sorted({n for n in names if names.count(n) > 1})]
    for step in steps:
        found += [f"{step['Name']}: depends on {other}" for other in step.get("DependsOn", []) if other not in names]
        found += [f"{step['Name']}: refers to {path}" for path in _paths(step) if not _known(path, names, definition)]
        if step["Type"] in _CALLS:
            arguments = _filled(step["Arguments"]) | _NAMED_BY_THE_PIPELINE[step["Type"]]
            lines = against("sagemaker", _CALLS[step["Type"]], arguments)
            found += [f"{step['Name']}: {line}" for line in lines]
        if step["Type"] == "Callback" and not step.get("SqsQueueUrl"):
            found.append(f"{step['Name']}: asks nobody, SqsQueueUrl is missing")
    return found


def against(service: str, call: str, arguments: Mapping[str, Any]) -> list[str]:
    """What an API call would refuse of its arguments: what is missing, unknown or of another type."""
    client = boto3.client(service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    shape = client.meta.service_model.operation_model(call).input_shape
    return str(ParamValidator().validate(arguments, shape).generate_report()).splitlines()


def _steps(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in steps:
        yield step
        if step["Type"] == "Condition":
            yield from _steps([*step["Arguments"]["IfSteps"], *step["Arguments"]["ElseSteps"]])


def _filled(value: Any) -> Any:
    """References as the text that they stand for."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)) in _REFERENCES:
            return "s3://reference/filled"
        return {key: _filled(item) for key, item in value.items()}
    return [_filled(item) for item in value] if isinstance(value, list) else value


def _paths(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"Get"}:
            yield value["Get"]
        for item in value.values():
            yield from _paths(item)
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item)


def _known(path: str, names: list[str], definition: Mapping[str, Any]) -> bool:
    kind, _, rest = path.partition(".")
    if kind == "Parameters":
        return rest in {parameter["Name"] for parameter in definition["Parameters"]}
    return kind == "Execution" or (kind == "Steps" and rest.split(".")[0] in names)
