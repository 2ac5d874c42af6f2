"""Answers: what a person says about scale and compliance, validated; every question exists here and nowhere else."""

from __future__ import annotations

from typing import Any

from modelkeel.answers.digest import digest
from modelkeel.answers.loading import gather, load, presets, validate
from modelkeel.answers.model import Answers, flat

__all__ = [
    "Answers",
    "copier_yml",
    "digest",
    "flat",
    "gather",
    "json_schema",
    "load",
    "presets",
    "reference_md",
    "validate",
]


def copier_yml() -> str:
    """Return copier.yml, made from the questions."""
    from modelkeel.answers.copier_file import copier_yml as make  # noqa: PLC0415 (only `make generate` and tests need it)

    return make()


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft-07) of an answers file."""
    from modelkeel.answers.draft_07 import json_schema as make  # noqa: PLC0415

    return make()


def reference_md() -> str:
    """Return the reference page of the questions."""
    from modelkeel.answers.reference import reference_md as make  # noqa: PLC0415

    return make()
