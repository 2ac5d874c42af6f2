"""JSON values of a graph, read without trusting their shape: unknowns and surprises become nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def items(value: Any) -> list[Any]:
    """Return a JSON list, or an empty one for anything else."""
    return list(value) if isinstance(value, list | tuple) else []


def count(value: Any) -> int | None:
    """Return a whole number of zero or more, also where it is written as text; None for all else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    return value if isinstance(value, int) and value >= 0 else None


def text(value: Any) -> str:
    """Return a text, or an empty one for anything else."""
    return value if isinstance(value, str) else ""


def parsed(value: Any) -> Any:
    """Return the JSON that a text holds; what is no text stays as it is, what is no JSON becomes None."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None
