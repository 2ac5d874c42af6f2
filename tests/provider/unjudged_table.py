"""Writes tables/not_verifiable.json: `python -m provider.unjudged_table` from the tests folder, with a provider.

Every example is recorded in its last environment with a model approved, and validated. What the build could not judge
goes into the table: type, property, reason, the provider's words, and the examples that have it.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import repositories

from modelkeel import provider
from modelkeel.graph import Graph

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "src" / "modelkeel" / "tables" / "not_verifiable.json"
PACKAGE = "  serving:model_package_arn: arn:aws:sagemaker:eu-west-1:111122223333:model-package/models/1\n"


def place_of(row: provider.NotVerifiable) -> tuple[str, str, str]:
    """Return type, property without indices, and reason: what the table knows a row by."""
    return row.place.type, re.sub(r"\[[^\]]*\]", "", row.place.path), row.reason


def graphs() -> Iterator[tuple[str, Graph]]:
    """Yield every example's name with the graph of its last environment."""
    for name in repositories.EXAMPLES:
        made = repositories.example(name)
        yield name, repositories.recorded(made, made.environments[-1], approved=True)


def main() -> None:
    """Ask the provider about every example, and write the table."""
    build = provider.at_hand()
    examples: dict[str, Any] = {}
    rows: dict[tuple[str, str, str], dict[str, Any]] = defaultdict(lambda: {"examples": set(), "message": ""})
    for name, graph in graphs():
        found = provider.validate(graph, build)
        examples[name] = {
            "environment": graph.environment,
            "resources": found.resources,
            "verified": found.verified,
            "errors": len(found.errors),
        }
        for row in found.not_verifiable:
            rows[place_of(row)]["examples"].add(name)
            rows[place_of(row)]["message"] = row.message
        sys.stderr.write(f"{name}: {found.verified} of {found.resources}\n")
    document = {
        "source": "modelkeel preview --validate on every example, last environment, a model approved",
        "checked": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "provider": build.version_text,
        "examples": examples,
        "rows": [
            {
                "type": kind,
                "path": path,
                "reason": reason,
                "message": row["message"],
                "examples": sorted(row["examples"]),
            }
            for (kind, path, reason), row in sorted(rows.items())
        ],
    }
    TABLE.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
