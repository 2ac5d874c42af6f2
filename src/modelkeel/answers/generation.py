"""The files that are derived from the questions, and committed so that people and editors find them."""

from __future__ import annotations

import json
from pathlib import Path

from modelkeel.answers.copier_file import copier_yml
from modelkeel.answers.draft_07 import json_schema
from modelkeel.answers.reference import reference_md


def files() -> dict[str, str]:
    """Return text by path from the root of the project."""
    return {
        "copier.yml": copier_yml(),
        "docs/reference/answers.md": reference_md(),
        "src/modelkeel/schemas/answers.schema.json": json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
    }


def write(root: Path) -> list[str]:
    """Write every file that differs below `root` and return their paths."""
    changed = []
    for name, text in files().items():
        path = root / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
