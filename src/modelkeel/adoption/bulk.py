"""What Pulumi is given: the file of `pulumi import --file`, or the option in a stack's configuration.

Format: the structs importFile and importSpec of Pulumi's pkg/cmd/pulumi/operations/import.go, and the page "Import
resources" of its documentation, both read 2026-11-25. A component is an entry without an id; parents are named by
`name`, which is unique in the file, while `logicalName` is the program's. A provider stands in `nameTable` by its URN:
Pulumi cannot import one, so it must be in the state already.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from modelkeel import json_text
from modelkeel.adoption.model import Adoption
from modelkeel.errors import usage_error
from modelkeel.graph import Resource

ROOT = "pulumi:pulumi:Stack"
OPTION = "modelkeel:import_ids"


def bulk_document(rows: Sequence[Adoption]) -> dict[str, Any]:
    """Return the import file of one stack's rows: the components that they stand in, then they themselves."""
    if not rows:
        return {"nameTable": {}, "resources": []}
    known = {resource.urn: resource for resource in rows[0].stack.resources}
    adopted = [row.resource for row in rows]
    components = {row.urn: row for resource in adopted for row in _components(resource, known)}
    entries = [*sorted(components.values(), key=lambda row: (row.urn.count("$"), row.urn)), *adopted]
    providers = sorted({row.provider for row in adopted if row.provider})
    names = _names([*(known[urn] for urn in providers if urn in known), *entries])
    ids = {row.resource.urn: row.id for row in rows}
    return {
        "nameTable": {names[urn]: urn for urn in providers if urn in names},
        "resources": [dict(_entry(row, names, ids)) for row in entries],
    }


def bulk_text(rows: Sequence[Adoption]) -> str:
    """Return the import file as text."""
    return json_text.dumps(bulk_document(rows))


def config_text(rows: Sequence[Adoption]) -> str:
    """Return the lines for `config/<program>/Pulumi.<env>.yaml` that let `pulumi up` take the rows over itself.

    Raises:
        ModelkeelError: a type and a name stand for more than one resource of the program.
    """
    if not rows:
        return ""
    called = Counter(f"{row.type}::{row.name}" for row in rows[0].stack.resources)
    if several := [row.key for row in rows if called[row.key] > 1]:
        raise usage_error(
            "the option would take over more than one resource", got=", ".join(several), fix="--output pulumi=FILE"
        )
    lines = [f"  {json.dumps(row.key)}: {json.dumps(row.id)}" for row in rows]
    return "\n".join([f"  {OPTION}:", *(f"  {line}" for line in lines)]) + "\n"


def provider_urns(rows: Sequence[Adoption]) -> tuple[str, ...]:
    """Return the providers that must be in the state before the file is imported."""
    return tuple(sorted({row.resource.provider for row in rows if row.resource.provider}))


def _entry(row: Resource, names: Mapping[str, str], ids: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    yield "type", row.type
    yield "name", names[row.urn]
    if names[row.urn] != row.name:
        yield "logicalName", row.name
    if row.parent in names:
        yield "parent", names[row.parent or ""]
    if row.custom:
        yield "id", ids[row.urn]
        if row.provider in names:
            yield "provider", names[row.provider or ""]
    else:
        yield "component", True


def _components(resource: Resource, known: Mapping[str, Resource]) -> Iterator[Resource]:
    parent = known.get(resource.parent or "")
    while parent is not None and parent.type != ROOT:
        yield parent
        parent = known.get(parent.parent or "")


def _names(entries: Sequence[Resource]) -> dict[str, str]:
    """Return a name for each entry that no other has: the program's, else with its type, else with a number."""
    taken: set[str] = set()
    found = {}
    for row in entries:
        base = row.name
        if base in taken:
            base = f"{row.name}-{row.type.rpartition(':')[2]}"
        name, number = base, 2
        while name in taken:
            name, number = f"{base}-{number}", number + 1
        taken.add(name)
        found[row.urn] = name
    return found
