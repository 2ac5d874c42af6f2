"""Unknown values, markers and proxies: what a rule can and cannot learn from them."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError, unknown_checking_proxy

from policies.values import Hidden, Undetermined, Unknown, at, is_set, listed, plain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
USES: dict[str, Callable[[Any], object]] = {
    "truth": bool,
    "equality": lambda value: value == "Enabled",
    "inequality": lambda value: value != "Enabled",
    "order": lambda value: value < 30,
    "text": str,
    "format": lambda value: f"{value}",
    "number": int,
    "length": len,
    "iteration": list,
    "membership": lambda value: "a" in value,
    "item": operator.itemgetter("key"),
    "attribute": lambda value: value.get("key"),
    "method": lambda value: value.startswith("arn:"),
    "hash": lambda value: value in {"AES256"},
    "isinstance": lambda value: isinstance(value, str),
    "mapping": lambda value: isinstance(value, Mapping),
    "is_set": is_set,
    "at": lambda value: at(value, "key"),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_no_use_of_an_unknown_value_gives_an_answer(use: Callable[[Any], object]) -> None:
    with pytest.raises(Undetermined, match=r"rules\[0\]\.status is not known yet"):
        use(Unknown("rules[0].status"))


def test_an_unknown_value_is_there() -> None:
    """A property that is given and not known is not a property that is left out."""
    assert plain({"key": {"$unknown": True}})["key"] is not None


def test_an_unknown_value_names_its_path() -> None:
    value = plain({"rules": [{"status": {"$unknown": True}}]})

    with pytest.raises(Undetermined, match=r"rules\[0\]\.status is not known yet"):
        bool(value["rules"][0]["status"])


def test_proxies_of_the_engine_become_the_same_values() -> None:
    sent = {"a": [1.0, {"b": UNKNOWN_STRING_VALUE}], "c": 0.5, "d": None}

    value = plain(unknown_checking_proxy(sent), unknown_errors=(UnknownValueError,))

    assert type(value) is dict
    assert type(value["a"]) is list
    assert type(value["a"][0]) is int
    assert type(value["a"][1]["b"]) is Unknown
    assert (value["c"], value["d"]) == (0.5, None)


def test_plain_values_stay_plain() -> None:
    once = plain({"a": {"$unknown": True}, "b": {"$secret": True}, "c": [1]})
    twice = plain(once)

    assert type(twice["a"]) is Unknown
    assert (twice["b"], twice["c"]) == (once["b"], [1])


def test_a_secret_is_there_and_equals_nothing() -> None:
    value = plain({"password": {"$secret": True}, "code": {"$asset": "sha256:0"}})

    assert isinstance(value["password"], Hidden)
    assert is_set(value["password"])
    assert value["password"] != "hunter2"
    assert repr(value["code"]) == "[asset]"


def test_a_real_key_with_a_dollar_keeps_its_name() -> None:
    assert plain({"$$unknown": True, "x": {"$$secret": 1}}) == {"$unknown": True, "x": {"$secret": 1}}


@given(JSON)
def test_known_values_stay_as_they_are(value: Any) -> None:
    doubled = _doubled(value)

    assert plain(doubled) == value


def _doubled(value: Any) -> Any:
    if isinstance(value, dict):
        return {f"${key}" if key.startswith("$") else key: _doubled(item) for key, item in value.items()}
    return [_doubled(item) for item in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def test_at_walks_blocks_and_single_element_lists() -> None:
    """The engine may send a block as a list of one."""
    assert at({"rule": [{"retention": {"mode": "GOVERNANCE"}}]}, "rule", "retention", "mode") == "GOVERNANCE"
    assert at({"rules": [1, 2]}, "rules", 1) == 2
    assert at({"rules": []}, "rules", 0) is None
    assert at({"a": "text"}, "a", "b") is None


def test_listed_makes_a_list_of_anything() -> None:
    assert (listed(None), listed("a"), listed(["a"])) == ([], ["a"], ["a"])
