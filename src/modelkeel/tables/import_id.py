"""By which id `pulumi import` finds a resource of each type: a bucket's name, an ARN, `cluster:nodegroup`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from modelkeel.tables import reader

FILE = "import_ids.toml"
PLACEHOLDER = re.compile(r"\{(\w+)(?:=(\w+))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportId:
    """One form of an id. `parts` are the words in braces in their order, `properties` the property that each names."""

    words: str
    pattern: re.Pattern[str]
    parts: tuple[str, ...]
    properties: tuple[str | None, ...]

    def split(self, text: str) -> tuple[str, ...] | None:
        """Return the parts of an id that has this form, None of any other."""
        found = self.pattern.fullmatch(text)
        return None if found is None else found.groups()


@cache
def forms(kind: str) -> tuple[ImportId, ...]:
    """Return the forms that a type's ids have; none where they are not known."""
    return tuple(_form(template) for template in reader.document(FILE)["ids"].get(kind, ()))


@cache
def not_importable() -> Mapping[str, str]:
    """Return why a type cannot be imported, by type."""
    return MappingProxyType(dict(reader.document(FILE)["not_importable"]))


@cache
def answers() -> Mapping[str, str]:
    """Return the answer by which a type's resource stays with its owner instead, by type."""
    return MappingProxyType(dict(reader.document(FILE)["answers"]))


def _form(template: str) -> ImportId:
    found = PLACEHOLDER.findall(template)
    return ImportId(
        words=PLACEHOLDER.sub(lambda match: f"{{{match[1]}}}", template),
        pattern=re.compile("".join(_pieces(template)), re.ASCII),
        parts=tuple(part for part, _ in found),
        properties=tuple(named or None for _, named in found),
    )


def _pieces(template: str) -> Iterator[str]:
    described: Mapping[str, str] = reader.document(FILE)["parts"]
    end = 0
    for match in PLACEHOLDER.finditer(template):
        yield re.escape(template[end : match.start()])
        yield f"({described[match[1]]})"
        end = match.end()
    yield re.escape(template[end:])
