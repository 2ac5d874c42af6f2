"""Who can do what: every action that somebody's policies name, asked for everybody."""

from __future__ import annotations

import re
from dataclasses import dataclass

from modelkeel.iam.asking import question
from modelkeel.iam.decision import Decision, decide
from modelkeel.iam.estate import Estate, Role
from modelkeel.iam.pattern import UnresolvedError, arn_covers
from modelkeel.iam.statement import Statement
from modelkeel.tables.iam_action import IamAction, actions

STAND_IN = "example"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One action on one kind of resource, with the answer for each role in the order of the matrix."""

    action: IamAction
    pattern: str
    answers: tuple[Decision, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """The answers of all roles, an action a row."""

    environment: str
    roles: tuple[Role, ...]
    rows: tuple[Row, ...]


def matrix(estate: Estate, environment: str, *, rolled_out: bool = False, kind: str = "person") -> Matrix:
    """Return what each role of `kind` may do in the environment; `rolled_out` as `asking.question`.

    Nothing is assumed of a request but who makes it, from where and over TLS: what depends on more is open.
    """
    roles = tuple(role for role in estate.roles.values() if role.kind == kind)
    rows = []
    for action, pattern in sorted(_asked(estate, roles), key=lambda pair: (pair[0].name, pair[1])):
        resource = _example(pattern, estate)
        if not action.takes(resource):
            continue
        answers = []
        for role in roles:
            asked = question(estate, role, action, resource, {}, rolled_out=rolled_out)
            answers.append(decide(asked.request, asked.layers))
        rows.append(Row(action=action, pattern=pattern, answers=tuple(answers)))
    return Matrix(environment=environment, roles=roles, rows=tuple(rows))


def _asked(estate: Estate, roles: tuple[Role, ...]) -> set[tuple[IamAction, str]]:
    """Return what the roles' own policies allow or deny by name; what is CI's as well is CI's."""
    shared = {policy.name for role in estate.roles.values() if role.kind == "ci" for policy in role.identity}
    found = set()
    for role in roles:
        for policy in role.identity:
            for statement in policy.statements if policy.name not in shared else ():
                for action in (actions()[name.lower()] for name in statement.actions if name.lower() in actions()):
                    found |= {(action, pattern) for pattern in _patterns(action, statement, role)}
    return found


def _patterns(action: IamAction, statement: Statement, role: Role) -> list[str]:
    named = [pattern for pattern in statement.resources if action.takes(_filled(pattern))]
    if statement.allows or "*" not in statement.resources or not action.needs_resource:
        return named
    words = {"${Partition}": role.arn.split(":")[1], "${Region}": role.region, "${Account}": role.account}
    shape = next(iter(action.resources), "*")
    for word, value in words.items():
        shape = shape.replace(word, value)
    return [re.sub(r"\$\{[^}]*\}", "*", shape)]


def _example(pattern: str, estate: Estate) -> str:
    """Return a resource of the graph that the pattern covers, else one that only could exist."""
    if pattern == "*":
        return pattern
    for arn in sorted(estate.arns):
        try:
            if arn_covers(pattern, arn, lambda _: None):
                return arn
        except UnresolvedError:
            break
    return _filled(pattern)


def _filled(pattern: str) -> str:
    if pattern == "*":
        return pattern
    return re.sub(r"\$\{[^}]*\}|\*", STAND_IN, pattern)
