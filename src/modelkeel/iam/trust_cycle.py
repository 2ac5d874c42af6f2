"""Roles that open each other: whoever holds one of a circle holds all, and none of them starts it."""

from __future__ import annotations

from collections.abc import Mapping

from modelkeel.iam.estate import Estate, Role

NAMING = frozenset({"arnequals", "arnlike", "stringequals", "stringlike"})


def trust_cycle(estate: Estate) -> tuple[str, ...]:
    """Return the names of roles that trust each other in a circle, the first one again at the end; else nothing.

    A role that trusts itself is none: IAM asks for that where a session renews itself.
    """
    by_arn = {role.arn: name for name, role in estate.roles.items()}
    trusted = {name: _trusted(role, by_arn) - {name} for name, role in estate.roles.items()}
    for start in sorted(trusted):
        path = _path(start, start, trusted, (start,))
        if path:
            return path
    return ()


def _trusted(role: Role, by_arn: Mapping[str, str]) -> set[str]:
    """Return the roles that may take this one on, named as principals or by the condition on their ARN."""
    named: set[str] = set()
    for statement in role.trust.statements:
        if statement.allows:
            named |= {value for kind, value in statement.principals if kind == "AWS"}
            for condition in statement.conditions:
                if condition.key.lower() == "aws:principalarn" and condition.operator.lower() in NAMING:
                    named |= set(condition.values)
    return {by_arn[arn] for arn in named if arn in by_arn}


def _path(here: str, goal: str, trusted: Mapping[str, set[str]], seen: tuple[str, ...]) -> tuple[str, ...]:
    for name in sorted(trusted[here]):
        if name == goal:
            return (*seen, goal)
        if name not in seen:
            found = _path(name, goal, trusted, (*seen, name))
            if found:
                return found
    return ()
