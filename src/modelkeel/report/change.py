"""The text of a comparison: losses first, then each program's changes, then the counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from modelkeel.change import Change, Changes

SIGNS = {"create": "+", "update": "~", "replace": "-+", "delete": "-"}
BASES = {"provider": "the AWS provider", "table": "the table of replacements", "engine": "Pulumi's rules"}


def render(found: Changes) -> str:
    """Return what an update would do, and what it would lose."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Changes) -> Iterator[str]:
    for row in found.losses:
        verb = "replaced" if row.action == "replace" else "deleted"
        guard = "; it is protected, so the update stops there" if row.protected else ""
        yield f"LOSS: {_name(row)} would be {verb}: {row.loses}{guard}"
        yield from _because(row)
    if found.losses:
        yield ""
    for (program, stack), group in groupby(found.rows, key=lambda row: (row.program, row.stack)):
        yield f"{program} {stack}"
        for row in group:
            yield f"  {SIGNS[row.action]:<2} {_name(row)}{_detail(row)}"
            yield from (f"  {line}" for line in _because(row))
        yield ""
    counts = {sign: sum(1 for row in found.rows if row.action == sign) for sign in SIGNS}
    yield (
        f"{found.project}, environment {found.environment}, against {found.against}: {counts['create']} to create, "
        f"{counts['update']} to update, {counts['replace']} to replace, {counts['delete']} to delete, "
        f"{found.same} stay; {len(found.losses)} would lose what nobody can make again"
    )


def _name(row: Change) -> str:
    return f"{row.type.rpartition(':')[2]} {row.urn.rpartition('::')[2]}"


def _detail(row: Change) -> str:
    if row.former_urn is not None and row.action != "replace":
        return f" ({', '.join(row.properties) or 'renamed'}; was {row.former_urn.rpartition('::')[2]})"
    if row.action == "update":
        unknown = "; whether it is replaced is not known" if row.basis == "unknown" else ""
        return f" ({', '.join(row.properties)}{unknown})"
    return ""


def _because(row: Change) -> Iterator[str]:
    if row.action != "replace":
        return
    names = ", ".join(name.rpartition("::")[2] if name.startswith("urn:") else name for name in row.because)
    where = "" if row.location is None else f", {row.location.file}:{row.location.line}"
    yield f"    because of {names} ({BASES.get(row.basis, row.basis)}{where})"
