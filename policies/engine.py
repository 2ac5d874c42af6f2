"""What the Pulumi engine sends, as the view that rules look at; knows the shapes, imports nothing of Pulumi."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .values import plain
from .view import PROVIDER, Resource, View


def stack_view(resources: Iterable[Any], unknown_errors: tuple[type[Exception], ...]) -> View:
    """Return the view of a whole stack; values that raise one of `unknown_errors` are unknown."""
    found = [each for item in resources for each in _with_provider(item, unknown_errors)]
    return View({resource.urn: resource for resource in reversed(found)}.values())


def resource_view(item: Any, unknown_errors: tuple[type[Exception], ...]) -> View:
    """Return the view of one resource, its provider beside it."""
    return View(_with_provider(item, unknown_errors))


def _with_provider(item: Any, unknown_errors: tuple[type[Exception], ...]) -> Iterator[Resource]:
    yield _resource(item, unknown_errors)
    if item.provider is not None:
        yield _provider(item.provider, unknown_errors)


def _resource(item: Any, unknown_errors: tuple[type[Exception], ...]) -> Resource:
    props = plain(item.props, unknown_errors=unknown_errors)
    named = getattr(item, "property_dependencies", None) or {}
    parent = getattr(item, "parent", None)
    return Resource(
        urn=item.urn,
        type=item.resource_type,
        name=item.name,
        raw=props,
        parent=None if parent is None else parent.urn,
        dependencies=tuple(each.urn for each in getattr(item, "dependencies", None) or ()),
        property_dependencies={key: tuple(each.urn for each in found) for key, found in named.items()},
        provider=None if item.provider is None else item.provider.urn,
        protect=item.opts.protect,
    )


def _provider(item: Any, unknown_errors: tuple[type[Exception], ...]) -> Resource:
    return Resource(urn=item.urn, type=PROVIDER, name=item.name, raw=plain(item.props, unknown_errors=unknown_errors))
