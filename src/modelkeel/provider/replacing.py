"""What the provider would replace: a resource planned from its old inputs to its new ones, with no account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modelkeel.graph import Resource, Stack
from modelkeel.provider import asking, names, protocol, values
from modelkeel.provider.asking import Judge
from modelkeel.provider.discovery import Binary
from modelkeel.provider.msgpack import UNKNOWN, unpackb
from modelkeel.provider.process import Provider
from modelkeel.provider.schema import COLLECTIONS, Block, Type

MADE_UP = {"string": "made-up", "number": 1, "bool": False}


class Planner:
    """One build of the provider that tells replacements, in a `with` statement."""

    def __init__(self, build: Binary) -> None:
        """Start nothing yet."""
        self._judge = Judge(build)

    def __enter__(self) -> Planner:
        return self

    def __exit__(self, *raised: Any) -> None:
        self._judge.__exit__(*raised)

    def replacing(self, stack: Stack, old: Resource, new: Resource) -> tuple[str, ...] | None:
        """Return the properties of `new` that force a replacement of `old`, () for an update in place.

        None: this build does not know the type, or cannot plan it without AWS.
        """
        provider, schemas = self._judge.session(asking.region_of(stack, new))
        type_name = names.provider_type(new.type, schemas)
        if type_name is None or names.provider_type(old.type, schemas) != type_name:
            return None
        block = schemas[type_name]
        before = values.convert(type_name, block, old.inputs, new.name)
        after = values.convert(type_name, block, new.inputs, new.name)
        steps = planned(provider, type_name, block, known(before.value, block), known(after.value, block))
        if steps is None:
            return None
        return tuple(sorted({_property(path, after, before, type_name, block) for path in steps}))


def planned(
    provider: Provider, type_name: str, block: Block, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[list[values.Step]] | None:
    """Return the paths that force a replacement, in the provider's names; None where it cannot plan."""
    created = _plan(provider, type_name, None, before, before)
    if _failed(created):
        return None
    prior = known(unpackb(created.planned_state.msgpack), block)
    proposed = {
        name: prior[name] if after[name] is None and name in block.attributes and name in prior else after[name]
        for name in after
    }
    answer = _plan(provider, type_name, prior, proposed, after)
    if _failed(answer):
        return None
    paths = [[asking.step_of(step) for step in path.steps] for path in answer.requires_replace]
    return [path for path in paths if not _is_computed(path, block)]


def _plan(
    provider: Provider,
    type_name: str,
    prior: Mapping[str, Any] | None,
    proposed: Mapping[str, Any],
    configured: Mapping[str, Any],
) -> Any:
    return provider.call(
        "PlanResourceChange",
        type_name=type_name,
        prior_state=asking.packed(prior),
        proposed_new_state=asking.packed(proposed),
        config=asking.packed(configured),
    )


def known(value: Mapping[str, Any], block: Block) -> dict[str, Any]:
    """Return a block with a made-up value in the place of each unknown one: a state has none."""
    found: dict[str, Any] = {}
    for name, item in value.items():
        if name in block.attributes:
            # A document is parsed while it is planned, so it must be one.
            is_document = item is UNKNOWN and name.endswith(("policy", "document"))
            found[name] = "{}" if is_document else _known(item, block.attributes[name].type)
        elif name in block.nested:
            found[name] = _known_blocks(item, block.nested[name].block)
    return found


def _known_blocks(item: Any, block: Block) -> Any:
    if item is UNKNOWN:
        return []
    if isinstance(item, list):
        return [known(row, block) if isinstance(row, Mapping) else known({}, block) for row in item]
    if isinstance(item, Mapping):
        whole = bool(item) and set(item) <= {*block.attributes, *block.nested}
        return known(item, block) if whole else {key: known(row, block) for key, row in item.items()}
    return item


def _known(item: Any, kind: Type) -> Any:
    if item is UNKNOWN:
        if isinstance(kind, str):
            return MADE_UP.get(kind)
        return [] if kind[0] in COLLECTIONS else {} if kind[0] == "map" else _known_object({}, kind[1])
    if isinstance(kind, str) or item is None:
        return item
    if kind[0] in COLLECTIONS:
        return [_known(row, kind[1]) for row in item]
    if kind[0] == "map":
        return {key: _known(row, kind[1]) for key, row in item.items()}
    return _known_object(item, kind[1])


def _known_object(item: Mapping[str, Any], kinds: Mapping[str, Type]) -> dict[str, Any]:
    return {name: _known(item.get(name), kind) for name, kind in kinds.items()}


def _is_computed(steps: Sequence[values.Step], block: Block) -> bool:
    """Whether nobody sets it, as `id`: it follows from a property that is named besides."""
    attribute = block.attributes.get(str(steps[0])) if steps else None
    return steps == ["id"] or (attribute is not None and not attribute.settable)


def _failed(answer: Any) -> bool:
    return any(row.severity == protocol.ERROR for row in answer.diagnostics)


def _property(
    steps: Sequence[values.Step], after: values.Config, before: values.Config, type_name: str, block: Block
) -> str:
    """Return the program's name of a path; what neither side sets is named by the rule."""
    return after.property_path(steps) or before.property_path(steps) or pulumi_path(steps, type_name, block)


def pulumi_path(steps: Sequence[values.Step], type_name: str, block: Block) -> str:
    """Return a path of the provider in Pulumi's names, without indices."""
    found: list[str] = []
    within, here = "", block
    for step in steps:
        if not isinstance(step, str):
            continue
        renamed = {name: pulumi for pulumi, name in names.renamed(type_name, within).items()}
        found.append(renamed.get(step) or names.camel(step))
        if step not in here.nested:
            break
        within, here = (f"{within}.{step}" if within else step), here.nested[step].block
    return ".".join(found)
