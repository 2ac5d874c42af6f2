"""What rules look at: the resources of a project, frozen and indexed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeVar, cast

from .values import Unknown, Value, listed, plain

Derived = TypeVar("Derived")

PROVIDER = "pulumi:providers:aws"
SHARED = "shared"
_ACCOUNT_ID_LENGTH = 12
_NAMES = ("id", "arn", "bucket", "name")


class Breach(NamedTuple):
    """What is wrong, at which property (`rules[0].status`), and on which resource if not on the one judged."""

    message: str
    path: str = ""
    resource: Resource | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """One managed resource; `raw` are its properties as they came, `props` the same as plain values."""

    urn: str
    type: str
    name: str
    raw: Mapping[str, Value]
    parent: str | None = None
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: str | None = None
    protect: bool = False
    known_as: tuple[str, ...] = ()
    """Its id and ARN, where they are known: what other resources may name it by."""

    @cached_property
    def props(self) -> dict[str, Value]:
        """The properties as plain values; names are the engine's, in camel case."""
        converted: dict[str, Value] = plain(self.raw)
        return converted

    @cached_property
    def stack(self) -> str:
        """The stack's name: an environment, an account id, or `shared`."""
        return self.urn.split("::", 1)[0].rsplit(":", 1)[-1]

    @cached_property
    def program(self) -> str:
        """The program that registers it: the last word of the Pulumi project's name."""
        parts = self.urn.split("::", 2)
        return parts[1].rsplit("-", 1)[-1] if len(parts) > 1 else ""

    @cached_property
    def environment(self) -> str:
        """The environment; `shared` for a stack that stands for an account or an organization."""
        return SHARED if len(self.stack) == _ACCOUNT_ID_LENGTH and self.stack.isdigit() else self.stack

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The texts by which other resources may name it: its id, ARN and name, where they are known."""
        texts = (self.props.get(key) for key in _NAMES)
        return tuple(dict.fromkeys((*self.known_as, *(text for text in texts if type(text) is str))))

    def __getitem__(self, key: str) -> Value:
        return self.props.get(key)


class View:
    """The resources that are judged together: of one stack in the engine, of an environment in the generator."""

    def __init__(self, resources: Iterable[Resource], programs: Iterable[str] = ()) -> None:
        self.resources = tuple(resources)
        self.programs = frozenset(programs) | {resource.program for resource in self.resources}
        self._by_urn = {resource.urn: resource for resource in self.resources}
        by_type: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            by_type[resource.type].append(resource)
        self._by_type = {kind: tuple(found) for kind, found in by_type.items()}
        self._referrers: dict[tuple[str, str], _References] = {}
        self._tags: dict[str, Mapping[str, Value]] = {}
        self._derived: dict[str, object] = {}
        self._named: dict[str, dict[str, Resource]] = {}

    @property
    def types(self) -> frozenset[str]:
        """The resource types that occur."""
        return frozenset(self._by_type)

    def of(self, *types: str) -> tuple[Resource, ...]:
        """Return the resources of the given types, in document order."""
        if len(types) == 1:
            return self._by_type.get(types[0], ())
        return tuple(resource for kind in types for resource in self._by_type.get(kind, ()))

    def get(self, urn: str) -> Resource | None:
        """Return the resource of that URN, if it is in view."""
        return self._by_urn.get(urn)

    def referrers(self, target: Resource, kind: str, key: str) -> list[Resource]:
        """Return the resources of type `kind` whose property `key` names `target`, by reference, id or ARN."""
        if (kind, key) not in self._referrers:
            self._referrers[kind, key] = _References(self.of(kind), key)
        return self._referrers[kind, key].to(target)

    def points_to(self, resource: Resource, key: str, kind: str) -> Resource | None:
        """Return the resource of type `kind` that property `key` of `resource` names, if it is in view."""
        for urn in resource.property_dependencies.get(key, ()):
            found = self._by_urn.get(urn)
            if found is not None and found.type == kind:
                return found
        value = resource.props.get(key)
        return self.named(kind, value) if type(value) is str else None

    def named(self, kind: str, text: str) -> Resource | None:
        """Return the resource of type `kind` whose name, id or ARN is `text`."""
        if kind not in self._named:
            self._named[kind] = {name: resource for resource in self.of(kind) for name in resource.names}
        return self._named[kind].get(text)

    def provider(self, resource: Resource) -> Resource | None:
        """Return the provider that makes `resource`, if it is in view; it is named by URN, or by URN and id."""
        named = resource.provider or ""
        return self._by_urn.get(named) or self._by_urn.get(named.rsplit("::", 1)[0])

    def tags(self, resource: Resource) -> Mapping[str, Value]:
        """Return the default tags of the provider that makes `resource`; empty where there is none."""
        provider = resource if resource.type == PROVIDER else self.provider(resource)
        if provider is None:
            return {}
        if provider.urn not in self._tags:
            self._tags[provider.urn] = default_tags(provider)
        return self._tags[provider.urn]

    def accounts(self, resource: Resource) -> frozenset[str]:
        """Return the account ids that the resource's provider is pinned to; empty where it is not pinned."""
        provider = self.provider(resource)
        found = None if provider is None else decoded(provider["allowedAccountIds"])
        return frozenset(str(account) for account in listed(found))

    def stacks(self, program: str) -> tuple[str, ...]:
        """Return the names of the stacks of `program` that are in view: environments, or account ids."""
        return tuple(sorted({resource.stack for resource in self.resources if resource.program == program}))

    def within(self, stack: str, *types: str) -> list[Resource]:
        """Return the resources of the given types in the stacks named `stack`, whichever program has them."""
        return [resource for resource in self.of(*types) if resource.stack == stack]

    def facts(self, resource: Resource) -> frozenset[str]:
        """Return what the provider's tags say of the project, as `tag:value`; values joined by `+` count each."""
        tags = self.tags(resource)
        return frozenset(f"{tag}:{part}" for tag, value in tags.items() for part in str(value).split("+"))

    def regulated(self, resource: Resource) -> bool:
        """Return whether the project says, in its tag `compliance`, that a framework binds it."""
        return self.tags(resource).get("compliance", "none") not in {"", "none"}

    def derive(self, function: Callable[[View], Derived]) -> Derived:
        """Return `function` of this view, computed once."""
        name = f"{function.__module__}.{function.__qualname__}"
        if name not in self._derived:
            self._derived[name] = function(self)
        return cast(Derived, self._derived[name])


def default_tags(provider: Resource) -> Mapping[str, Value]:
    """Return the default tags of a provider; the engine sends its nested arguments as JSON text."""
    block = decoded(provider["defaultTags"])
    tags = block.get("tags") if isinstance(block, Mapping) else None
    return tags if isinstance(tags, Mapping) else {}


def decoded(value: Value) -> Value:
    """Return an argument of a provider as a value: objects, lists and switches are sent as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


class _References:
    """For one type and property: which resource is named by URN, and which by id or ARN."""

    def __init__(self, resources: Iterable[Resource], key: str) -> None:
        self._by_urn: dict[str, list[Resource]] = defaultdict(list)
        self._by_text: dict[str, list[Resource]] = defaultdict(list)
        for resource in resources:
            for urn in resource.property_dependencies.get(key, ()):
                self._by_urn[urn].append(resource)
            for item in listed_or_unknown(resource.props.get(key)):
                if type(item) is str:
                    self._by_text[item].append(resource)

    def to(self, target: Resource) -> list[Resource]:
        found = {resource.urn: resource for resource in self._by_urn.get(target.urn, ())}
        for text in target.names:
            for resource in self._by_text.get(text, ()):
                found[resource.urn] = resource
        return list(found.values())


def listed_or_unknown(value: Value) -> list[Value]:
    """Return `value` as a list; an unknown value is a list of one unknown value."""
    return [value] if type(value) is Unknown else listed(value)
