"""A YAML mapping read with the line of every value, so that a problem can point at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from modelkeel.errors import Problem

MAX_BYTES = 1_000_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """The values of one answers file; `problems` holds what is wrong with the file itself."""

    values: Mapping[str, Any] = field(default_factory=dict)
    locations: Mapping[KeyPath, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read(path: Path) -> Document:
    """Return the document in `path`; a file that cannot be read or is no mapping gives problems, not an exception."""
    fix = "modelkeel new DEST --preset tabular_batch needs no file; examples/ holds files to start from"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _broken("the answers file does not exist", got=str(path), fix=fix)
    except OSError as error:
        return _broken("the answers file cannot be read", got=f"{path}: {error.strerror}", fix="name a readable file")
    if len(data) > MAX_BYTES:
        return _broken("the answers file is too large", got=f"{path}: {len(data)} bytes", allowed=f"{MAX_BYTES} bytes")
    try:
        return parse(data.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        return _broken("the answers file is not UTF-8 text", got=f"{path}: byte {error.start}", fix="save it as UTF-8")


def parse(text: str, name: str) -> Document:
    """Return the document in `text`; `name` is what locations begin with."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        values = {} if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line + 1) if error.problem_mark else 1
        return _broken(
            "the answers file is not YAML",
            got=" ".join(str(error.problem or error).split()),
            allowed="one `key: value` a line",
            location=f"{name}:{line}",
        )
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return _broken("the answers file is not YAML", got=str(error)[:200] or "nested too deep", location=name)
    if not isinstance(values, dict):
        return _broken(
            "the answers file does not hold answers",
            got=f"a {type(values).__name__}",
            allowed="a mapping: one `key: value` a line",
            location=f"{name}:1",
        )
    locations: dict[KeyPath, str] = {}
    problems: list[Problem] = []
    _walk(node, (), name, locations, problems, seen=set())
    return Document(
        values={str(key): value for key, value in values.items()}, locations=locations, problems=tuple(problems)
    )


def _walk(
    node: Any, path: KeyPath, name: str, locations: dict[KeyPath, str], problems: list[Problem], *, seen: set[int]
) -> None:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            key = str(getattr(key_node, "value", ""))
            place = f"{name}:{key_node.start_mark.line + 1}"
            if (*path, key) in locations:
                dotted = ".".join(str(part) for part in (*path, key))
                problems.append(
                    Problem(
                        what=f"{dotted} is answered twice",
                        got=f"also in line {locations[*path, key].rpartition(':')[2]}",
                        fix="keep one of the two",
                        location=place,
                    )
                )
            locations[(*path, key)] = place
            _walk(value_node, (*path, key), name, locations, problems, seen=seen)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            locations[(*path, index)] = f"{name}:{item.start_mark.line + 1}"
            _walk(item, (*path, index), name, locations, problems, seen=seen)


def _broken(what: str, *, got: str = "", allowed: str = "", fix: str = "", location: str = "") -> Document:
    return Document(problems=(Problem(what=what, got=got, allowed=allowed, fix=fix, location=location),))
