"""Whether an id is one by which Pulumi would find a resource, and whether it is the one that the program means."""

from __future__ import annotations

from collections.abc import Iterator

from modelkeel.adoption.model import Difference
from modelkeel.errors import Problem
from modelkeel.graph import Resource, Stack
from modelkeel.tables.import_id import ImportId, forms
from modelkeel.tables.replacement import forcing


def form_of(resource: Resource, text: str) -> ImportId | None:
    """Return the form of the type's ids that an id has; None where it has none of them."""
    return next((form for form in forms(resource.type) if form.split(text) is not None), None)


def misplaced(stack: Stack, resource: Resource, form: ImportId, text: str) -> Iterator[Problem]:
    """Yield what of an id lies in another account, Region or partition than the stack."""
    region = resource.inputs.get("region")
    here = {
        "account": stack.account,
        "region": region if isinstance(region, str) else stack.region,
        "partition": _partition(stack.region),
    }
    for part, value in zip(form.parts, form.split(text) or (), strict=True):
        if part in here and value != here[part]:
            yield Problem(
                what=f"what this id names is in another {part} than the stack {stack.program} {stack.stack}",
                got=f"{text} for {resource.type}::{resource.name}",
                allowed=here[part],
                fix="name another environment with --env, or leave it out: a stack deploys to one account and Region",
            )


def differences(resource: Resource, form: ImportId, text: str) -> Iterator[Difference]:
    """Yield each name in an id that the program gives otherwise.

    A property that is computed from another resource says nothing here: its value in a recording is made up.
    """
    for property_, value in zip(form.properties, form.split(text) or (), strict=True):
        given = resource.inputs.get(property_) if property_ is not None else None
        if property_ is None or not isinstance(given, str) or property_ in resource.property_dependencies:
            continue
        if given != value:
            yield Difference(
                property=property_, exists=value, program=given, replaces=forcing(resource.type, property_) is not None
            )


def names_of(resource: Resource) -> frozenset[str]:
    """Return the names in AWS by which a list may call a resource: what ends its id, as the program gives it."""
    named = {form.properties[-1] for form in forms(resource.type) if form.properties} - {None}
    return frozenset(
        value
        for property_ in named
        if property_ not in resource.property_dependencies
        and isinstance(value := resource.inputs.get(property_ or ""), str)
    )


def _partition(region: str) -> str:
    if region.startswith("us-gov-"):
        return "aws-us-gov"
    return "aws-cn" if region.startswith("cn-") else "aws"
