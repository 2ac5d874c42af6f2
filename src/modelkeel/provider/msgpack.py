"""Values as MessagePack, as far as the plugin protocol sends them.

Format: https://github.com/msgpack/msgpack/blob/master/spec.md. Unknown is extension type 0 with one byte, as
Terraform's value encoding asks: https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from enum import Enum
from typing import Any


class Unknown(Enum):
    """The value that is known only after a deployment."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN

_UINT64 = 2**64


def packb(value: Any) -> bytes:
    """Return `value` packed: None, booleans, numbers, text, bytes, lists, mappings and UNKNOWN.

    Whole floats become integers: the graph document does not tell 3.0 from 3.

    Raises:
        TypeError: a value of another type; an integer that 64 bits do not hold.
    """
    out = bytearray()
    _pack(value, out)
    return bytes(out)


def _pack(value: Any, out: bytearray) -> None:
    if value is None:
        out.append(0xC0)
    elif value is UNKNOWN:
        out += b"\xd4\x00\x00"
    elif isinstance(value, bool):
        out.append(0xC3 if value else 0xC2)
    elif isinstance(value, int):
        _pack_integer(value, out)
    elif isinstance(value, float):
        if value.is_integer() and abs(value) < 2**53:
            _pack_integer(int(value), out)
        else:
            out += b"\xcb" + struct.pack(">d", value)
    else:
        _pack_sized(value, out)


def _pack_sized(value: Any, out: bytearray) -> None:
    if isinstance(value, str):
        data = value.encode()
        _pack_length(len(data), out, short=(0xA0, 32), sizes=((0xD9, "B"), (0xDA, ">H"), (0xDB, ">I")))
        out += data
    elif isinstance(value, bytes):
        _pack_length(len(value), out, short=None, sizes=((0xC4, "B"), (0xC5, ">H"), (0xC6, ">I")))
        out += value
    elif isinstance(value, Mapping):
        _pack_length(len(value), out, short=(0x80, 16), sizes=((0xDE, ">H"), (0xDF, ">I")))
        for key, item in value.items():
            _pack(key, out)
            _pack(item, out)
    elif isinstance(value, list | tuple):
        _pack_length(len(value), out, short=(0x90, 16), sizes=((0xDC, ">H"), (0xDD, ">I")))
        for item in value:
            _pack(item, out)
    else:
        raise TypeError(f"a {type(value).__name__} has no MessagePack form here")


def _pack_integer(value: int, out: bytearray) -> None:
    if 0 <= value < 128:
        out.append(value)
    elif -32 <= value < 0:
        out += struct.pack("b", value)
    elif 0 <= value < _UINT64:
        out += b"\xcf" + struct.pack(">Q", value)
    elif -(_UINT64 // 2) <= value < 0:
        out += b"\xd3" + struct.pack(">q", value)
    else:
        raise TypeError(f"{value} does not fit into 64 bits")


def _pack_length(
    length: int, out: bytearray, *, short: tuple[int, int] | None, sizes: tuple[tuple[int, str], ...]
) -> None:
    """Write the header of text, bytes, a list or a mapping: the smallest form that holds `length`."""
    if short is not None and length < short[1]:
        out.append(short[0] | length)
        return
    for code, form in sizes:
        if length < 256 ** struct.calcsize(form):
            out.append(code)
            out += struct.pack(form, length)
            return
    raise TypeError(f"{length} elements are more than MessagePack holds")


def unpackb(data: bytes) -> Any:
    """Return the value that `data` holds; every extension type is UNKNOWN, as Terraform refines unknown values.

    Raises:
        ValueError: `data` is cut short, or holds what the format does not have.
    """
    try:
        value, end = _unpack(data, 0)
    except (IndexError, struct.error) as error:
        raise ValueError("the packed value is cut short") from error
    if end > len(data):
        raise ValueError("the packed value is cut short")
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes follow the packed value")
    return value


_FIXED = {0xC0: None, 0xC2: False, 0xC3: True}
_NUMBERS = {
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}
# First byte: what follows, and how its length is written.
_SIZED = {
    0xC4: ("bytes", ">B"),
    0xC5: ("bytes", ">H"),
    0xC6: ("bytes", ">I"),
    0xD9: ("text", ">B"),
    0xDA: ("text", ">H"),
    0xDB: ("text", ">I"),
    0xDC: ("list", ">H"),
    0xDD: ("list", ">I"),
    0xDE: ("map", ">H"),
    0xDF: ("map", ">I"),
    0xC7: ("extension", ">B"),
    0xC8: ("extension", ">H"),
    0xC9: ("extension", ">I"),
}


def _unpack(data: bytes, at: int) -> tuple[Any, int]:
    first = data[at]
    if first in _FIXED:
        return _FIXED[first], at + 1
    if first < 0x80 or first >= 0xE0:
        return (first if first < 0x80 else first - 0x100), at + 1
    if first in _NUMBERS:
        size = struct.calcsize(_NUMBERS[first])
        return struct.unpack_from(_NUMBERS[first], data, at + 1)[0], at + 1 + size
    if 0xD4 <= first <= 0xD8:
        return UNKNOWN, at + 2 + 2 ** (first - 0xD4)
    if first in _SIZED:
        kind, form = _SIZED[first]
        length, start = struct.unpack_from(form, data, at + 1)[0], at + 1 + struct.calcsize(form)
    elif first < 0xC0:
        kind, mask = ("map", 0x0F) if first < 0x90 else ("list", 0x0F) if first < 0xA0 else ("text", 0x1F)
        length, start = first & mask, at + 1
    else:
        raise ValueError(f"no value begins with the byte {first:#x}")
    return _contents(kind, length, data, start)


def _contents(kind: str, length: int, data: bytes, at: int) -> tuple[Any, int]:
    if kind == "extension":
        return UNKNOWN, at + 1 + length
    if kind in {"text", "bytes"}:
        if at + length > len(data):
            raise ValueError("the packed value is cut short")
        raw = data[at : at + length]
        return (raw.decode() if kind == "text" else raw), at + length
    rows: list[Any] = []
    for _ in range(length * (2 if kind == "map" else 1)):
        value, at = _unpack(data, at)
        rows.append(value)
    return (dict(zip(rows[::2], rows[1::2], strict=True)) if kind == "map" else rows), at
