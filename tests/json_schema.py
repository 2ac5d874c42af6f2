"""What a document breaks of its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

SCHEMAS = Path(__file__).resolve().parents[1] / "src" / "modelkeel" / "schemas"


def problems(document: Any, name: str) -> list[str]:
    """Return each problem of `document` with the schema `name` (`cost` for cost.schema.json), with its place."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    found = jsonschema.Draft7Validator(schema).iter_errors(document)
    return [f"{'/'.join(map(str, problem.absolute_path))}: {problem.message}" for problem in found]
