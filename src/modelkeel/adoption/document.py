"""The adoptions as JSON of schema version 1."""

from __future__ import annotations

from typing import Any

from modelkeel import json_text
from modelkeel.adoption.bulk import bulk_document, provider_urns
from modelkeel.adoption.model import Adoption, Adoptions
from modelkeel.tables.import_id import answers

SCHEMA_VERSION = 1


def to_document(found: Adoptions) -> dict[str, Any]:
    """Return the document that `modelkeel schema import` describes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool_version": found.tool_version,
        "project": found.project,
        "environment": found.environment,
        "stacks": [_stack(found.of(program)) for program in found.programs],
        "not_importable": dict(found.not_importable),
        "unknown_forms": list(found.unknown_forms),
    }


def dumps(found: Adoptions) -> str:
    """Return the document as text: sorted keys, two spaces, one newline at the end."""
    return json_text.dumps(to_document(found))


def _stack(rows: tuple[Adoption, ...]) -> dict[str, Any]:
    stack = rows[0].stack
    return {
        "program": stack.program,
        "stack": stack.stack,
        "account": stack.account,
        "region": stack.region,
        "providers": list(provider_urns(rows)),
        "resources": [
            {
                "urn": row.resource.urn,
                "type": row.resource.type,
                "name": row.resource.name,
                "id": row.id,
                "form": row.form,
                "answer": answers().get(row.resource.type),
                "differences": [
                    {
                        "property": difference.property,
                        "exists": difference.exists,
                        "program": difference.program,
                        "replaces": difference.replaces,
                    }
                    for difference in row.differences
                ],
            }
            for row in rows
        ],
        "import_file": bulk_document(rows),
        "config": {"modelkeel:import_ids": {row.key: row.id for row in rows}},
    }
