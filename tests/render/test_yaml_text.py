"""The short way writes what PyYAML writes; PyYAML is the judge."""

from hypothesis import given
from hypothesis import strategies as st
from jinja2_ansible_filters.core_filters import to_nice_yaml as copiers

from modelkeel.render.yaml_text import UNFOLDED, to_nice_yaml

# What YAML reads as something else than the text it is, or cannot write without quotes.
TRAPS = (
    *("yes", "No", "null", "~", "on", "1e3", "0x1f", "2026-11-23", "12:30:00", "=", "<<"),
    *("a: b", "a #b", "- a", "*", "&a", "!x", "%", "@a", "`", "{", "a,b", "", " a", "a ", "'", '"'),
    *("arn:aws:kms:eu-west-1:1:key/*", "ä", "\U0001f600"),
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(TRAPS)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(st.text(max_size=12), VALUES, max_size=6))
def test_a_mapping_is_written_as_copiers_filter_writes_it(value: dict[str, object]) -> None:
    assert to_nice_yaml(value, indent=2, width=UNFOLDED) == copiers(value, indent=2, width=UNFOLDED)


def test_other_indents_are_copiers_too() -> None:
    value = {"b": [1, {"c": "d"}], "a": "x " * 60}

    assert to_nice_yaml(value) != to_nice_yaml(value, indent=2)
    assert to_nice_yaml(value, indent=4, width=80) == copiers(value, width=80)


def test_a_list_used_twice_is_written_twice() -> None:
    shared = ["x"]

    assert to_nice_yaml({"a": shared, "b": shared}, indent=2) == "a:\n- x\nb:\n- x\n"


def test_a_long_key_takes_the_long_way() -> None:
    value = {"k" * 200: {"a": 1}}

    assert to_nice_yaml(value, indent=2) == copiers(value, indent=2, width=UNFOLDED)


def test_zero_keeps_its_sign_whichever_came_first() -> None:
    for value in (0.0, -0.0, 0.0):
        assert to_nice_yaml({"zero": value}) == f"zero: {value}\n"
