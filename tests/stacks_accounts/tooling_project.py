"""A project with a tooling account, in an organization with a log account; made and recorded once."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import repositories

from modelkeel import answers
from modelkeel.answers.loading import gather
from modelkeel.graph import Graph, Resource

ROOT = Path(__file__).resolve().parents[2]
DEV, PROD, TOOLING = "1" * 12, "2" * 12, "9" * 12
LOGS, MANAGEMENT = "8" * 12, "7" * 12


def given(**changes: Any) -> dict[str, Any]:
    """Return the answers of the tabular example, in accounts of their own."""
    return {
        **gather(ROOT / "examples" / "tabular_batch" / "answers.yml"),
        "project_name": "churn",
        "environments": ["dev", "prod"],
        "account_model": "per_env_plus_tooling",
        "account_ids": {"dev": DEV, "prod": PROD},
        "monthly_budget_usd": {"dev": 5000, "prod": 5000},
        "tooling_account_id": TOOLING,
        "org_id": "o-abcdefghij",
        "management_account_id": MANAGEMENT,
        "log_account_id": LOGS,
        "management": "none",
        **changes,
    }


def laid_out(folder: Path, **changes: Any) -> Path:
    """Write the repository of `given(**changes)` and return it."""
    repositories.written(answers.validate(given(**changes)), folder)
    return folder


def graph() -> Graph:
    """Return what all programs register."""
    return repositories.recorded(answers.validate(given()), "all")


@functools.cache
def project() -> Path:
    """Return the repository; it lives as long as the process."""
    folder = tempfile.TemporaryDirectory(prefix="tooling")
    _KEPT.append(folder)
    return laid_out(Path(folder.name) / "project")


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def resources(environment: str, kind: str, program: str = "") -> Iterator[Resource]:
    """Yield the resources of an environment and of what is shared whose type ends on `kind`."""
    for stack, resource in graph().resources():
        if (
            stack.stack in {environment, "shared"}
            and resource.type.endswith(f":{kind}")
            and program in {"", stack.program}
        ):
            yield resource


def policy(environment: str, kind: str, program: str, key: str, name: str = "") -> list[dict[str, Any]]:
    """Return the statements of the one policy document that `kind` in `program` has at `key`."""
    found = [each for each in resources(environment, kind, program) if name in {"", each.name}]
    assert len(found) == 1, [each.name for each in found]
    statements: list[dict[str, Any]] = json.loads(found[0].inputs[key])["Statement"]
    return statements
