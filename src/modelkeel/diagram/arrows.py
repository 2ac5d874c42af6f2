"""Who uses whom: dependencies inside a stack, names and ARNs across stacks, without the noise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from modelkeel.diagram.model import Arrow, Box
from modelkeel.graph import Graph, Resource

SHORTEST_IDENTITY = 8
FEW_USERS = 3
"""A key, role, network or alarm topic with more users than this is a matter of course: its arrows are left out."""
_BACKGROUND = frozenset({"security", "people", "network", "document", "observe"})
_BACKGROUND_LABELS = frozenset({"Topic"})
_ARN = re.compile(r"arn:aws[\w-]*:[^\"'\s,\]}\\]+")
_BUCKET_URI = re.compile(r"s3://([a-z0-9.-]+)")
_IDENTITY_KEYS = ("arn", "id", "bucket", "name", "url", "invokeUrl")


def arrows(
    graph: Graph, boxes: Mapping[str, Box], box_of: Mapping[str, str]
) -> tuple[frozenset[Arrow], dict[str, int]]:
    """Return the arrows between boxes, and how many users each box has whose arrows are left out.

    An arrow never leads to an earlier program: later programs use earlier ones, not the other way round.
    """
    found = {
        Arrow(source, target)
        for source, target in _uses(graph, box_of)
        if source != target and _program(boxes[source]) <= _program(boxes[target])
    }
    kept, used_by = _without_background(found, boxes)
    return frozenset(_reduced(_acyclic(kept))), used_by


def _program(box: Box) -> int:
    """Bands are numbered as their programs are; a network has the number of its program."""
    return int(box.band.strip("bn"))


def _uses(graph: Graph, box_of: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    known = _identities(graph, box_of)
    for _, resource in graph.resources():
        user = box_of.get(resource.urn)
        if user is None:
            continue
        for urn in _depends_on(resource):
            if urn in box_of:
                yield box_of[urn], user
        for text in _strings({key: value for key, value in resource.inputs.items() if key not in _grants(resource)}):
            for token in _tokens(text):
                if token in known:
                    yield known[token], user


def _grants(resource: Resource) -> frozenset[str]:
    """Inputs that say who may use the resource: they name its users, not what it uses."""
    return frozenset() if resource.type.startswith("aws:iam/") else frozenset({"policy"})


def _depends_on(resource: Resource) -> Iterator[str]:
    by_property = resource.property_dependencies.items()
    granted = {urn for key, urns in by_property if key in _grants(resource) for urn in urns}
    needed = {urn for key, urns in by_property if key not in _grants(resource) for urn in urns}
    for urn in resource.dependencies:
        if urn in needed or urn not in granted:
            yield urn


def _identities(graph: Graph, box_of: Mapping[str, str]) -> dict[str, str]:
    """Texts that name one box and no other."""
    owners: dict[str, set[str]] = defaultdict(set)
    for _, resource in graph.resources():
        box = box_of.get(resource.urn)
        if box is None:
            continue
        for text in _own_names(resource):
            if len(text) >= SHORTEST_IDENTITY:
                owners[text].add(box)
    return {text: next(iter(boxes)) for text, boxes in owners.items() if len(boxes) == 1}


def _own_names(resource: Resource) -> Iterator[str]:
    if resource.id:
        yield resource.id
    for key in _IDENTITY_KEYS:
        value = resource.outputs.get(key)
        if isinstance(value, str):
            yield value


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def _tokens(text: str) -> Iterator[str]:
    yield text
    for arn in _ARN.findall(text):
        yield arn
        yield arn.removesuffix("*").rstrip("/:")
        if ":s3:::" in arn:
            yield arn.split("/", 1)[0]
    yield from _BUCKET_URI.findall(text)


def _without_background(found: set[Arrow], boxes: Mapping[str, Box]) -> tuple[set[Arrow], dict[str, int]]:
    users: dict[str, set[str]] = defaultdict(set)
    for arrow in found:
        users[arrow.source].add(arrow.target)
    hidden = {
        source: len(targets)
        for source, targets in users.items()
        if len(targets) > FEW_USERS and _is_background(boxes[source])
    }
    return {arrow for arrow in found if arrow.source not in hidden}, hidden


def _is_background(box: Box) -> bool:
    return box.family in _BACKGROUND or box.label in _BACKGROUND_LABELS


def _acyclic(found: set[Arrow]) -> set[Arrow]:
    """Drop the arrows that would close a circle, in a fixed order: of two boxes that use each other one arrow stays."""
    following: dict[str, set[str]] = defaultdict(set)
    kept = set()
    for arrow in sorted(found, key=_in_order):
        if not _reaches(following, arrow.target, arrow.source):
            following[arrow.source].add(arrow.target)
            kept.add(arrow)
    return kept


def _reduced(found: set[Arrow]) -> set[Arrow]:
    """Drop an arrow where a longer way leads to the same box; `found` has no circles."""
    following: dict[str, set[str]] = defaultdict(set)
    for arrow in found:
        following[arrow.source].add(arrow.target)
    return {
        arrow
        for arrow in found
        if not any(_reaches(following, step, arrow.target) for step in following[arrow.source] if step != arrow.target)
    }


def _reaches(following: Mapping[str, set[str]], start: str, goal: str) -> bool:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        at = waiting.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            waiting.extend(following.get(at, ()))
    return False


def _in_order(arrow: Arrow) -> tuple[int, int]:
    return int(arrow.source[1:]), int(arrow.target[1:])
