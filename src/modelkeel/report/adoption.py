"""The text of an import: what takes over what, what the next update would do to it, and the commands."""

from __future__ import annotations

from collections.abc import Iterator

from modelkeel.adoption import Adoption, Adoptions, Difference
from modelkeel.adoption.bulk import provider_urns
from modelkeel.report.html_words import count_of
from modelkeel.report.wording import printable
from modelkeel.tables.import_id import answers


def render(found: Adoptions) -> str:
    """Return the rows of each stack with what differs, the commands, and what cannot be imported."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Adoptions) -> Iterator[str]:
    for program in found.programs:
        rows = found.of(program)
        yield f"{program} {rows[0].stack.stack}"
        for row in rows:
            yield f"  {row.key} takes over {printable(row.id)}{_unchecked(row)}"
            yield from (f"    {_difference(difference)}" for difference in row.differences)
            if row.differences and (answer := answers().get(row.resource.type)) is not None:
                yield f"    or leave it with its owner, to be read only: answer {answer}"
        yield ""
        yield from _commands(program, rows)
        yield ""
    if found.not_importable:
        yield "Pulumi cannot import these, and makes them:"
        yield from (f"  {kind}: {reason}" for kind, reason in found.not_importable.items())
        yield ""
    if found.unknown_forms:
        yield "The form of these ids is not known here, so Pulumi alone judges them:"
        yield from (f"  {kind}" for kind in found.unknown_forms)
        yield ""
    changed = sum(1 for row in found.rows if row.differences)
    yield (
        f"{printable(found.project)}, environment {printable(found.environment)}: "
        f"{count_of(len(found.rows), 'resource')} to import into {count_of(len(found.programs), 'stack')}; "
        f"{changed} of them would be replaced or changed next"
    )


def _difference(found: Difference) -> str:
    end = "the next update would REPLACE it" if found.replaces else "the next update would change it"
    return f"{found.property}: it is {printable(found.exists)}, the program says {printable(found.program)}: {end}"


def _unchecked(row: Adoption) -> str:
    return " (id not checked: its form is not known here)" if row.form is None else ""


def _commands(program: str, rows: tuple[Adoption, ...]) -> Iterator[str]:
    stack = rows[0].stack.stack
    targets = " ".join(f"--target '{urn}'" for urn in provider_urns(rows))
    yield f"  with --stack {program} --output pulumi=import-{program}.json, then:"
    if targets:
        yield f"    pulumi -C config/{program} up --stack {stack} {targets}"
    file = f'"$PWD/import-{program}.json"'
    yield f"    pulumi -C config/{program} import --stack {stack} --file {file} --generate-code=false"
    yield f"    pulumi -C config/{program} preview --stack {stack} --diff"
