"""Property values as rules see them: plain dicts, lists and scalars, and values that nobody knows yet.

The engine's proxies and the markers of a graph document both become these values here, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

Value = Any


class Undetermined(Exception):  # noqa: N818 (a result of its own, not an error)
    """A rule needs what is not known: a value that only the deployment gives, or a stack that was not read."""


class NotConcerned(Exception):  # noqa: N818 (no error either)
    """Nothing in view is what the control speaks of: it gives no verdict, for a pass would claim that it looked."""


class Unknown:
    """A value that is not known yet. Whatever a rule does with it raises Undetermined; `is None` is False."""

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        object.__setattr__(self, "_path", path)

    def _refuse(self, *_: object) -> NoReturn:
        raise Undetermined(f"{object.__getattribute__(self, '_path')} is not known yet")

    def __getattr__(self, name: str) -> NoReturn:
        self._refuse()

    # isinstance() reads __class__ of an object whose type does not match: it must not answer False.
    __class__ = property(_refuse)
    __hash__ = _refuse
    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __len__ = __iter__ = __contains__ = __getitem__ = __call__ = _refuse
    __str__ = __repr__ = __format__ = __int__ = __float__ = __index__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __and__ = __or__ = _refuse


class Hidden:
    """A value that is there but not shown: a secret, or the content of an asset. True, equal to nothing else."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __repr__(self) -> str:
        return f"[{self.kind}]"


_AS_IT_IS = frozenset({str, int, bool, type(None), Unknown, Hidden})


def plain(value: Value, path: str = "", unknown_errors: tuple[type[Exception], ...] = ()) -> Value:
    """Return `value` as plain dicts, lists and scalars.

    `value` is a property tree of a graph document, or the engine's proxies of one, which raise one of
    `unknown_errors` where a value is unknown; or plain values already. Whole numbers become int: the engine
    sends floats only.
    """
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if kind is float:
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        marker = _marker(value, path)
        if marker is not None:
            return marker
        if kind is dict:
            # A document's own dict raises nothing: the short way, for every property of every resource passes here.
            return {
                _real_key(key): item if type(item) in _AS_IT_IS else plain(item, _below(path, key), unknown_errors)
                for key, item in value.items()
            }
        return {_real_key(key): item for key, item in _items(value, list(value), path, unknown_errors)}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [item for _, item in _items(value, range(len(value)), path, unknown_errors)]
    return value if isinstance(value, str | int) else Hidden(kind.__name__)


def _items(
    value: Value, keys: Sequence[Any], path: str, unknown_errors: tuple[type[Exception], ...]
) -> Iterator[tuple[Any, Value]]:
    for key in keys:
        try:
            item = value[key]
        except unknown_errors:
            yield key, Unknown(_below(path, key))
        else:
            yield key, item if type(item) in _AS_IT_IS else plain(item, _below(path, key), unknown_errors)


def _below(path: str, key: Any) -> str:
    return f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}" if path else str(key)


def _marker(value: Mapping[Any, Value], path: str) -> Unknown | Hidden | None:
    if len(value) != 1:
        return None
    if "$unknown" in value:
        return Unknown(path or "the value")
    if "$secret" in value:
        return Hidden("secret")
    if "$asset" in value:
        return Hidden("asset")
    return None


def _real_key(key: Any) -> Any:
    return key[1:] if isinstance(key, str) and key.startswith("$$") else key


def at(value: Value, *keys: str | int) -> Value:
    """Return the value below `keys`, or None where one of them is missing; a list of one block counts as the block."""
    for key in keys:
        if isinstance(value, list) and isinstance(key, str):
            value = value[0] if len(value) == 1 else None
        if isinstance(value, Mapping):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int):
            value = value[key] if key < len(value) else None
        else:
            return None
    return value


def listed(value: Value) -> list[Value]:
    """Return `value` as a list: None is empty, a single value is a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def is_set(value: Value) -> bool:
    """Return whether a text, key or block was given and is not empty."""
    return value is not None and bool(value)
