"""From Pulumi's names to the provider's: tokens to types, properties to arguments.

Pulumi's bridge derives its names by rules (camel case, plurals for lists) and by a list of exceptions. The rules
are undone here; the exceptions that rules do not undo stand in tables/provider_names.toml.
Rules: https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/names.go, read 2026-11-23.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from modelkeel.provider.schema import COLLECTIONS, Block
from modelkeel.tables import provider_name


def provider_type(token: str, known: Collection[str]) -> str | None:
    """Return the provider's type for a Pulumi token such as `aws:s3/bucket:Bucket`; None where it has none."""
    if (listed := provider_name.types().get(token)) is not None:
        return listed if listed in known else None
    module, _, name = token.removeprefix("aws:").partition(":")[0].partition("/")
    prefix = provider_name.modules().get(module, module)
    words = snake(name)
    for candidate in (f"aws_{prefix}_{words}", f"aws_{module}_{words}", f"aws_{words}"):
        if candidate in known:
            return candidate
    return None


def settable(type_name: str, within: str, block: Block) -> Mapping[str, str]:
    """Return the arguments that a program may set in a block, by their Pulumi name.

    `within` is the block's path in provider names, `""` for the resource itself.
    """
    plain = {name: camel(name) for name, attribute in block.attributes.items() if attribute.settable}
    plain |= {name: camel(name) for name in block.nested}
    found = {pulumi: name for name, pulumi in plain.items()}
    for name, pulumi in plain.items():
        is_list = name in block.nested or block.attributes[name].type[0] in COLLECTIONS
        for variant in _other_number(pulumi) if is_list else ():
            found.setdefault(variant, name)
    return {**found, **renamed(type_name, within)}


def renamed(type_name: str, within: str) -> Mapping[str, str]:
    """Return the arguments of a block whose Pulumi name no rule gives, by that name."""
    path = f"{type_name}.{within}" if within else type_name
    return provider_name.arguments().get(path, {})


def camel(name: str) -> str:
    """Return a provider's name in Pulumi's case: `kms_key_id` becomes `kmsKeyId`."""
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def snake(name: str) -> str:
    """Return a Pulumi name in the provider's case: `eventRule` becomes `event_rule`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match[1], name).lower()


def one_edit_apart(left: str, right: str) -> bool:
    """Whether one letter added, dropped, changed or swapped with its neighbour makes `left` into `right`."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    swapped = len(a) > 1 and len(a) == len(b) and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


def _other_number(name: str) -> Iterator[str]:
    """Yield the plurals that the bridge gives a list, and the singular where it holds one element at most."""
    yield name + "s"
    yield name + "es"
    if name.endswith("y"):
        yield name[:-1] + "ies"
    if name.endswith("ies"):
        yield name[:-3] + "y"
    if name.endswith("es"):
        yield name[:-2]
    if name.endswith("s"):
        yield name[:-1]
