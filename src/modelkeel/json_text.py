"""JSON as people and version control read it: sorted keys, two spaces, one newline at the end."""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any


def dumps(value: Any) -> str:
    """Return `value` as `json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)` writes it, and a newline.

    The standard library leaves its C encoder for one generator a value as soon as it indents; this joins texts, and
    writes a list that stands at several places once. Keys are texts.

    Raises:
        TypeError: a value is none of JSON's, or a key is no text.
    """
    return _text(value, "\n", {}) + "\n"


def _text(value: Any, margin: str, known: dict[tuple[int, str], str]) -> str:
    """Return `value`, whose lines after the first begin with `margin`; `known` are lists already written."""
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        return _object(value, margin, known)
    if isinstance(value, list | tuple):
        key = (id(value), margin)
        if key not in known:
            known[key] = _array(value, margin, known)
        return known[key]
    return json.dumps(value)


def _object(value: dict[str, Any], margin: str, known: dict[tuple[int, str], str]) -> str:
    if not value:
        return "{}"
    below = margin + "  "
    rows = []
    for key in sorted(value):
        item = value[key]
        rows.append(f"{_key(key)}: {encode_basestring(item) if type(item) is str else _text(item, below, known)}")
    return f"{{{below}{f',{below}'.join(rows)}{margin}}}"


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key of a JSON object is text, not {key!r}")
    return encode_basestring(key)


def _array(value: list[Any] | tuple[Any, ...], margin: str, known: dict[tuple[int, str], str]) -> str:
    if not value:
        return "[]"
    below = margin + "  "
    return f"[{below}{f',{below}'.join(_text(item, below, known) for item in value)}{margin}]"
