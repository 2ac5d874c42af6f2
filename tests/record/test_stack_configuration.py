"""Configuration reaches a program as the CLI hands it over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelkeel.record.config import stack_config

READ = 'pulumi.export("all", {key: pulumi.Config("data").get(key) for key in KEYS})\n'


def values(repository: Any, text: str, *, extra: str = "") -> dict[str, Any]:
    """Return the program's view of the configuration in `text`."""
    repository.program("data", "pulumi.export('all', dict(pulumi.runtime.config.CONFIG.get()))\n")
    account = '  platform:account_id: "111122223333"\n'
    repository.write("config/data/Pulumi.dev.yaml", f"config:\n{account}{text}{extra}")
    found: dict[str, Any] = repository.record().stacks[0].exports["all"]
    return {key: value for key, value in found.items() if not key.startswith("platform:")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", "true"),
        ("False", "false"),
        ("5", "5"),
        ("-3", "-3"),
        ("1.5", "1.5"),
        ("on", "on"),
        ("no", "no"),
        ("2026-01-01", "2026-01-01"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("012345678901", "012345678901"),
        ("'5'", "5"),
        ("plain text", "plain text"),
        ("[a, 1, true]", '["a",1,true]'),
        ("{a: {b: [1.5, null]}}", '{"a":{"b":[1.5,null]}}'),
        ("[2026-01-01, yes]", '["2026-01-01","yes"]'),
    ],
)
def test_yaml_is_read_by_the_rules_of_the_cli(repository: Any, text: str, value: str) -> None:
    """PyYAML's own rules would turn `on` into true, a date into an object and 12:30:45 into a number."""
    assert {"data:key": value} == values(repository, f"  data:key: {text}\n")


def test_a_key_without_namespace_belongs_to_the_project(repository: Any) -> None:
    assert {"shop-data:key": "x"} == values(repository, "  key: x\n")


def test_defaults_of_the_project_file_give_way_to_the_stack(repository: Any) -> None:
    repository.program(
        "data", "pulumi.export('v', [pulumi.Config('d').get(k) for k in ('a', 'b', 'c')])\n", config={"d:b": "stack"}
    )
    with (repository.directory / "config/data/Pulumi.yaml").open("a", encoding="utf-8") as file:
        file.write("config:\n  d:a: {type: string, default: project}\n  d:b: {value: project}\n  d:c: plain\n")

    assert {"v": ["project", "stack", "plain"]} == repository.record().stacks[0].exports


def test_secure_values_become_typed_placeholders_and_stay_secret(repository: Any) -> None:
    """They cannot be decrypted offline: text reads as text, a number as zero, and the graph shows neither."""
    repository.program(
        "data",
        """
        config = pulumi.Config("data")
        pulumi.export("text", config.require_secret("password"))
        pulumi.export("number", config.require_secret_int("password"))
        pulumi.export("fraction", config.require_secret_float("password"))
        pulumi.export("inside", config.require_secret_object("login"))
        pulumi.export("kept", config.require_secret_object("login").apply(lambda login: pulumi.Output.unsecret(
            pulumi.Output.from_input(login["user"]))))
        pulumi.export("kinds", [type(config.get_int("password")).__name__, config.get("password")])
        """,
    )
    repository.write(
        "config/data/Pulumi.dev.yaml",
        'config:\n  data:password: {secure: "v1:x"}\n  data:login: {user: me, password: {secure: "v1:y"}}\n',
    )

    exports = repository.record().stacks[0].exports

    assert [{"$secret": True}] * 4 == [exports[key] for key in ("text", "number", "fraction", "inside")]
    assert ["int", "offline-secret-data:password"] == exports["kinds"]


def test_offline_values_win_over_secrets_and_stay_secret(repository: Any) -> None:
    repository.program(
        "data",
        'c = pulumi.Config("data")\npulumi.export("s", c.require_secret_bool("flag"))\n'
        'pulumi.export("plain", [c.get("flag"), c.get_int("size")])\n',
    )
    secure = '{secure: "v1:x"}'
    repository.write("config/data/Pulumi.dev.yaml", f"config:\n  data:flag: {secure}\n  data:size: {secure}\n")
    repository.write("config/data/offline.yaml", "config: {data:flag: true, data:size: 7}\n")

    assert {"s": {"$secret": True}, "plain": ["true", 7]} == repository.record().stacks[0].exports


@pytest.mark.parametrize("block", ["[team/dev]", "{imports: [team/dev]}", "team/dev", "[{team/dev: {merge: false}}]"])
def test_values_of_an_environment_are_an_error_that_names_it(repository: Any, block: str) -> None:
    """Leaving them out silently would record another infrastructure than the one that is deployed."""
    repository.program("data", 'pulumi.export("k", pulumi.Config("data").require("key"))\n')
    with (repository.directory / "config/data/Pulumi.dev.yaml").open("a", encoding="utf-8") as file:
        file.write(f"environment: {block}\n")

    problem, exit_code = repository.problem()
    assert ("config/data/Pulumi.dev.yaml imports values that are not known offline", 2) == (problem.what, exit_code)
    assert "team/dev" in problem.got
    assert "config/data/offline.yaml" in problem.fix

    repository.write("config/data/offline.yaml", "config: {}\n")
    problem, _ = repository.problem()
    assert ("lacks the key data:key" in problem.what, "config/data/offline.yaml" in problem.fix) == (True, True)

    repository.write("config/data/offline.yaml", "config: {data:key: x}\n")
    assert {"k": "x"} == repository.record().stacks[0].exports


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("config: [\n", "is not YAML"),
        ("config: {a: 1, a: 2}\n", "is not YAML"),
        ("- a\n", "holds no mapping"),
        ("config: {data:when: !!python/object:os.system {}}\n", "is not YAML"),
        ("config: [a]\n", "is no mapping"),
    ],
)
def test_a_broken_file_is_named(repository: Any, text: str, what: str) -> None:
    repository.program("data", "pass\n").write("config/data/Pulumi.dev.yaml", text)

    problem, exit_code = repository.problem()

    assert (True, 2) == (what in problem.what, exit_code)
    assert "config/data/Pulumi.dev.yaml" in f"{problem.what} {problem.location}"


def test_answers_that_are_no_mapping_are_named(repository: Any) -> None:
    repository.program("data", "pass\n").write("config/data/offline.yaml", "invokes: yes\n")

    problem, exit_code = repository.problem()

    assert ("`invokes` in config/data/offline.yaml is no mapping", "'yes'", 2) == (problem.what, problem.got, exit_code)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text().filter(lambda key: key != "secure"), inner),
    max_leaves=10,
)


@given(value=st.lists(JSON) | st.dictionaries(st.text().filter(lambda key: key != "secure"), JSON))
def test_structured_values_arrive_as_json_text(value: Any) -> None:
    found = stack_config({}, {"config": {"data:key": value}}, {}, "shop-data")

    assert value == json.loads(found.values["data:key"])
