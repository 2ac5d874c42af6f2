"""What a provider says of its resource types: attributes, blocks, which are required and which are computed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modelkeel.provider import protocol

Type = Any
"""A type as the provider writes it in JSON: `"string"`, `["list", TYPE]`, `["object", {name: TYPE}]`."""

COLLECTIONS = ("list", "set")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute; one that is neither required nor optional is computed, and nobody may set it."""

    name: str
    type: Type
    required: bool
    settable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
    """One block type; `nesting` is a constant of `protocol`."""

    name: str
    block: Block
    nesting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The attributes and the nested blocks of a resource, or of a block in it, by name."""

    attributes: Mapping[str, Attribute]
    nested: Mapping[str, Nested]


class Schemas(Mapping[str, Block]):
    """The resource types of one provider build; each is decoded when it is asked for."""

    def __init__(self, answer: Any) -> None:
        """Take the answer to `GetSchema`."""
        self.provider = _block(answer.provider.block)
        self._packed: dict[str, bytes] = {entry.key: entry.value for entry in answer.resources}
        self._blocks: dict[str, Block] = {}

    def __getitem__(self, name: str) -> Block:
        if name not in self._blocks:
            self._blocks[name] = _block(protocol.parse("Schema", self._packed[name]).block)
        return self._blocks[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def __contains__(self, name: object) -> bool:
        return name in self._packed


def _block(message: Any) -> Block:
    attributes = {
        row.name: Attribute(
            name=row.name, type=json.loads(row.type), required=row.required, settable=row.required or row.optional
        )
        for row in message.attributes
    }
    nested = {
        row.type_name: Nested(name=row.type_name, block=_block(row.block), nesting=row.nesting)
        for row in message.block_types
    }
    return Block(attributes=attributes, nested=nested)
