"""The inputs of a resource as the provider wants them: every argument present, blocks as lists, its own types."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from modelkeel.graph import is_marker
from modelkeel.provider import msgpack, names, protocol
from modelkeel.provider.schema import COLLECTIONS, Block, Nested, Type

Step = str | int
ASSET_TEXT = "asset"
# The file path that stands for an asset: the provider reads it when it deploys, never here.
AUTONAME_SUFFIX = "-0000000"
# Pulumi appends seven hexadecimal digits to the names that it makes.


@dataclass(frozen=True)
class Remark:
    """Something about one property: a value of the wrong kind, or one that cannot be judged."""

    path: str
    message: str


@dataclass
class Config:
    """A resource for the provider; `paths` leads from its paths back to the program's."""

    value: dict[str, Any] = field(default_factory=dict)
    paths: dict[tuple[Step, ...], str] = field(default_factory=dict)
    wrong: list[Remark] = field(default_factory=list)
    newer: list[Remark] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def property_path(self, steps: Sequence[Step]) -> str:
        """Return the property that a path of the provider means; "" for the whole resource.

        Elements of a set have no index, and arguments that the program left out no property: the innermost
        enclosing property is meant then.
        """
        for length in range(len(steps), 0, -1):
            if (found := self.paths.get(tuple(steps[:length]))) is not None:
                return found
        return ""


def convert(type_name: str, block: Block, inputs: Mapping[str, Any], logical_name: str) -> Config:
    """Return `inputs` as the configuration of the provider's type `type_name`.

    `logical_name` names what the program leaves to Pulumi's automatic names.
    """
    config = Config()
    writer = _Writer(type_name, config)
    config.value = writer.block(block, inputs, "", (), "")
    name = names.settable(type_name, "", block).get("name")
    if name and name in block.attributes and block.attributes[name].required and config.value[name] is None:
        config.value[name] = logical_name + AUTONAME_SUFFIX
    return config


class _Writer:
    """Walks inputs and schema together; what does not fit is noted in the config."""

    def __init__(self, type_name: str, config: Config) -> None:
        self._type_name = type_name
        self._config = config

    def block(
        self, block: Block, inputs: Mapping[str, Any], within: str, steps: tuple[Step, ...], path: str
    ) -> dict[str, Any]:
        """Return one block: `within` is its path without indices, `path` the program's path to it."""
        value: dict[str, Any] = dict.fromkeys(block.attributes)
        value |= {
            name: None if nested.nesting in {protocol.SINGLE, protocol.GROUP} else {} if _is_map(nested) else []
            for name, nested in block.nested.items()
        }
        known = names.settable(self._type_name, within, block)
        for key, given in inputs.items():
            plain = key.removeprefix("$") if key.startswith("$$") else key
            here = f"{path}.{plain}" if path else plain
            name = known.get(plain)
            if given is None:
                continue
            if name is None:
                self._unknown_key(plain, here, known, inputs, nested=bool(steps))
                continue
            self._config.paths[*steps, name] = here
            if name in block.nested:
                inner = f"{within}.{name}" if within else name
                value[name] = self._nested(block.nested[name], given, inner, (*steps, name), here)
            else:
                value[name] = self._value(block.attributes[name].type, given, (*steps, name), here)
        return value

    def _unknown_key(
        self, key: str, path: str, known: Mapping[str, str], given: Mapping[str, Any], *, nested: bool
    ) -> None:
        if not nested and key == "region":
            return  # Builds before 6 take the region from the provider alone, and it was started for this one.
        near = next((name for name in sorted(known) if name not in given and names.one_edit_apart(key, name)), None)
        if nested and near is not None:
            self._config.wrong.append(Remark(path, f"there is no such property here; did you mean {near}?"))
            return
        self._config.newer.append(Remark(path, "this build has no such argument"))

    def _nested(self, nested: Nested, given: Any, within: str, steps: tuple[Step, ...], path: str) -> Any:
        if (opaque := self._opaque(given, path)) is not None:
            return opaque
        if nested.nesting in {protocol.SINGLE, protocol.GROUP}:
            return self._one(nested, given, within, steps, path)
        if _is_map(nested):
            return {
                key: self._one(nested, item, within, (*steps, key), f"{path}.{key}")
                for key, item in (given.items() if isinstance(given, Mapping) else ())
            }
        rows = []
        for index, item in enumerate(given if isinstance(given, list) else [given]):
            here = f"{path}[{index}]" if isinstance(given, list) else path
            self._config.paths[*steps, index] = here
            rows.append(self._one(nested, item, within, (*steps, index), here))
        found = [row for row in rows if row is not None]
        return _distinct(found) if nested.nesting == protocol.SET else found

    def _one(self, nested: Nested, given: Any, within: str, steps: tuple[Step, ...], path: str) -> Any:
        if (opaque := self._opaque(given, path)) is not None:
            return opaque
        if not isinstance(given, Mapping):
            self._wrong(path, "a mapping", given)
            return None
        return self.block(nested.block, given, within, steps, path)

    def _value(self, kind: Type, given: Any, steps: tuple[Step, ...], path: str) -> Any:
        if given is None or (opaque := self._opaque(given, path)) is not None:
            return None if given is None else opaque
        if isinstance(kind, str):
            return self._scalar(kind, given, path)
        shape, inner = kind
        if shape in COLLECTIONS:
            rows = []
            for index, item in enumerate(given if isinstance(given, list) else [given]):
                here = f"{path}[{index}]" if isinstance(given, list) else path
                self._config.paths[*steps, index] = here
                rows.append(self._value(inner, item, (*steps, index), here))
            return _distinct(rows) if shape == "set" else rows
        if not isinstance(given, Mapping):
            return self._wrong(path, "a mapping", given)
        entries = {key.removeprefix("$") if key.startswith("$$") else key: item for key, item in given.items()}
        if shape == "map":
            for key in entries:
                self._config.paths[*steps, key] = f"{path}.{key}"
            return {key: self._value(inner, item, (*steps, key), f"{path}.{key}") for key, item in entries.items()}
        return self._object(inner, entries, steps, path)

    def _object(
        self, kinds: Mapping[str, Type], entries: Mapping[str, Any], steps: tuple[Step, ...], path: str
    ) -> dict[str, Any]:
        by_pulumi_name = {names.camel(name): name for name in kinds}
        value: dict[str, Any] = dict.fromkeys(kinds)
        for key, item in entries.items():
            here = f"{path}.{key}"
            if (name := by_pulumi_name.get(key)) is None:
                self._unknown_key(key, here, by_pulumi_name, entries, nested=True)
                continue
            self._config.paths[*steps, name] = here
            value[name] = self._value(kinds[name], item, (*steps, name), here)
        return value

    def _scalar(self, kind: str, given: Any, path: str) -> Any:
        """Return text, number or truth value; Pulumi's bridge turns one into another where the text allows it."""
        if is_marker(given, "$asset"):
            return ASSET_TEXT
        if kind == "string":
            return self._text(given, path)
        if kind == "bool":
            truths = {True: True, False: False, "true": True, "false": False}
            hashable = isinstance(given, bool | str)
            return truths[given] if hashable and given in truths else self._wrong(path, "true or false", given)
        if kind == "number":
            if isinstance(given, bool) or not isinstance(given, int | float | str):
                return self._wrong(path, "a number", given)
            try:
                return float(given) if isinstance(given, str) else given
            except ValueError:
                return self._wrong(path, "a number", given)
        self._config.newer.append(Remark(path, f"values of type {kind} are not sent"))
        return None

    def _text(self, given: Any, path: str) -> Any:
        if isinstance(given, str):
            return given
        if isinstance(given, bool):
            return "true" if given else "false"
        if isinstance(given, int | float):
            return str(given)
        # The bridge takes a policy document as a mapping, too; a name as a mapping is a mistake.
        if isinstance(given, Mapping) and path.lower().endswith(("policy", "document")):
            return json.dumps(given)
        return self._wrong(path, "text", given)

    def _opaque(self, given: Any, path: str) -> Any:
        """Return UNKNOWN for what the graph does not tell, None for everything else."""
        for marker, paths in (("$secret", self._config.secret), ("$unknown", self._config.unknown)):
            if is_marker(given, marker):
                paths.append(path)
                return msgpack.UNKNOWN
        return None

    def _wrong(self, path: str, expected: str, given: Any) -> None:
        got = "a mapping" if isinstance(given, Mapping) else "a list" if isinstance(given, list) else repr(given)
        self._config.wrong.append(Remark(path, f"expected {expected}, got {got}"))


def _is_map(nested: Nested) -> bool:
    return nested.nesting == protocol.MAP


def _distinct(rows: list[Any]) -> list[Any]:
    """Return the rows of a set without repetitions, in their order."""
    seen: dict[bytes, Any] = {}
    for row in rows:
        seen.setdefault(msgpack.packb(row), row)
    return list(seen.values())
