"""Which role may assume which: what a trust policy says, and what identity policies add to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from .document import Statement, matches, statements
from .identity import ROLE, grants, policies_of
from .principal import account_of
from .values import Undetermined
from .view import Resource, View

ASSUME = "sts:AssumeRole"
_NAMING = frozenset({"arnequals", "arnlike", "stringequals", "stringlike"})


class Reach(NamedTuple):
    """For each role the roles that may assume it or that it may assume, and what could not be read of them."""

    assumes: Mapping[str, tuple[Resource, ...]]
    """By the URN of the role that assumes."""
    unread: str
    """Why a trust policy could not be read; empty where all were."""


def reach(view: View) -> Reach:
    """Return which role in view may assume which, in one step. A role that trusts itself renews a session: no step."""
    return view.derive(_reach)


def _reach(view: View) -> Reach:
    roles = view.of(ROLE)
    arns = {role.urn: arn_of(role, view) for role in roles}
    by_pattern: dict[str, list[Resource]] = {}
    assumes: dict[str, dict[str, Resource]] = {role.urn: {} for role in roles}
    unread = ""
    for target in roles:
        try:
            for pattern in _trusted(target, arns[target.urn], view):
                if pattern not in by_pattern:
                    by_pattern[pattern] = [role for role in roles if matches(pattern, arns[role.urn])]
                for role in by_pattern[pattern]:
                    if role is not target:
                        assumes[role.urn][target.urn] = target
        except Undetermined as reason:
            unread = unread or f"{target.name}: {reason}"
    return Reach({urn: tuple(found.values()) for urn, found in assumes.items()}, unread)


def arn_of(role: Resource, view: View) -> str:
    """Return the role's ARN; before AWS gives one, the one that its account, path and name lead to."""
    known = next((text for text in role.known_as if text.startswith("arn:")), None)
    if known is not None:
        return known
    accounts = view.accounts(role)
    path, name = role["path"], role["name"]
    text = (path if type(path) is str else "/") + (name if type(name) is str else role.name)
    return f"arn:aws:iam::{next(iter(accounts)) if len(accounts) == 1 else ''}:role{text}"


def _trusted(target: Resource, arn: str, view: View) -> Iterator[str]:
    """Yield patterns of the ARNs of roles that may assume `target`."""
    for statement in statements(target["assumeRolePolicy"]):
        if not (statement.allows and statement.covers(ASSUME)):
            continue
        named = [
            pattern
            for operator, key, values in statement.conditions
            if key.lower() == "aws:principalarn" and operator.lower().removesuffix("ifexists") in _NAMING
            for pattern in values
        ]
        if named:
            yield from named
            continue
        yield from (name for kind, name in statement.principals if kind == "AWS" and ":role/" in name)
        if any(_whole_account(kind, name) for kind, name in statement.principals):
            yield from _granted(arn, _accounts(statement), view)


def _whole_account(kind: str, name: str) -> bool:
    """Return whether a principal is everybody in an account: then the account's own policies decide."""
    return name == "*" or (kind == "AWS" and (name.isdigit() or name.endswith(":root")))


def _accounts(statement: Statement) -> frozenset[str | None]:
    return frozenset(account_of(name) for _, name in statement.principals if name != "*")


def _granted(target: str, accounts: Iterable[str | None], view: View) -> Iterator[str]:
    """Yield the roles of `accounts` whose own policies let them assume the role with the ARN `target`."""
    wanted = frozenset(accounts)
    for role in view.of(ROLE):
        arn = arn_of(role, view)
        if wanted and account_of(arn) not in wanted:
            continue
        for policy in policies_of(view)[role.urn]:
            if any(_grants(grant.statement, target) for grant in grants(policy, view)):
                yield arn
                break


def _grants(statement: Statement, target: str) -> bool:
    return statement.covers(ASSUME) and any(matches(pattern, target) for pattern in statement.resources)


def chains(role: Resource, view: View) -> Iterator[tuple[Resource, ...]]:
    """Yield the shortest chain from `role` to each role that it can reach, nearest first, and one back to itself."""
    assumes = reach(view).assumes
    waiting: list[tuple[Resource, ...]] = [(role,)]
    seen = set()
    for chain in waiting:
        for target in assumes[chain[-1].urn]:
            if target.urn not in seen:
                seen.add(target.urn)
                waiting.append((*chain, target))
                yield waiting[-1]
