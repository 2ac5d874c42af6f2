"""The table of people, read and checked: who there is, what each may and must never do."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("people.toml")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What one statement speaks of, in the words of the table; empty `environments` mean all."""

    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    condition: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    environments: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    team: str = ""

    def holds_in(self, environment: str) -> bool:
        """Return whether the statement is for `environment`."""
        return not self.environments or environment in self.environments


@dataclass(frozen=True, kw_only=True)
class Person:
    """One kind of person; `permission_set` is the one of IAM Identity Center that leads to the role."""

    title: str
    purpose: str
    permission_set: str
    max_session_seconds: int
    may: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class People:
    """The whole table."""

    people: Mapping[str, Person]
    may: Mapping[str, tuple[Rule, ...]]
    never: Mapping[str, Rule]

    def named(self, name: str) -> Person:
        """Return one of the people.

        Raises:
            ValueError: there is nobody of that name; the message says who there is.
        """
        if name not in self.people:
            raise ValueError(unknown("identity:people", name, self.people))
        return self.people[name]


@cache
def table() -> People:
    """Return the table that stands beside this module; errors as `parse`."""
    return parse(TABLE.read_text(encoding="utf-8"))


def parse(text: str) -> People:
    """Return the table of `text`.

    Raises:
        ValueError: it is no TOML, a key is unknown, a person names what is not in the table, or an action has
            a wildcard: the actions of each service are known, so they are named.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"people.toml is no TOML: {error}") from error
    may = {name: tuple(_rule(f"may.{name}", row) for row in rows) for name, rows in document.get("may", {}).items()}
    never = {name: _rule(f"never.{name}", row) for name, row in document.get("never", {}).items()}
    people = {name: _person(name, row) for name, row in document.get("person", {}).items()}
    for name, person in people.items():
        _known(f"person.{name}: may", person.may, may)
        _known(f"person.{name}: never", person.never, never)
    return People(people=people, may=may, never=never)


def unknown(where: str, name: str, known: Collection[str]) -> str:
    """Return the message of a name that is not among `known`."""
    close = difflib.get_close_matches(name, known, n=1)
    fix = f"\n  fix: did you mean {close[0]}?" if close else ""
    return f"{where} has no such name\n  got: {name!r}\n  allowed: {', '.join(sorted(known))}{fix}"


def _known(where: str, names: Collection[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(unknown(where, name, known))


def _person(name: str, row: Mapping[str, Any]) -> Person:
    return Person(**_fields(f"person.{name}", row, Person))


def _rule(where: str, row: Mapping[str, Any]) -> Rule:
    rule = Rule(**_fields(where, row, Rule))
    loose = [action for action in rule.actions if "*" in action or "?" in action or action.count(":") != 1]
    if loose:
        raise ValueError(
            f"{where} has an action that is no single action\n  got: {loose[0]!r}\n"
            "  allowed: SERVICE:ACTION, without wildcards\n  fix: name each action that is meant"
        )
    return rule


def _fields(where: str, row: Mapping[str, Any], kind: type[Any]) -> dict[str, Any]:
    allowed = {name: item.type for name, item in kind.__dataclass_fields__.items()}
    for key in row:
        if key not in allowed:
            raise ValueError(unknown(where, key, allowed))
    missing = [
        name
        for name, item in kind.__dataclass_fields__.items()
        if name not in row and kind is Person and item.default is not None
    ]
    if missing:
        raise ValueError(f"{where} lacks {', '.join(missing)}\n  allowed: a value for each of {', '.join(allowed)}")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
