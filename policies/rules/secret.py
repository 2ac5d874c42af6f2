"""Secrets in plain sight."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping

from ..container import containers
from ..values import Hidden, Unknown, Value, at, listed
from ..view import Breach, Resource

LAMBDA = "aws:lambda/function:Function"
MODEL = "aws:sagemaker/model:Model"
JOB_DEFINITION = "aws:batch/jobDefinition:JobDefinition"
PIPELINE = "aws:sagemaker/pipeline:Pipeline"

_NAME = re.compile(r"(?i)(^|[_-])(password|passwd|secret|token|api_?key|access_?key|private_?key|credentials?)($|[_-])")
# A name such as DB_SECRET_ARN points to a secret; it is none.
_POINTER_NAME = re.compile(r"(?i)(arn|name|id|path|url|uri|file|ref|ttl|seconds|days)$")
_POINTER_VALUE = re.compile(r"^(arn:|\{\{resolve:|/|https?://)")
_KNOWN_SHAPE = re.compile(
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bgh[pousr]_[A-Za-z0-9]{36,}|\bxox[abprs]-[A-Za-z0-9-]{10,}"
)


def secrets_not_in_environment(resource: Resource) -> Iterator[Breach]:
    """SEC-001. Environment variables are shown to whoever may describe the resource."""
    for path, variables in _environments(resource):
        if not isinstance(variables, Mapping):
            continue
        for name, value in variables.items():
            if type(value) is Unknown:
                continue
            if _is_secret(str(name), value):
                yield Breach(f"the variable {name} holds a secret", f"{path}.{name}")
    if resource.type == "aws:ec2/launchTemplate:LaunchTemplate":
        data = resource["userData"]
        if isinstance(data, str) and (_KNOWN_SHAPE.search(data) or _KNOWN_SHAPE.search(_from_base64(data))):
            yield Breach("the user data hold a secret", "userData")


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""


def _is_secret(name: str, value: Value) -> bool:
    if isinstance(value, Hidden):
        return True
    if not isinstance(value, str) or not value:
        return False
    if _KNOWN_SHAPE.search(value):
        return True
    return bool(_NAME.search(name)) and not _POINTER_NAME.search(name) and not _POINTER_VALUE.match(value)


def _environments(resource: Resource) -> Iterator[tuple[str, Value]]:
    if resource.type == LAMBDA:
        yield "environment.variables", at(resource["environment"], "variables")
    elif resource.type == MODEL:
        yield "primaryContainer.environment", at(resource["primaryContainer"], "environment")
        for index, container in enumerate(listed(resource["containers"])):
            yield f"containers[{index}].environment", at(container, "environment")
    elif resource.type == JOB_DEFINITION:
        for path, container in containers(resource):
            rows = at(container, "environment") or at(container, "env")
            yield f"{path}.environment", {str(at(row, "name")): at(row, "value") for row in listed(rows)}
    elif resource.type == PIPELINE:
        definition = resource["pipelineDefinition"]
        steps = json.loads(definition).get("Steps", []) if isinstance(definition, str) else []
        for index, step in enumerate(steps):
            yield f"pipelineDefinition.Steps[{index}].Arguments.Environment", at(step, "Arguments", "Environment")
