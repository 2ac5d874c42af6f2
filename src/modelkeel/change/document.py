"""The changes as JSON of schema version 1."""

from __future__ import annotations

import json
from typing import Any

from modelkeel.change.model import Change, Changes

SCHEMA_VERSION = 1
ACTIONS = ("create", "update", "replace", "delete")


def to_document(found: Changes) -> dict[str, Any]:
    """Return the document that `modelkeel schema change` describes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool_version": found.tool_version,
        "project": found.project,
        "environment": found.environment,
        "against": found.against,
        "provider": None if found.provider_version is None else {"name": "aws", "version": found.provider_version},
        "summary": {
            **{action: sum(1 for row in found.rows if row.action == action) for action in ACTIONS},
            "same": found.same,
            "losses": len(found.losses),
        },
        "changes": [_row(row) for row in found.rows],
    }


def dumps(found: Changes) -> str:
    """Return the document as text: sorted keys, two spaces, one newline at the end."""
    return json.dumps(to_document(found), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _row(row: Change) -> dict[str, Any]:
    source = row.location
    return {
        "action": row.action,
        "urn": row.urn,
        "former_urn": row.former_urn,
        "type": row.type,
        "program": row.program,
        "stack": row.stack,
        "properties": list(row.properties),
        "because": list(row.because),
        "basis": row.basis,
        "loses": row.loses or None,
        "is_loss": row.is_loss,
        "protected": row.protected,
        "retained": row.retained,
        "location": None if source is None else {"file": source.file, "line": source.line},
    }
