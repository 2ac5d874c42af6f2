"""The JSON writer gives what the standard library's gives, only sooner."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelkeel import json_text

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
TREES = st.recursive(SCALARS, lambda below: st.lists(below) | st.dictionaries(st.text(), below), max_leaves=30)


def _by_the_standard_library(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


@given(TREES)
def test_text_is_that_of_the_standard_library(value: Any) -> None:
    assert _by_the_standard_library(value) == json_text.dumps(value)


@given(st.lists(TREES, min_size=1))
def test_a_list_at_several_places_is_indented_for_each(shared: list[Any]) -> None:
    value = {"near": shared, "far": {"below": [shared, (shared,)]}}

    assert _by_the_standard_library(value) == json_text.dumps(value)


@pytest.mark.parametrize("value", [{1: "a number as a key"}, {"set": {1}}])
def test_what_json_cannot_say_is_an_error(value: Any) -> None:
    with pytest.raises(TypeError):
        json_text.dumps(value)
