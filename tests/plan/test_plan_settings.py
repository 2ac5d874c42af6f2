"""The plan's configuration is exactly what the programs read."""

from __future__ import annotations

import dataclasses
import importlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from modelkeel import answers, plan
from stacks.settings import Platform

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(ROOT.glob("examples/*/answers.yml"))
CHOICES = [
    (),
    ("frameworks=hipaa,soc2", "data_sensitivity=phi", "regions=us-east-1", "data_residency=", "object_lock=compliance"),
    ("serving_mode=realtime", "peak_rps=5", "ingestion=kinesis", "events_per_sec=500000", "availability=99.9"),
    (
        "serving_mode=async,batch,realtime,serverless",
        "peak_rps=5",
        "p99_ms=2000",
        "frameworks=",
        "model_family=gbdt",
        "model_params_b=0",
    ),
    ("serving_mode=none", "ci=none", "admin_role=Admin", "tracking=none", "protected_attributes=", "egress=nat"),
]


def cases() -> list[tuple[str, tuple[str, ...]]]:
    return [(str(path.relative_to(ROOT)), data) for path in EXAMPLES for data in CHOICES]


def parts(program: str, keys: Iterable[str]) -> dict[str, type]:
    """Return the settings classes that a program fills from `keys`, by the words that their keys begin with."""
    settings = importlib.import_module(f"stacks.{program}.settings")
    further: dict[str, type] = getattr(settings, "PARTS", {})
    used = {prefix: kind for prefix, kind in further.items() if any(key.startswith(prefix) for key in keys)}
    return {"": getattr(settings, f"{program.title()}Settings"), **used}


def owned(prefix: str, prefixes: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values whose keys begin with `prefix` and with no longer one, without it."""
    others = [other for other in prefixes if len(other) > len(prefix)]
    own = (key for key in values if key.startswith(prefix) and not any(key.startswith(other) for other in others))
    return {key.removeprefix(prefix): values[key] for key in own}


@pytest.mark.parametrize(("path", "data"), cases())
def test_every_key_is_a_field_and_every_field_without_default_has_a_key(path: str, data: tuple[str, ...]) -> None:
    planned = plan.build(answers.load(ROOT / path, data=data))

    for stack in planned.stacks:
        for namespace in ("platform", stack.program):
            config = {
                key.partition(":")[2]: value for key, value in stack.config.items() if key.startswith(f"{namespace}:")
            }
            kinds = {"": Platform} if namespace == "platform" else parts(stack.program, config)
            for prefix, kind in kinds.items():
                fields = {field.name: field for field in dataclasses.fields(kind)}
                given = set(owned(prefix, kinds, config))
                required = {
                    name
                    for name, field in fields.items()
                    if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
                }
                assert given <= set(fields), (stack.program, namespace, prefix)
                assert required <= given, (stack.program, namespace, prefix)


@pytest.mark.parametrize(("path", "data"), cases())
def test_the_settings_accept_the_values(path: str, data: tuple[str, ...]) -> None:
    """Types are those that Pulumi's configuration keeps, and a program's own checks pass."""
    planned = plan.build(answers.load(ROOT / path, data=data))

    for stack in planned.stacks:
        values = {
            key.partition(":")[2]: value for key, value in stack.config.items() if key.startswith(f"{stack.program}:")
        }
        kinds = parts(stack.program, values)
        for prefix, kind in kinds.items():
            made = kind(**owned(prefix, kinds, values))
            for field in dataclasses.fields(kind):
                value, wanted = getattr(made, field.name), str(field.type)
                expected = next(cls for cls in (list, dict, str, int, float, bool) if wanted.startswith(cls.__name__))
                optional = value is None and "None" in wanted
                exact = isinstance(value, expected) and (expected is not int or not isinstance(value, bool))
                assert optional or exact, (stack.program, field.name, value)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_configuration_survives_json(path: Path) -> None:
    planned = plan.build(answers.load(path))

    for stack in planned.stacks:
        assert json.loads(json.dumps(stack.config)) == stack.config
        assert list(stack.config) == sorted(stack.config)
