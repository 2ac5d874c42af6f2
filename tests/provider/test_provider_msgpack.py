"""Values packed as the MessagePack specification writes them."""

import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelkeel.provider.msgpack import UNKNOWN, packb, unpackb


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "c0"),
        (False, "c2"),
        (True, "c3"),
        (0, "00"),
        (127, "7f"),
        (128, "cf0000000000000080"),
        (-1, "ff"),
        (-32, "e0"),
        (-33, "d3ffffffffffffffdf"),
        (3.0, "03"),
        (0.5, "cb3fe0000000000000"),
        ("", "a0"),
        ("a" * 31, "bf" + "61" * 31),
        ("a" * 32, "d920" + "61" * 32),
        ("é", "a2c3a9"),
        (b"\x01", "c40101"),
        ([], "90"),
        ([1, [2]], "920191" + "02"),
        ({}, "80"),
        ({"a": None}, "81a161c0"),
        (UNKNOWN, "d40000"),
    ],
)
def test_a_value_has_the_form_of_the_specification(value: Any, expected: str) -> None:
    assert expected == packb(value).hex()


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, object(), {1}])
def test_what_has_no_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        packb(value)


SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=300)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=4), inner, max_size=20)
)


@given(VALUES)
def test_what_is_packed_can_be_read_again(value: Any) -> None:
    """A reader written from the specification, for this test alone, gives the same JSON."""
    found, rest = read(packb(value))

    assert b"" == rest
    assert json.dumps(value) == json.dumps(found)


def read(data: bytes) -> tuple[Any, bytes]:
    code, rest = data[0], data[1:]
    simple = {0xC0: None, 0xC2: False, 0xC3: True}
    if code in simple:
        return simple[code], rest
    if code < 0x80:
        return code, rest
    if code >= 0xE0:
        return code - 256, rest
    if code in {0xCF, 0xD3}:
        return struct.unpack(">Q" if code == 0xCF else ">q", rest[:8])[0], rest[8:]
    kind, length, rest = read_header(code, rest)
    if kind == "text":
        return rest[:length].decode(), rest[length:]
    items = []
    for _ in range(length * (2 if kind == "map" else 1)):
        item, rest = read(rest)
        items.append(item)
    return (items if kind == "list" else dict(zip(items[::2], items[1::2], strict=True))), rest


def read_header(code: int, rest: bytes) -> tuple[str, int, bytes]:
    for first, last, kind in ((0x80, 0x8F, "map"), (0x90, 0x9F, "list"), (0xA0, 0xBF, "text")):
        if first <= code <= last:
            return kind, code - first, rest
    kind, form = {
        0xD9: ("text", "B"),
        0xDA: ("text", ">H"),
        0xDB: ("text", ">I"),
        0xDC: ("list", ">H"),
        0xDD: ("list", ">I"),
        0xDE: ("map", ">H"),
        0xDF: ("map", ">I"),
    }[code]
    size = struct.calcsize(form)
    return kind, struct.unpack(form, rest[:size])[0], rest[size:]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text() | st.binary() | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=40) | st.dictionaries(st.text(), inner, max_size=20),
)


@given(values)
def test_what_is_packed_is_read_back(value: Any) -> None:
    assert unpackb(packb(value)) == value


@pytest.mark.parametrize("value", ["text", [1, "two", None], {"key": UNKNOWN}, 2**40, b"raw"])
def test_a_value_that_is_cut_short_is_refused(value: Any) -> None:
    packed = packb(value)

    for length in range(len(packed)):
        with pytest.raises(ValueError, match="cut short"):
            unpackb(packed[:length])
