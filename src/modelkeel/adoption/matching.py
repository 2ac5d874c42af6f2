"""From the user's list to the resources of the graph that take over what it names."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from modelkeel.adoption import identifier
from modelkeel.adoption.model import Adoption, Adoptions, Wish
from modelkeel.errors import ModelkeelError, Problem, usage_error
from modelkeel.graph import Graph, Resource, Stack
from modelkeel.tables.import_id import forms, not_importable

Found = tuple[Stack, Resource]


def adopt(graph: Graph, wishes: Sequence[Wish]) -> Adoptions:
    """Return which resource of the graph takes over what each wish names.

    Raises:
        ModelkeelError: a resource is unknown, ambiguous, made by Pulumi alone or named twice; an id has not the form of
            its type, is another account's, or is given to two resources. Every problem is told (exit code 2).
    """
    if not wishes:
        raise usage_error(
            "nothing is listed that exists", fix="--id RESOURCE=ID, or --ids FILE with the columns resource and id"
        )
    rows: list[Adoption] = []
    problems: list[Problem] = []
    for wish in wishes:
        try:
            rows.append(_adoption(graph, wish))
        except ModelkeelError as error:
            problems += error.problems
    problems += _twice(rows)
    if problems:
        raise ModelkeelError(*problems)
    order = {(stack.program, stack.stack): number for number, stack in enumerate(graph.stacks)}
    kinds = sorted({resource.type for _, resource in graph.resources() if _is_adoptable(resource)})
    return Adoptions(
        project=graph.project,
        environment=graph.environment,
        tool_version=graph.tool_version,
        rows=tuple(sorted(rows, key=lambda row: (order[row.stack.program, row.stack.stack], row.resource.urn))),
        not_importable={kind: not_importable()[kind] for kind in kinds if kind in not_importable()},
        unknown_forms=tuple(kind for kind in kinds if kind not in not_importable() and not forms(kind)),
    )


def _adoption(graph: Graph, wish: Wish) -> Adoption:
    stack, resource = _found(graph, wish)
    if (reason := not_importable().get(resource.type)) is not None:
        raise usage_error(
            f"{resource.type} cannot be imported", got=wish.reference, allowed=reason, location=wish.location
        )
    form = identifier.form_of(resource, wish.id)
    if form is None and forms(resource.type):
        raise usage_error(
            f"this is no id by which a {resource.type} is imported",
            got=f"{wish.id} for {wish.reference}",
            allowed=" or ".join(form.words for form in forms(resource.type)),
            location=wish.location,
        )
    if form is not None and (elsewhere := tuple(identifier.misplaced(stack, resource, form, wish.id))):
        raise ModelkeelError(*elsewhere)
    return Adoption(
        stack=stack,
        resource=resource,
        id=wish.id,
        form=None if form is None else form.words,
        differences=() if form is None else tuple(identifier.differences(resource, form, wish.id)),
    )


def _found(graph: Graph, wish: Wish) -> Found:
    """Return the resource that a wish means: by URN, by type and name, or by name alone."""
    wanted = list(_called(graph, wish.reference))
    found = [pair for pair in wanted if _is_adoptable(pair[1])]
    if len(found) == 1:
        return found[0]
    if found:
        raise usage_error(
            "several resources of the graph are called so",
            got=wish.reference,
            allowed=", ".join(_shortest(found)),
            fix="name one of them",
            location=wish.location,
        )
    if wanted:
        resource = wanted[0][1]
        why = "the program only reads it" if resource.read else "Pulumi makes it itself: it exists in no account"
        raise usage_error("this resource takes nothing over", got=f"{wish.reference}: {why}", location=wish.location)
    names = {name for _, row in graph.resources() if _is_adoptable(row) for name in (row.name, _by_type(row))}
    close = difflib.get_close_matches(wish.reference, sorted(names), n=3)
    raise usage_error(
        f"the programs of {graph.environment} make no such resource",
        got=wish.reference,
        allowed="its URN, TYPE::NAME or NAME; the name is the program's or the one that it has in AWS",
        fix=f"did you mean {' or '.join(close)}?" if close else "modelkeel preview --env ENV --output json lists all",
        location=wish.location,
    )


def _called(graph: Graph, reference: str) -> Iterator[Found]:
    if reference.startswith("urn:"):
        yield from (pair for pair in graph.resources() if pair[1].urn == reference)
        return
    kind, colons, name = reference.rpartition("::")
    for stack, resource in graph.resources():
        if colons and kind not in (resource.type, resource.type.rpartition(":")[2]):
            continue
        if name == resource.name or name in identifier.names_of(resource):
            yield stack, resource


def _is_adoptable(resource: Resource) -> bool:
    return resource.custom and not resource.read and not resource.type.startswith("pulumi:")


def _shortest(found: Sequence[Found]) -> list[str]:
    """Return how each may be called so that it is the only one: by type where types differ, by URN elsewhere."""
    called = [_by_type(resource) for _, resource in found]
    return [text if called.count(text) == 1 else found[place][1].urn for place, text in enumerate(called)]


def _by_type(resource: Resource) -> str:
    return f"{resource.type}::{resource.name}"


def _twice(rows: Sequence[Adoption]) -> Iterator[Problem]:
    by_urn: Mapping[str, list[Adoption]] = defaultdict(list)
    by_id: Mapping[tuple[str, ...], list[Adoption]] = defaultdict(list)
    for row in rows:
        by_urn[row.resource.urn].append(row)
        by_id[row.resource.type, row.stack.account, row.stack.region, row.id].append(row)
    for same in by_urn.values():
        if len(same) > 1:
            yield Problem(
                what="a resource is listed twice",
                got=f"{same[0].key} with {', '.join(row.id for row in same)}",
                fix="keep the line with the right id",
            )
    for same in by_id.values():
        if len({row.resource.urn for row in same}) > 1:
            yield Problem(
                what="two resources would take over one and the same",
                got=f"{same[0].id} for {', '.join(row.resource.urn for row in same)}",
                fix="give each an id of its own",
            )
