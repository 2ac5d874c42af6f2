"""The containers of a Batch job definition, wherever it puts them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .values import Value, at, listed
from .view import Resource


def containers(definition: Resource) -> Iterator[tuple[str, Value]]:
    """Yield the containers of a job definition and where they stand: single, by node range, by pod.

    Raises:
        ValueError: a part that is JSON text is no JSON.
    """
    single = _decoded(definition["containerProperties"])
    if single is not None:
        yield "containerProperties", single
    nodes = _decoded(definition["nodeProperties"])
    for index, row in enumerate(listed(at(nodes, "nodeRangeProperties"))):
        path = f"nodeProperties.nodeRangeProperties[{index}]"
        if at(row, "container") is not None:
            yield f"{path}.container", at(row, "container")
        yield from _pod(at(row, "eksProperties"), f"{path}.eksProperties")
    yield from _pod(definition["eksProperties"], "eksProperties")
    for index, task in enumerate(listed(at(_decoded(definition["ecsProperties"]), "taskProperties"))):
        for number, container in enumerate(listed(at(task, "containers"))):
            yield f"ecsProperties.taskProperties[{index}].containers[{number}]", container


def _pod(block: Value, path: str) -> Iterator[tuple[str, Value]]:
    for kind in ("containers", "initContainers"):
        for index, container in enumerate(listed(at(block, "podProperties", kind))):
            yield f"{path}.podProperties.{kind}[{index}]", container


def _decoded(value: Value) -> Value:
    return json.loads(value) if isinstance(value, str) else value
