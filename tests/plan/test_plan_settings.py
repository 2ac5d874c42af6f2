"""The plan's configuration is exactly what the programs read."""

from __future__ import annotations

import dataclasses
import importlib
import json
from pathlib import Path

import pytest

from modelkeel import answers, plan
from stacks.settings import Platform

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(ROOT.glob("examples/*/answers.yml"))
CHOICES = [
    (),
    ("frameworks=hipaa,soc2", "data_sensitivity=phi", "regions=us-east-1", "data_residency=", "object_lock=compliance"),
    ("serving_mode=realtime", "peak_rps=5", "ingestion=kinesis", "events_per_sec=500000", "availability=99.9"),
    ("serving_mode=none", "ci=none", "tracking=none", "protected_attributes=", "egress=nat"),
]


def cases() -> list[tuple[str, tuple[str, ...]]]:
    return [(str(path.relative_to(ROOT)), data) for path in EXAMPLES for data in CHOICES]


@pytest.mark.parametrize(("path", "data"), cases())
def test_every_key_is_a_field_and_every_field_without_default_has_a_key(path: str, data: tuple[str, ...]) -> None:
    planned = plan.build(answers.load(ROOT / path, data=data))

    for stack in planned.stacks:
        settings = importlib.import_module(f"stacks.{stack.program}.settings")
        kind = getattr(settings, f"{stack.program.title()}Settings")
        for namespace, dataclass in (("platform", Platform), (stack.program, kind)):
            fields = {field.name: field for field in dataclasses.fields(dataclass)}
            given = {key.partition(":")[2] for key in stack.config if key.startswith(f"{namespace}:")}
            required = {
                name
                for name, field in fields.items()
                if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            }
            assert given <= set(fields), (stack.program, namespace)
            assert required <= given, (stack.program, namespace)


@pytest.mark.parametrize(("path", "data"), cases())
def test_the_settings_accept_the_values(path: str, data: tuple[str, ...]) -> None:
    """Types are those that Pulumi's configuration keeps, and a program's own checks pass."""
    planned = plan.build(answers.load(ROOT / path, data=data))

    for stack in planned.stacks:
        settings = importlib.import_module(f"stacks.{stack.program}.settings")
        kind = getattr(settings, f"{stack.program.title()}Settings")
        values = {key.partition(":")[2]: value for key, value in stack.config.items() if key.startswith(stack.program)}
        made = kind(**values)
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
