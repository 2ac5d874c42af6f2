"""`make generate`: write the files that are derived from the code, so that they never drift from it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from modelkeel import answers, atomic, plan, source
from modelkeel.cli import reference
from modelkeel.report import catalogue, programs, unjudged


def _examples() -> str:
    files = sorted((source.bundle_root() / "examples").glob("*/answers.yml"))
    return plan.examples_md({path.parent.name: plan.build(answers.load(path)) for path in files})


def _readme() -> str:
    root = source.bundle_root()
    return catalogue.readme_md((root / "README.md").read_text(encoding="utf-8"), root / "policies")


GENERATED: Mapping[str, Callable[[], str]] = {
    "README.md": _readme,
    "copier.yml": answers.copier_yml,
    "docs/explanation/examples.md": _examples,
    "docs/reference/answers.md": answers.reference_md,
    "docs/reference/cli.md": reference.cli_md,
    "docs/reference/controls.md": lambda: catalogue.controls_md(source.bundle_root() / "policies"),
    "docs/reference/not-verifiable.md": unjudged.unjudged_md,
    "docs/reference/programs.md": lambda: programs.programs_md(source.bundle_root() / "stacks"),
    "src/modelkeel/schemas/answers.schema.json": lambda: json.dumps(answers.json_schema(), indent=2) + "\n",
}


def main() -> None:
    """Write every derived file of the source tree and name those that changed."""
    root = Path(__file__).resolve().parents[2]
    for name, make in GENERATED.items():
        path = root / name
        text = make()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            atomic.write_text(path, text)
            sys.stdout.write(f"wrote {name}\n")


if __name__ == "__main__":
    main()
