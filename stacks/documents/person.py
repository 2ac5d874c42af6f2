"""The policies of people's roles, from the table of who may do what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from stacks import names, placement
from stacks.documents.grant import Grants
from stacks.documents.packing import packed
from stacks.documents.statement import MANAGED_POLICY_CHARACTERS, Document, allow, deny
from stacks.identity.people import Person, Rule, table

TEAM = "${aws:PrincipalTag/team}"
# The tag of a request, or of what exists: which of both a team's own work is told by.
TEAM_KEYS = {"request": "aws:RequestTag/team", "resource": "aws:ResourceTag/team"}
# What lies in the tooling account where there is one.
SHARED_KINDS = ("model-package/", "model-package-group/")


@dataclass(frozen=True, kw_only=True)
class PersonScope:
    """The environment that people work in; with `teams` each works on what carries the team's tag."""

    grants: Grants
    teams: Sequence[str] = ()


def policies(person: Person, scope: PersonScope) -> list[Document]:
    """Return the documents of a person's role, each within the size of a managed policy.

    Raises:
        ValueError: a statement alone is too long, or the table names a resource that does not exist.
    """
    return packed([*_allows(person, scope), *_denies(person, scope)], MANAGED_POLICY_CHARACTERS, person.title)


def _allows(person: Person, scope: PersonScope) -> Iterator[Document]:
    environment = scope.grants.platform.environment
    for name in person.may:
        for index, rule in enumerate(table().may[name], 1):
            if rule.holds_in(environment):
                yield _allow(f"{_camel(name)}{index}", rule, scope)


def _allow(sid: str, rule: Rule, scope: PersonScope) -> Document:
    if rule.passes:
        return {**scope.grants.pass_roles(rule.passes), "Sid": sid}
    if rule.keys:
        return {**scope.grants.use_keys(rule.keys, rule.via), "Sid": sid, "Action": list(rule.actions)}
    conditions: dict[str, dict[str, object]] = {operator: dict(keys) for operator, keys in rule.condition.items()}
    if rule.team and scope.teams:
        conditions.setdefault("StringEquals", {})[TEAM_KEYS[rule.team]] = TEAM
    return _statement(allow(sid, rule.actions, resources(rule.resources, scope)), conditions, scope)


def _denies(person: Person, scope: PersonScope) -> Iterator[Document]:
    for name in person.never:
        rule = table().never[name]
        where = resources(rule.resources, scope) if rule.resources else "*"
        conditions = {operator: dict(keys) for operator, keys in rule.condition.items()}
        yield _statement(deny(f"Never{_camel(name)}", rule.actions, where), conditions, scope)


def _statement(statement: Document, conditions: dict[str, dict[str, object]], scope: PersonScope) -> Document:
    if conditions:
        statement["Condition"] = {
            operator: {key: _filled(value, scope) for key, value in keys.items()}
            for operator, keys in conditions.items()
        }
    return statement


def _filled(value: object, scope: PersonScope) -> object:
    if isinstance(value, str):
        return value if value == TEAM else _in_words(value, scope)
    return [_filled(item, scope) for item in value] if isinstance(value, list | tuple) else value


def resources(words: Iterable[str], scope: PersonScope) -> list[str]:
    """Return the ARNs that the table's words stand for.

    Raises:
        ValueError: a word stands for nothing; the message says which there are.
    """
    return list(dict.fromkeys(arn for word in words for arn in _arns(word, scope)))


def _arns(word: str, scope: PersonScope) -> list[str]:
    platform, grants = scope.grants.platform, scope.grants
    if word == "*":
        return ["*"]
    if word == "catalogue":
        database = names.database_name(platform)
        suffixes = ("catalog", f"database/{database}", f"table/{database}/*")
        return [names.service_arn(platform, "glue", suffix) for suffix in suffixes]
    if word == "results":
        return [f"{_bucket('curated', grants)}/query-results/*"]
    kind, _, rest = word.partition(":")
    service, _, suffix = rest.partition(":")
    account = f"arn:{platform.partition}:iam::{platform.account_id}"
    found = {
        "own": lambda: grants.own(service, suffix),
        "any": lambda: names.service_arn(platform, service, _in_words(suffix, scope)),
        "global": lambda: f"arn:{platform.partition}:{service}::{platform.account_id}:{_in_words(suffix, scope)}",
        "bucket": lambda: _bucket(rest, grants),
        "objects": lambda: f"{_bucket(rest, grants)}/{rest}/*",
        "role": lambda: f"{account}:role{names.role_path(platform)}{rest}",
        "policy": lambda: f"{account}:policy{names.role_path(platform)}{rest}",
    }.get(kind)
    if kind == "own" and suffix in SHARED_KINDS:
        both = grants.own_and_shared(service, suffix)
        return [both] if isinstance(both, str) else both
    if found is None:
        raise ValueError(
            f"people.toml names a resource that stands for nothing\n  got: {word!r}\n"
            "  allowed: own:, any:, global:, bucket:, objects:, role:, policy:, catalogue, results or *"
        )
    return [found()]


def _bucket(purpose: str, grants: Grants) -> str:
    return names.bucket_arn(grants.platform, placement.bucket_of(purpose, grants.buckets))


def _in_words(text: str, scope: PersonScope) -> str:
    platform = scope.grants.platform
    words = {
        "{project}": platform.project,
        "{environment}": platform.environment,
        "{region}": platform.region,
        "{own}": names.resource_name(platform, "*"),
    }
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))
