"""Requests checked against the service models that botocore carries."""

from __future__ import annotations

import functools
from typing import Any

import botocore.session
from botocore.model import ServiceModel
from botocore.validate import ParamValidator


def problems(service: str, operation: str, arguments: dict[str, Any]) -> str:
    """Return what botocore finds wrong in the arguments of an operation; empty when it would send them."""
    shape = _model(service).operation_model(operation).input_shape
    return ParamValidator().validate(arguments, shape).generate_report()


def settled(value: Any) -> Any:
    """Return the value with what is only known at run time replaced by text that stands for it."""
    if isinstance(value, dict):
        if "Get" in value or any(key.startswith("Std:") for key in value):
            return "known-at-run-time"
        return {key: settled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [settled(item) for item in value]
    return value


@functools.cache
def _model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)
