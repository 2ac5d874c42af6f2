"""The text of a validation: what the real provider refuses, and what it could not judge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from modelkeel.provider import Place, Validation, Verdict


def render(found: Validation) -> str:
    """Return the errors with their lines, the warnings, what was not judged with the reasons, then the counts."""
    parts = [
        *_verdicts("error", found.errors),
        *_verdicts("warning", found.warnings),
        *_not_judged(found),
        f"{found.project}, environment {found.environment}: AWS provider {found.provider_version} verified "
        f"{found.verified} of {found.resources} resources; {_count(len(found.errors), 'error')}, "
        f"{_count(len(found.warnings), 'warning')}, {len(found.not_verifiable)} not verifiable",
    ]
    return "\n".join(parts) + "\n"


def _verdicts(word: str, rows: tuple[Verdict, ...]) -> Iterator[str]:
    for row in rows:
        yield f"{_location(row.place)}: {word}: {_property(row.place)}: {row.message}\n  {row.place.urn}\n"


def _not_judged(found: Validation) -> Iterator[str]:
    """Yield each reason once, with the places that it holds for."""
    rows = sorted(found.not_verifiable, key=lambda row: row.message)
    for message, group in groupby(rows, key=lambda row: row.message):
        yield f"not verifiable: {message}"
        yield from dict.fromkeys(f"  {_location(row.place)}: {_property(row.place)}" for row in group)
    if rows:
        yield ""


def _property(place: Place) -> str:
    name = place.urn.rpartition("::")[2]
    subject = f"{place.program} {place.type.rpartition(':')[2]} {name}"
    return f"{subject}, {place.path}" if place.path else subject


def _location(place: Place) -> str:
    return "unknown line" if place.location is None else f"{place.location.file}:{place.location.line}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
