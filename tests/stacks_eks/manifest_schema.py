"""Manifests held against the stored schemas of their custom resources: a field that none has is a mistake."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parent / "schemas"
TYPES: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list}


def problems(kind: str, manifest: Mapping[str, Any]) -> list[str]:
    """Return what the API server would refuse or drop of a manifest of `kind`."""
    return list(_of(manifest, json.loads((SCHEMAS / f"{kind}.json").read_text(encoding="utf-8"))["schema"], kind))


def _of(value: Any, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    wanted = TYPES.get(schema.get("type", ""), object)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        yield f"{path} is {value!r}, wanted: {schema['type']}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{path} is {value!r}, allowed: {', '.join(schema['enum'])}"
    elif isinstance(value, dict):
        properties, other = schema.get("properties", {}), schema.get("additionalProperties")
        yield from (f"{path}.{name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, item in value.items():
            known = properties.get(name, other)
            if known is not None:
                yield from _of(item, known, f"{path}.{name}")
            elif properties:
                yield f"{path}.{name} is no field of it"
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _of(item, schema.get("items", {}), f"{path}[{index}]")
