"""Policy documents read into statements, and whether one speaks of a request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from modelkeel.iam.condition import Condition, NotSaidError, Unsaid, hold, is_operator, lookup_in
from modelkeel.iam.pattern import UnresolvedError, arn_covers, covers
from modelkeel.iam.request import Request, Values

Principal = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement; `principals` are pairs of kind and value, empty in policies of identities."""

    sid: str
    allows: bool
    actions: Values = ()
    not_actions: Values = ()
    resources: Values = ()
    not_resources: Values = ()
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def speaks_of(self, request: Request, unsaid: Unsaid) -> bool | None:
        """Return whether action, resource and conditions fit; None where `unsaid` keys would decide."""
        if not self._covers_action(request.action):
            return False
        missing = Unsaid()
        where = self._covers_resource(request, missing)
        when = False if where is False else hold(self.conditions, request, missing)
        if where is False or when is False:
            return False
        if where is None or when is None:
            unsaid.keys |= missing.keys
            return None
        return True

    def names(self, request: Request) -> str:
        """Return how a resource's policy names the principal: `itself`, `everybody`, its `account`, or nothing."""
        if self.not_principals:
            return "" if _named(self.not_principals, request) else "everybody"
        return _named(self.principals, request)

    def _covers_action(self, action: str) -> bool:
        if self.not_actions:
            return not any(covers(pattern, action) for pattern in self.not_actions)
        return any(covers(pattern, action) for pattern in self.actions)

    def _covers_resource(self, request: Request, unsaid: Unsaid) -> bool | None:
        patterns = self.not_resources or self.resources
        if not patterns:
            return True  # a trust policy speaks of its own role
        found = _any_covers(patterns, request, unsaid)
        return not found if self.not_resources and found is not None else found


def _any_covers(patterns: Values, request: Request, unsaid: Unsaid) -> bool | None:
    unknown = False
    for pattern in patterns:
        try:
            if arn_covers(pattern, request.resource, lookup_in(request)):
                return True
        except UnresolvedError:
            continue
        except NotSaidError as error:
            unsaid.keys.add(str(error))
            unknown = True
    return None if unknown else False


def _named(principals: tuple[Principal, ...], request: Request) -> str:
    account = request.principal_account
    found = ""
    for kind, value in principals:
        if value == "*" and kind in {"*", "AWS"}:
            return "everybody"
        if value == request.principal:
            return "itself"
        if kind == "AWS" and not request.is_outsider and (value == account or _is_root(value, account)):
            found = "account"
    return found


def _is_root(value: str, account: str) -> bool:
    parts = value.split(":")
    return len(parts) == 6 and parts[4] == account and parts[5] == "root"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A named document, as text and as statements."""

    name: str
    text: str
    statements: tuple[Statement, ...]


def policy(name: str, document: str | Mapping[str, Any]) -> Policy:
    """Return the policy of a document, JSON text or mapping.

    Raises:
        ValueError: the text is no JSON object, an effect or an operator does not exist.
    """
    text = document if isinstance(document, str) else json.dumps(document)
    return Policy(name=name, text=text, statements=_read(text))


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[Statement, ...]:
    document = json.loads(text)
    if not isinstance(document, dict):
        raise ValueError(f"a policy document is an object, got {text[:40]!r}")
    return tuple(_statement(row, index) for index, row in enumerate(_listed(document.get("Statement"))))


def _statement(row: Mapping[str, Any], index: int) -> Statement:
    conditions = tuple(
        Condition(operator, key, _texts(values))
        for operator, keys in (row.get("Condition") or {}).items()
        for key, values in keys.items()
    )
    wrong = [condition.operator for condition in conditions if not is_operator(condition.operator)]
    if wrong or row.get("Effect") not in {"Allow", "Deny"}:
        raise ValueError(f"statement {row.get('Sid', index)} has {wrong or row.get('Effect')}, which IAM does not know")
    return Statement(
        sid=str(row.get("Sid") or f"number {index + 1}"),
        allows=row["Effect"] == "Allow",
        actions=_texts(row.get("Action")),
        not_actions=_texts(row.get("NotAction")),
        resources=_texts(row.get("Resource")),
        not_resources=_texts(row.get("NotResource")),
        principals=tuple(_principals(row.get("Principal"))),
        not_principals=tuple(_principals(row.get("NotPrincipal"))),
        conditions=conditions,
    )


def _principals(value: Any) -> Iterator[Principal]:
    if isinstance(value, Mapping):
        for kind, names in value.items():
            yield from ((str(kind), name) for name in _texts(names))
    else:
        yield from (("*", name) for name in _texts(value))


def _texts(value: Any) -> Values:
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in _listed(value))


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
