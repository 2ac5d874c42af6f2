"""Values as YAML text, in the bytes that PyYAML writes, without its cost of two events and a state machine a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml

# Starts with a letter and holds nothing that YAML could read as more than a word: never a number, date or indicator.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_./@-]*\Z")
_NOT_A_WORD = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})
# PyYAML marks a longer key, and an empty one, with `?`.
_LONGEST_KEY = 100
# Wide enough that no line folds: a folded line makes a diff of two.
UNFOLDED = 2**31


class _UnusualError(Exception):
    """A value that the short way does not cover."""


def to_nice_yaml(value: Any, indent: int = 4, width: int = UNFOLDED) -> str:
    """Return `value` as block-style YAML with sorted keys, ending in a line break.

    The bytes are those of copier's filter of this name, save that a list used twice is written twice: an anchor in a
    file that people compare would tell how a program shared its memory.
    """
    if indent == 2 and width >= UNFOLDED and isinstance(value, Mapping) and value:
        try:
            return "\n".join(_lines(value)) + "\n"
        except _UnusualError:
            pass
    return str(
        yaml.dump(value, Dumper=_PlainDumper, indent=indent, width=width, allow_unicode=True, default_flow_style=False)
    )


class _PlainDumper(yaml.Dumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _lines(value: Any) -> Iterator[str]:
    """Yield the lines of a mapping or list that is not empty, without indentation of its own."""
    if isinstance(value, Mapping):
        for key in sorted(value):
            yield from _entry(f"{_key(key)}:", value[key], nested="  " if isinstance(value[key], Mapping) else "")
    else:
        for item in value:
            yield from _item(item)


def _entry(head: str, value: Any, nested: str) -> Iterator[str]:
    if isinstance(value, Mapping | list) and value:
        yield head
        for line in _lines(value):
            yield nested + line
    else:
        yield f"{head} {_scalar(value)}"


def _item(item: Any) -> Iterator[str]:
    if isinstance(item, Mapping | list) and item:
        lead = "- "
        for line in _lines(item):
            yield lead + line
            lead = "  "
    else:
        yield f"- {_scalar(item)}"


def _key(key: Any) -> str:
    if not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY:
        raise _UnusualError
    return _text(key)


def _scalar(value: Any) -> str:
    write = _SCALARS.get(type(value))
    if write is None:
        raise _UnusualError
    return write(value)


def _text(text: str) -> str:
    if _WORD.match(text) and text.lower() not in _NOT_A_WORD:
        return text
    if "\n" in text or "\r" in text or "\x85" in text or "\u2028" in text or "\u2029" in text:
        raise _UnusualError
    return _dumped(text)


@lru_cache(maxsize=4096)
def _dumped(value: str) -> str:
    return _fresh(value)


def _fresh(value: str | float) -> str:
    # Never cached for numbers: 0.0 and -0.0 are one key, and two texts.
    return str(yaml.dump(value, width=UNFOLDED, allow_unicode=True)).removesuffix("\n...\n").removesuffix("\n")


_SCALARS: dict[type, Callable[[Any], str]] = {
    str: _text,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: _fresh,
    type(None): lambda value: "null",
    dict: lambda value: "{}",
    list: lambda value: "[]",
}
