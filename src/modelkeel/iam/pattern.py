"""Patterns of IAM: `*`, `?` and policy variables, in resources and in condition values."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

# Splits into variables, wildcards and the text between them.
_PIECES = re.compile(r"(\$\{[^}]*\}|[*?])")
_LITERALS = {"${*}": "*", "${?}": "?", "${$}": "$"}
_VARIABLE = re.compile(r"^\s*([^,]+?)\s*(?:,\s*'([^']*)')?\s*$")

Lookup = Callable[[str], str | None]


class UnresolvedError(Exception):
    """A policy variable has no value in the request: the pattern matches nothing."""


def expression(pattern: str, lookup: Lookup, *, wildcards: bool = True) -> re.Pattern[str]:
    """Return the expression that `pattern` stands for; without `wildcards` a star is a star.

    Values put in for variables are text: a star in one is no wildcard (IAM User Guide, "Policy elements:
    Variables and tags").

    Raises:
        UnresolvedError: a variable has neither a value nor a default.
    """
    return _compiled("".join(_part(piece, lookup, wildcards) for piece in _PIECES.split(pattern) if piece))


def _part(piece: str, lookup: Lookup, wildcards: bool) -> str:
    if piece in _LITERALS:
        return re.escape(_LITERALS[piece])
    if piece.startswith("${"):
        return re.escape(_value(piece[2:-1], lookup))
    if piece in "*?" and wildcards:
        return ".*" if piece == "*" else "."
    return re.escape(piece)


def _value(inside: str, lookup: Lookup) -> str:
    found = _VARIABLE.match(inside)
    if found is None:
        raise UnresolvedError(inside)
    name, default = found.groups()
    value = lookup(name)
    if value is None:
        value = default
    if value is None:
        raise UnresolvedError(name)
    return str(value)


@lru_cache(maxsize=16_384)
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)


def covers(pattern: str, action: str) -> bool:
    """Return whether a pattern of actions covers `action`; case does not matter."""
    return _action_expression(pattern).fullmatch(action.lower()) is not None


@lru_cache(maxsize=16_384)
def _action_expression(pattern: str) -> re.Pattern[str]:
    return expression(pattern.lower(), lambda _: None)


@lru_cache(maxsize=16_384)
def _arn_expression(pattern: str) -> re.Pattern[str]:
    """Return the expression of an ARN pattern without variables: a star stays within its part, but for the last."""
    parts = pattern.split(":", 5)
    if len(parts) != 6:
        return expression(pattern, lambda _: None)
    inner = [expression(part, lambda _: None).pattern.replace(".*", "[^:]*") for part in parts[:5]]
    return _compiled(":".join([*inner, expression(parts[5], lambda _: None).pattern]))


def arn_covers(pattern: str, arn: str, lookup: Lookup) -> bool:
    """Return whether an ARN pattern covers `arn`, each of the six parts for itself.

    Raises:
        UnresolvedError: as `expression`.
    """
    if pattern == "*":
        return True
    if "${" not in pattern:
        return _arn_expression(pattern).fullmatch(arn) is not None
    # A variable such as ${aws:PrincipalTag/team} has a colon of its own.
    wanted, given = _parts(pattern), arn.split(":", 5)
    if len(wanted) != 6 or len(given) != 6:
        return expression(pattern, lookup).fullmatch(arn) is not None
    return all(expression(part, lookup).fullmatch(text) for part, text in zip(wanted, given, strict=True))


def _parts(pattern: str) -> list[str]:
    parts: list[str] = []
    depth = start = 0
    for index, character in enumerate(pattern):
        depth += (character == "{") - (character == "}")
        if character == ":" and not depth and len(parts) < 5:
            parts.append(pattern[start:index])
            start = index + 1
    return [*parts, pattern[start:]]
