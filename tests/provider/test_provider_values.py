"""Inputs of a program as the configuration that the provider wants."""

from typing import Any

import pytest

from modelkeel.provider import msgpack, protocol
from modelkeel.provider.schema import Attribute, Block, Nested
from modelkeel.provider.values import Config, convert


def attribute(name: str, kind: Any, *, required: bool = False) -> Attribute:
    return Attribute(name=name, type=kind, required=required, settable=True)


def nested(name: str, nesting: int, *attributes: Attribute) -> Nested:
    return Nested(name=name, nesting=nesting, block=Block(attributes={row.name: row for row in attributes}, nested={}))


ATTRIBUTES = (
    attribute("name", "string", required=True),
    attribute("assume_policy", "string"),
    attribute("size_gib", "number"),
    attribute("enabled", "bool"),
    attribute("subnet_ids", ["set", "string"]),
    attribute("tags", ["map", "string"]),
    attribute("limits", ["list", ["object", {"max_days": "number", "min_days": "number"}]]),
)
SCHEMA = Block(
    attributes={row.name: row for row in ATTRIBUTES},
    nested={
        "rule": nested("rule", protocol.LIST, attribute("status", "string"), attribute("days", "number")),
        "timeouts": nested("timeouts", protocol.SINGLE, attribute("create", "string")),
    },
)


def converted(**inputs: Any) -> Config:
    return convert("aws_thing", SCHEMA, inputs, "thing")


def test_everything_that_a_program_leaves_out_is_sent_as_nothing() -> None:
    expected = dict.fromkeys(row.name for row in ATTRIBUTES) | {"rule": [], "timeouts": None, "name": "x"}

    assert expected == converted(name="x").value


def test_pulumi_names_what_the_program_does_not() -> None:
    assert "thing-0000000" == converted().value["name"]


@pytest.mark.parametrize(
    ("key", "given", "name", "expected"),
    [
        ("sizeGib", "5", "size_gib", 5.0),
        ("sizeGib", 5.5, "size_gib", 5.5),
        ("enabled", "true", "enabled", True),
        ("name", 5, "name", "5"),
        ("name", False, "name", "false"),
        ("assumePolicy", {"Version": "2012-10-17"}, "assume_policy", '{"Version": "2012-10-17"}'),
        ("name", {"$asset": "sha256:0"}, "name", "asset"),
        ("subnetIds", ["a", "b", "a"], "subnet_ids", ["a", "b"]),
        ("tags", {"$$unknown": "x", "b": 1}, "tags", {"$unknown": "x", "b": "1"}),
        ("limits", [{"maxDays": 3}], "limits", [{"max_days": 3, "min_days": None}]),
        ("rules", [{"status": "on"}], "rule", [{"status": "on", "days": None}]),
        ("rule", {"status": "on"}, "rule", [{"status": "on", "days": None}]),
        ("timeouts", {"create": "5m"}, "timeouts", {"create": "5m"}),
        ("name", {"$unknown": True}, "name", msgpack.UNKNOWN),
        ("rules", [{"$secret": True}], "rule", [msgpack.UNKNOWN]),
    ],
)
def test_a_value_takes_the_form_of_its_argument(key: str, given: Any, name: str, expected: Any) -> None:
    found = converted(**{key: given})

    assert expected == found.value[name]
    assert [] == found.wrong


@pytest.mark.parametrize(
    ("key", "given", "path"),
    [
        ("name", {"a": 1}, "name"),
        ("enabled", "yes", "enabled"),
        ("enabled", [], "enabled"),
        ("sizeGib", "big", "sizeGib"),
        ("sizeGib", True, "sizeGib"),
        ("tags", "x", "tags"),
        ("rules", ["x"], "rules[0]"),
        ("rules", [{"statuss": "on"}], "rules[0].statuss"),
        ("limits", [{"maxDay": 3}], "limits[0].maxDay"),
    ],
)
def test_a_value_that_fits_nowhere_is_an_error_at_its_path(key: str, given: Any, path: str) -> None:
    assert [path] == [remark.path for remark in converted(**{key: given}).wrong]


def test_an_argument_that_the_build_lacks_is_noted_and_left_out() -> None:
    """But for the region: a build without it takes it from the provider, which is started for that region."""
    found = converted(region="eu-west-1", brandNew=1, rules=[{"brandNewToo": 1}])

    assert ["brandNew", "rules[0].brandNewToo"] == [remark.path for remark in found.newer]
    assert [] == found.wrong


def test_what_the_graph_does_not_tell_is_listed() -> None:
    found = converted(name={"$secret": True}, subnetIds=["a", {"$unknown": True}])

    assert (["name"], ["subnetIds[1]"]) == (found.secret, found.unknown)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (("rule", 1, "status"), "rules[1].status"),
        (("rule", 1, "days"), "rules[1]"),
        (("rule", 7), "rules"),
        (("timeouts", "create"), "timeouts.create"),
        (("tags", "a"), "tags.a"),
        (("size_gib",), ""),
        ((), ""),
    ],
)
def test_a_path_of_the_provider_leads_back_to_the_property(steps: tuple[str | int, ...], expected: str) -> None:
    found = converted(rules=[{}, {"status": "on"}], timeouts={"create": "5m"}, tags={"a": "b"})

    assert expected == found.property_path(steps)
