"""The reference page of what a build of the AWS provider cannot judge in the examples."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from modelkeel.tables import not_verifiable, reader
from modelkeel.tables.not_verifiable import Unjudged

PACKAGE = "aws"

INTRODUCTION = """# What the real provider cannot judge

<!-- Made by `make generate` from src/modelkeel/tables/not_verifiable.json, which `python -m provider.unjudged_table` in
tests/ writes. -->
"""


def unjudged_md() -> str:
    """Return docs/reference/not-verifiable.md: each example's count, then each type and property with its reason."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    checked = reader.provenance(not_verifiable.FILE).checked
    yield INTRODUCTION
    yield (
        f"Every example was recorded in its last environment, with a model approved, and put to version"
        f" {not_verifiable.version()} of the AWS provider on {checked}. Pulumi's AWS package 7 is built on version 6,"
        " so this build leaves something out. What it leaves out is never counted as verified;"
        " [the how-to](../how-to/validate-with-the-real-provider.md) explains the reasons."
    )
    yield ""
    yield from _counts()
    yield ""
    yield from _table()


def _counts() -> Iterator[str]:
    yield "| example | environment | resources | verified | errors |"
    yield "|---|---|---|---|---|"
    for name, row in not_verifiable.examined().items():
        yield f"| {name} | {row.environment} | {row.resources} | {row.verified} | {row.errors} |"


def _table() -> Iterator[str]:
    yield "| type | left out | reason | why | examples |"
    yield "|---|---|---|---|---|"
    for kind, group in groupby(not_verifiable.unjudged(), key=_shown):
        rows = list(group)
        paths = ", ".join(dict.fromkeys(f"`{row.path}`" if row.path else "the resource" for row in rows))
        reasons = ", ".join(dict.fromkeys(f"`{row.reason}`" for row in rows))
        examples = sorted({name for row in rows for name in row.examples})
        every = "all" if len(examples) == len(not_verifiable.examined()) else ", ".join(examples)
        yield f"| {kind} | {paths} | {reasons} | {_why(rows[0])} | {every} |"


def _shown(row: Unjudged) -> str:
    """Return the type; those of another package are one line."""
    package = row.type.partition(":")[0]
    return f"`{row.type}`" if package == PACKAGE else f"every type of `{package}`"


def _why(row: Unjudged) -> str:
    return not_verifiable.why(row.type) or row.message
