"""The table of ids is what the documentation of the installed SDK says, and covers what the programs make."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pulumi_aws
import pytest

from modelkeel.tables import import_id, reader

URNS = Path(__file__).resolve().parents[1] / "cases" / "urns"
TABLE = reader.document(import_id.FILE)
# Words of the documentation that stand for an id and are none.
WORDS = {
    "<name>",
    "AnomalySubscriptionARN",
    "costAnomalyMonitorARN",
    "https://queue.amazonaws.com/80398EXAMPLE/MyQueue",
    "service-namespace/resource-id/scalable-dimension",
    "service-namespace/resource-id/scalable-dimension/policy-name",
}


def the_made() -> list[str]:
    """Return the AWS types in the snapshots of all examples."""
    lines = {line for path in URNS.glob("*.txt") for line in path.read_text(encoding="utf-8").split()}
    kinds = {line.split("::")[2].rpartition("$")[2] for line in lines if line.startswith("urn:")}
    return sorted(kind for kind in kinds if kind.startswith("aws:"))


@cache
def documented(kind: str) -> tuple[str, ...]:
    """Return the ids in the import section of a type's documentation."""
    module, _, rest = kind.removeprefix("aws:").partition("/")
    name = rest.partition(":")[0]
    stem = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match[1], name).lower()
    folder = Path(pulumi_aws.__file__).parent / module.lower()
    text = next(
        (
            path.read_text(encoding="utf-8")
            for path in (folder / f"{stem}.py", folder / f"{stem}_.py")
            if path.is_file()
        ),
        "",
    )
    found = re.findall(rf"\$ pulumi import {re.escape(kind)} \S+ (.+)", text)
    return tuple(dict.fromkeys(example.strip().strip('"') for example in found))


@pytest.mark.parametrize("kind", TABLE["ids"])
def test_a_documented_example_has_a_form_of_the_table(kind: str) -> None:
    examples = [example.replace("xxxxxxxxxxxx", "123456789012") for example in documented(kind) if example not in WORDS]

    for example in examples:
        assert any(form.split(example) is not None for form in import_id.forms(kind)), example


def test_the_documentation_was_found() -> None:
    assert sum(1 for kind in TABLE["ids"] if documented(kind)) > 0.9 * len(TABLE["ids"])


@pytest.mark.parametrize("kind", TABLE["not_importable"])
def test_what_cannot_be_imported_documents_no_import(kind: str) -> None:
    assert () == documented(kind)


def test_nearly_all_that_the_examples_make_can_be_checked() -> None:
    kinds = the_made()
    unknown = [kind for kind in kinds if not import_id.forms(kind) and kind not in import_id.not_importable()]

    assert len(kinds) > 90
    assert len(unknown) < 0.05 * len(kinds), unknown


def test_every_part_is_used_and_described() -> None:
    used = {part for rows in TABLE["ids"].values() for row in rows for part, _ in import_id.PLACEHOLDER.findall(row)}

    assert used == set(TABLE["parts"])


def test_the_table_is_sorted() -> None:
    for name in ("parts", "ids", "not_importable", "answers"):
        assert sorted(TABLE[name]) == list(TABLE[name])
