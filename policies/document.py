"""IAM policy documents: JSON text read once into statements."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .values import Value, listed

Condition = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement; `principals` are pairs of kind (`AWS`, `Service`, `Federated`, `*`) and value."""

    index: int
    effect: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: tuple[tuple[str, str], ...] = ()
    not_principals: tuple[tuple[str, str], ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def path(self) -> str:
        """Where it stands in the document."""
        return f"Statement[{self.index}]"

    @property
    def allows(self) -> bool:
        """Whether its effect is Allow."""
        return self.effect == "Allow"

    @property
    def is_public(self) -> bool:
        """Whether anybody is a principal."""
        return bool(self.not_principals) or any(value == "*" for _, value in self.principals)

    @property
    def on_everything(self) -> bool:
        """Whether it names no resource in particular."""
        return bool(self.not_resources) or any(set(resource) <= {"*", ":"} for resource in self.resources)

    @property
    def is_everything(self) -> bool:
        """Whether it speaks of every action on every resource; that is one control's finding, not everybody's."""
        return self.on_everything and any(action in {"*", "*:*"} for action in self.actions)

    def covers(self, action: str) -> bool:
        """Return whether the statement speaks of `action` (`s3:GetObject`), by name or by pattern."""
        if self.not_actions:
            return not any(matches(pattern, action) for pattern in self.not_actions)
        return any(matches(pattern, action) for pattern in self.actions)

    def covered(self, actions: Iterable[str]) -> list[str]:
        """Return those of `actions` that the statement speaks of."""
        return [action for action in actions if self.covers(action)]

    def conditioned_on(self, *keys: str) -> bool:
        """Return whether a condition asks for one of `keys`; case does not matter, as in IAM."""
        wanted = {key.lower() for key in keys}
        return any(key.lower() in wanted for _, key, _ in self.conditions)

    def condition(self, key: str) -> list[Condition]:
        """Return the conditions on `key`."""
        return [condition for condition in self.conditions if condition[1].lower() == key.lower()]


def statements(document: Value) -> tuple[Statement, ...]:
    """Return the statements of a policy document, given as JSON text or as a mapping; None has none.

    Raises:
        ValueError: the text is no JSON object with statements.
    """
    if document is None:
        return ()
    if isinstance(document, str):
        return _parse(document)
    return tuple(_read(document))


@lru_cache(maxsize=8192)
def _parse(text: str) -> tuple[Statement, ...]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ValueError(f"the policy document is no JSON: {error}") from error
    return tuple(_read(document))


def _read(document: Value) -> Iterator[Statement]:
    if not isinstance(document, Mapping):
        raise ValueError(f"the policy document is a {type(document).__name__}, not an object")
    for index, row in enumerate(listed(document.get("Statement"))):
        if not isinstance(row, Mapping):
            raise ValueError(f"Statement[{index}] of the policy document is no object")
        yield Statement(
            index=index,
            effect=str(row.get("Effect", "")),
            actions=_texts(row.get("Action")),
            not_actions=_texts(row.get("NotAction")),
            resources=_texts(row.get("Resource")),
            not_resources=_texts(row.get("NotResource")),
            principals=tuple(_principals(row.get("Principal"))),
            not_principals=tuple(_principals(row.get("NotPrincipal"))),
            conditions=tuple(_conditions(row.get("Condition"))),
        )


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(str(item) for item in listed(value))


def _principals(value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for kind, names in value.items():
            yield from ((str(kind), name) for name in _texts(names))
    else:
        yield from (("*", name) for name in _texts(value))


def _conditions(value: Value) -> Iterator[Condition]:
    for operator, keys in (value or {}).items():
        for key, wanted in keys.items():
            yield str(operator), str(key), tuple(_condition_text(item) for item in listed(wanted))


def _condition_text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@lru_cache(maxsize=65536)
def matches(pattern: str, text: str) -> bool:
    """Return whether an IAM pattern (`*` and `?`) covers `text`; case does not matter, as for actions."""
    if "*" not in pattern and "?" not in pattern:
        return pattern.lower() == text.lower()
    return _compiled(pattern.lower()).fullmatch(text.lower()) is not None


@lru_cache(maxsize=8192)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.compile("".join(parts), re.DOTALL)
