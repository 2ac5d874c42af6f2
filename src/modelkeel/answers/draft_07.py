"""The JSON Schema of an answers file."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.model import Answers

DRAFT_07 = "http://json-schema.org/draft-07/schema#"


def json_schema() -> dict[str, Any]:
    """Return the schema in draft-07, which every editor reads; `x-` entries say when a question matters and why."""
    document = Answers.model_json_schema()
    properties = {name: _plain(row) for name, row in document["properties"].items()}
    return {
        "$schema": DRAFT_07,
        "$id": "answers.schema.json",
        "title": "Answers",
        "description": "Answers about scale and compliance; `modelkeel new --answers FILE` makes a repository of them.",
        "type": "object",
        "additionalProperties": False,
        "required": document["required"],
        "properties": properties,
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Drop what only repeats the key."""
    return {key: value for key, value in row.items() if key not in {"title", "x-quick", "x-each"}}
