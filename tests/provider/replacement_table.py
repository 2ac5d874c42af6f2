"""Writes tables/replacements.json: `python -m provider.replacement_table` from the tests folder, with a provider.

Each property of each resource of the examples is changed, alone, and the provider is asked to plan the change. What it
replaces for goes into the table under Pulumi's name. Types that the build lacks are left out: nobody knows.
"""

from __future__ import annotations

import datetime
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from modelkeel import answers, plan, provider, record, render, source
from modelkeel.graph import Resource, Stack
from modelkeel.provider import asking, names, protocol, replacing, values
from modelkeel.provider.schema import COLLECTIONS, Block, Type

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "src" / "modelkeel" / "tables" / "replacements.json"
SAMPLES = 4
# Planning these asks AWS, or trips over what a plan cannot know; "Forces new resource" in the provider's documentation.
BY_HAND = {
    "aws:dynamodb/table:Table": ("hashKey", "localSecondaryIndexes", "name", "rangeKey"),
    "aws:sfn/stateMachine:StateMachine": ("name", "namePrefix", "type"),
}
PACKAGE = "  serving:model_package_arn: arn:aws:sagemaker:eu-west-1:111122223333:model-package/models/1\n"


def samples() -> Iterator[tuple[Stack, Resource]]:
    """Yield the resources of every example's last environment, with a model approved."""
    for example in sorted((ROOT / "examples").glob("*/answers.yml")):
        made = answers.load(example)
        planned = plan.build(made)
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "project"
            render.write(
                render.render({**plan.template_data(made, planned), **source.origin().answers()}, ROOT), project
            )
            for config in project.glob("config/serving/Pulumi.*-*.yaml"):
                config.unlink()
            environment = planned.environments[-1]
            serving = project / "config" / "serving" / f"Pulumi.{environment}.yaml"
            if serving.is_file():
                serving.write_text(serving.read_text() + PACKAGE)
            yield from record.project(
                project, environment=environment, isolation="none", talk=lambda _: None
            ).resources()
        sys.stderr.write(f"recorded {example.parent.name}\n")


def mutants(block: Block, given: Mapping[str, Any]) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Yield the path of each property that is changed, and the whole block with that one change."""
    for name, attribute in block.attributes.items():
        if attribute.settable and name not in {"id", "tags", "tags_all"}:
            for value in other(given.get(name), attribute.type):
                yield [name], {**given, name: value}
    for name, nested in block.nested.items():
        if name == "timeouts" or nested.nesting == protocol.MAP:
            continue
        is_single = nested.nesting in {protocol.SINGLE, protocol.GROUP}
        rows = [given[name]] if is_single and given.get(name) else list(given.get(name) or []) if not is_single else []
        if rows:
            yield [name], {**given, name: None if is_single else []}
        row = rows[0] if rows else filled(nested.block)
        if not rows:
            yield [name], {**given, name: row if is_single else [row]}
            continue
        for path, changed in mutants(nested.block, row):
            yield [name, *path], {**given, name: changed if is_single else [changed, *rows[1:]]}


def other(value: Any, kind: Type) -> list[Any]:
    """Return values that differ from `value`."""
    if kind == "string":
        return ["other" if value is None else f"{value}x"] + ([None] if value is not None else [])
    if kind == "number":
        return [1] if value is None else [value + 1, max(0, value - 1)]
    if kind == "bool":
        return [True] if value is None else [not value]
    if not isinstance(kind, str) and kind[0] in COLLECTIONS:
        more = other(None, kind[1])[:1] if isinstance(kind[1], str) else []
        return [[*(value or []), *more], []] if value else [more]
    return [{"key": "other"}] if not isinstance(kind, str) and kind == ["map", "string"] else []


def filled(block: Block) -> dict[str, Any]:
    """Return a block with every property that may be set."""
    row: dict[str, Any] = {
        name: other(None, attribute.type)[0] if attribute.settable and other(None, attribute.type) else None
        for name, attribute in block.attributes.items()
    }
    row |= {name: _empty(nested.nesting) for name, nested in block.nested.items()}
    return row


def _empty(nesting: int) -> Any:
    if nesting in {protocol.SINGLE, protocol.GROUP}:
        return None
    return {} if nesting == protocol.MAP else []


def asked(judge: asking.Judge, stack: Stack, resource: Resource) -> set[str] | None:
    """Return the properties that replace, in Pulumi's names; None where the build does not know the type."""
    process, schemas = judge.session(asking.region_of(stack, resource))
    type_name = names.provider_type(resource.type, schemas)
    if type_name is None:
        return None
    block = schemas[type_name]
    before = replacing.known(values.convert(type_name, block, resource.inputs, resource.name).value, block)
    if replacing.planned(process, type_name, block, before, before) is None:
        return None
    found: set[str] = set()
    for _, after in mutants(block, before):
        for steps in replacing.planned(process, type_name, block, before, after) or ():
            found.add(replacing.pulumi_path(steps, type_name, block))
    return found - {""}


def main() -> None:
    """Write the table."""
    build = provider.at_hand()
    found: dict[str, set[str]] = {}
    asked_of: dict[str, int] = {}
    with asking.Judge(build) as judge:
        for stack, resource in samples():
            if not resource.is_aws or asked_of.get(resource.type, 0) >= SAMPLES:
                continue
            asked_of[resource.type] = asked_of.get(resource.type, 0) + 1
            said = asked(judge, stack, resource)
            if said is not None:
                found.setdefault(resource.type, set()).update(said)
    found |= {kind: set(paths) for kind, paths in BY_HAND.items()}
    document = {
        "source": f"AWS provider {build.version_text}, each property changed alone and planned; "
        "two types that it cannot plan without AWS, by the words of its documentation",
        "checked": datetime.date.today().isoformat(),
        "replacements": {kind: sorted(paths) for kind, paths in sorted(found.items())},
    }
    TABLE.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    sys.stderr.write(f"{len(found)} types, {sum(map(len, found.values()))} properties\n")


if __name__ == "__main__":
    main()
