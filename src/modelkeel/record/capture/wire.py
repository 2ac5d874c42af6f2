"""Values between the SDK's protobuf form, plain JSON ("wire"), and the graph document.

Wire is the protobuf Struct as dicts and lists: secrets, assets and references are still objects with the
SDK's signature key, an unknown is its sentinel text, and whole numbers are ints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import sdk

Json = Any

UNKNOWN_MARKER = {"$unknown": True}
SECRET_MARKER = {"$secret": True}
# Above 2^53 a double no longer holds every integer, so the program cannot have meant one exactly.
MAX_EXACT_INTEGER = 2**53


def from_struct(struct: Any) -> dict[str, Json]:
    """Return a protobuf Struct as a dict; keys are sorted, so that the order of a set never shows."""
    fields = struct.fields
    return {key: from_value(fields[key]) for key in sorted(fields)}


def from_value(value: Any) -> Json:
    """Return a protobuf Value as wire JSON."""
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return value.string_value
    if kind == "struct_value":
        return from_struct(value.struct_value)
    if kind == "list_value":
        return [from_value(item) for item in value.list_value.values]
    if kind == "bool_value":
        return value.bool_value
    if kind == "number_value":
        return _number(value.number_value)
    return None


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() and abs(value) <= MAX_EXACT_INTEGER else value


def assign(target: Any, value: Json) -> None:
    """Set the protobuf Value `target` to wire JSON."""
    if value is None:
        target.null_value = 0
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, Mapping):
        target.struct_value.Clear()
        for key, item in value.items():
            assign(target.struct_value.fields[key], item)
    else:
        target.list_value.Clear()
        for item in value:
            assign(target.list_value.values.add(), item)


def fill(struct: Any, values: Mapping[str, Json]) -> None:
    """Set the fields of a protobuf Struct from wire JSON; other fields stay."""
    for key, value in values.items():
        assign(struct.fields[key], value)


def signature(value: Json) -> str | None:
    """Return the SDK's signature of a special object, or None of an ordinary value."""
    return value.get(sdk.SIGNATURE_KEY) if isinstance(value, dict) else None


def is_secret(value: Json) -> bool:
    """Return whether the value is marked as a secret at its top."""
    return signature(value) == sdk.SECRET_SIGNATURE or (
        signature(value) == sdk.OUTPUT_SIGNATURE and bool(value.get("secret"))
    )


def secret(value: Json) -> Json:
    """Return the value marked as a secret."""
    return value if is_secret(value) else {sdk.SIGNATURE_KEY: sdk.SECRET_SIGNATURE, "value": value}


def reveal(value: Json) -> Json:
    """Return the value inside a secret, or the value itself."""
    return value.get("value") if is_secret(value) else value


def has_unknown(value: Json) -> bool:
    """Return whether any part of the value is unknown."""
    if isinstance(value, str):
        return value == sdk.UNKNOWN
    if isinstance(value, dict):
        if signature(value) == sdk.OUTPUT_SIGNATURE and "value" not in value:
            return True
        return any(has_unknown(item) for item in value.values())
    return isinstance(value, list) and any(has_unknown(item) for item in value)


def has_secret(value: Json) -> bool:
    """Return whether any part of the value is a secret."""
    if isinstance(value, dict):
        return is_secret(value) or any(has_secret(item) for item in value.values())
    return isinstance(value, list) and any(has_secret(item) for item in value)


def document(  # noqa: PLR0911 (one return a kind of value)
    value: Json, digest: Callable[[Mapping[str, Json]], str]
) -> Json:
    """Return the value as the graph document holds it: secrets redacted, assets as `digest`, unknowns marked."""
    if isinstance(value, str):
        return dict(UNKNOWN_MARKER) if value == sdk.UNKNOWN else value
    if isinstance(value, list):
        return [document(item, digest) for item in value]
    if not isinstance(value, dict):
        return value
    special = signature(value)
    if special is None:
        return {_escaped(key): document(item, digest) for key, item in value.items()}
    if special == sdk.SECRET_SIGNATURE:
        return dict(SECRET_MARKER)
    if special in (sdk.ASSET_SIGNATURE, sdk.ARCHIVE_SIGNATURE):
        return {"$asset": digest(value)}
    if special == sdk.RESOURCE_SIGNATURE:
        return _reference(value)
    if value.get("secret"):
        return dict(SECRET_MARKER)
    return document(value["value"], digest) if "value" in value else dict(UNKNOWN_MARKER)


def documents(values: Mapping[str, Json], digest: Callable[[Mapping[str, Json]], str]) -> dict[str, Json]:
    """Return each value as `document`, top-level keys escaped."""
    return {_escaped(key): document(value, digest) for key, value in values.items()}


def _escaped(key: str) -> str:
    return f"${key}" if key.startswith("$") else key


def _reference(value: Mapping[str, Json]) -> Json:
    # A custom resource stands for its id; a component has none and stands for its URN.
    found = value.get("id")
    if found in (sdk.UNKNOWN, ""):
        return dict(UNKNOWN_MARKER)
    return found if isinstance(found, str) else value.get("urn")


def upstream_outputs(values: Mapping[str, Json]) -> dict[str, Json]:
    """Return exports as a stack reference must see them: an unknown export stays unknown, the others known.

    Plain unknowns would make all of `reference.outputs` unknown to the program that reads it. (With
    `require_output` the SDK still does that itself.)
    """
    return {
        key: {sdk.SIGNATURE_KEY: sdk.OUTPUT_SIGNATURE, "secret": has_secret(value)} if has_unknown(value) else value
        for key, value in values.items()
    }


def sorted_unique(items: Iterable[str]) -> list[str]:
    """Return the items sorted, each once."""
    return sorted(set(items))
