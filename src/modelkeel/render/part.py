"""One part of a template's path: fixed, rendered, left out when empty, or repeated for each item of a list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jinja2 import Environment

_YIELD = re.compile(r"{%-? *yield +(?P<name>\w+) +from +(?P<items>.+?) *-?%}(?P<body>.*){%-? *endyield *-?%}")


class Part(Protocol):
    """Turns values into the names that a part stands for; each with the values that hold beneath it."""

    def names(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield each name; one that is empty leaves out what lies beneath."""
        ...


@dataclass(frozen=True)
class Fixed:
    """A name that is the same whatever the values are."""

    name: str

    def names(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the name."""
        yield self.name, values


@dataclass(frozen=True)
class Rendered:
    """A name with values or a condition in it."""

    text: Callable[[Mapping[str, Any]], str]

    def names(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the name under these values."""
        yield self.text(values), values


@dataclass(frozen=True)
class Repeated:
    """A name for each item of a list; the item is a value of all that lies beneath."""

    variable: str
    items: Callable[..., Any]
    text: Callable[[Mapping[str, Any]], str]

    def names(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield one name an item, in the order of the list."""
        for item in self.items(values):
            beneath = {**values, self.variable: item}
            yield self.text(beneath), beneath


def parse(name: str, environment: Environment) -> Part:
    """Return the part that a file or folder name of the template stands for.

    Raises:
        jinja2.TemplateError: the name is not a template of our subset.
    """
    if "{" not in name:
        return Fixed(name)
    found = _YIELD.search(name)
    if found is None:
        return Rendered(environment.from_string(name).render)
    text = name[: found.start()] + found["body"] + name[found.end() :]
    items = environment.compile_expression(found["items"], undefined_to_none=False)
    return Repeated(found["name"], items, environment.from_string(text).render)
