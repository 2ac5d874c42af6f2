"""Which boxes stand for a graph: a hundred resources become the thirty things that people talk about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from modelkeel.diagram.model import Band, Box
from modelkeel.graph import Graph, Resource, Stack
from modelkeel.tables.kind import Kind, kinds

STANDALONE = 50
"""Importance from which on a component inside a component has a box of its own."""
WORTH_DRAWING = 30
"""Importance below which a box is left out where its program has others."""
CLOSE = 8
"""Kinds of one component that are this close to its most important one have boxes of their own."""
MANY = 3
"""So many boxes of a kind stand side by side; more become one box."""
PLANNED: Mapping[str, tuple[str, str]] = {
    "planned_endpoint": ("endpoint", "compute"),
    "planned_multi_model": ("multi-model endpoint", "compute"),
    "planned_async": ("asynchronous endpoint", "compute"),
    "planned_inference_components": ("inference components", "compute"),
    "planned_serverless": ("serverless endpoint", "compute"),
    "planned_transform": ("batch scoring", "compute"),
    "planned_nodes": ("machines on demand", "compute"),
}
"""Exports by which a program announces what it will create once a model is approved."""
NETWORK = "network"
VPC = "aws:ec2/vpc:Vpc"
CLOUD_CONTROL = "aws:cloudcontrol/resource:Resource"
_PARTS_OF_A_NETWORK = frozenset(
    {"aws:ec2/flowLog:FlowLog", "aws:ec2/securityGroup:SecurityGroup", "aws:lb/loadBalancer:LoadBalancer"}
)


@dataclass(kw_only=True)
class _Draft:
    """A box in the making."""

    kind: Kind
    names: list[str]
    urns: list[str]
    band: str = ""
    members: list[Resource] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Bands and boxes in drawing order, and the box of each resource that has one."""

    bands: tuple[Band, ...]
    boxes: tuple[Box, ...]
    box_of: Mapping[str, str]


def select(graph: Graph) -> Selection:
    """Return the bands and boxes of a graph."""
    bands: list[Band] = []
    boxes: list[Box] = []
    for index, stack in enumerate(graph.stacks):
        band = Band(id=f"b{index}", title=stack.program, subtitle=_where(stack))
        drafts = _drafts(stack)
        network = _network(stack, drafts, band)
        for draft in drafts:
            inside = network is not None and _in_network(draft)
            draft.band = network.id if network is not None and inside else band.id
        merged = _merged(draft for draft in drafts if draft.kind.type != VPC or draft.band == band.id)
        bands += [band] if network is None else [band, network]
        boxes += [_box(draft, f"n{len(boxes) + place}") for place, draft in enumerate(merged)]
        boxes += [_planned(key, band, f"n{len(boxes) + place}") for place, key in enumerate(_announced(stack))]
    box_of = {urn: box.id for box in boxes for urn in box.urns}
    return Selection(bands=tuple(bands), boxes=tuple(boxes), box_of=box_of)


def _where(stack: Stack) -> str:
    count = sum(1 for resource in stack.resources if resource.is_aws)
    return f"{stack.stack} · {count} resource{'' if count == 1 else 's'}"


def _drafts(stack: Stack) -> list[_Draft]:
    owners = _owners(stack)
    members: dict[str, list[Resource]] = defaultdict(list)
    for resource in stack.resources:
        if resource.custom and not resource.read and not resource.type.startswith("pulumi:"):
            members[owners[resource.urn]].append(resource)
    drafts = [draft for owner, rows in members.items() for draft in _of_owner(stack, owner, rows)]
    worth = [draft for draft in drafts if draft.kind.importance >= WORTH_DRAWING]
    return worth or drafts


def _owners(stack: Stack) -> dict[str, str]:
    """The component that speaks for each resource: the innermost one that is important enough, else the outermost.

    A resource outside of components speaks for itself.
    """
    by_urn = {resource.urn: resource for resource in stack.resources}
    importance: dict[str, int] = defaultdict(int)
    chains: dict[str, list[str]] = {}
    for resource in stack.resources:
        chain: list[str] = []
        parent = resource.parent
        while parent in by_urn and parent not in chain and not by_urn[parent].custom:
            if not by_urn[parent].type.startswith("pulumi:"):
                chain.append(parent)
            parent = by_urn[parent].parent
        chains[resource.urn] = chain
        if chain:
            importance[chain[0]] = max(importance[chain[0]], _kind(resource).importance)
    owners = {}
    for urn, chain in chains.items():
        strong = [owner for owner in chain if importance[owner] >= STANDALONE]
        owners[urn] = (strong or chain[-1:] or [urn])[0]
    return owners


def _of_owner(stack: Stack, owner: str, rows: Sequence[Resource]) -> list[_Draft]:
    most = max(_kind(row).importance for row in rows)
    by_kind: dict[str, list[Resource]] = defaultdict(list)
    for row in rows:
        by_kind[row.type].append(row)

    def stands(kind: str) -> bool:
        found = _kind_of(kind)
        return found.importance >= most - CLOSE or (found.family == NETWORK and found.importance >= STANDALONE)

    leading = sorted((kind for kind in by_kind if stands(kind)), key=lambda kind: (-_kind_of(kind).importance, kind))
    first = leading[0]
    rest = [row for row in rows if row.type not in leading]
    drafts = []
    for kind in leading:
        own = by_kind[kind]
        behind = [*own, *rest] if kind == first else own
        drafts.append(
            _Draft(kind=_kind_of(kind), names=[row.name for row in own], urns=[row.urn for row in behind], members=own)
        )
    return drafts


def _network(stack: Stack, drafts: Sequence[_Draft], band: Band) -> Band | None:
    inside = [draft for draft in drafts if _in_network(draft)]
    vpcs = [row for row in stack.resources if row.type == VPC and row.custom and not row.read]
    if not vpcs or len(inside) < 2:
        return None
    blocks = [row.inputs.get("cidrBlock") for row in vpcs]
    text = ", ".join(block for block in blocks if isinstance(block, str))
    return Band(id=f"{band.id}n", title="network", subtitle=text or "address range unknown", parent=band.id)


def _in_network(draft: _Draft) -> bool:
    return draft.kind.family == NETWORK or draft.kind.type in _PARTS_OF_A_NETWORK


def _merged(drafts: Iterable[_Draft]) -> list[_Draft]:
    """More than a few boxes of a kind in a band become one."""
    alike: dict[tuple[str, str], list[_Draft]] = defaultdict(list)
    for draft in drafts:
        alike[draft.band, draft.kind.type].append(draft)
    merged: list[_Draft] = []
    for (band, _), same in alike.items():
        if len(same) <= MANY:
            merged += same
            continue
        names = [name for draft in same for name in draft.names]
        urns = [urn for draft in same for urn in draft.urns]
        merged.append(_Draft(kind=same[0].kind, names=names, urns=urns, band=band))
    return sorted(merged, key=lambda draft: (draft.band, -draft.kind.importance, draft.kind.label, draft.names))


def _box(draft: _Draft, identity: str) -> Box:
    count = len(draft.names)
    label = draft.kind.label
    names = sorted(draft.names)
    title = names[0] if count == 1 else f"{count} {_plural(label)}"
    return Box(
        id=identity,
        band=draft.band,
        title=title,
        subtitle=label if count == 1 else ", ".join(names),
        label=label,
        family=draft.kind.family,
        names=tuple(names),
        urns=tuple(sorted(draft.urns)),
    )


def _announced(stack: Stack) -> list[str]:
    return [key for key in PLANNED if stack.exports.get(key)]


def _planned(key: str, band: Band, identity: str) -> Box:
    title, family = PLANNED[key]
    return Box(
        id=identity,
        band=band.id,
        title=title,
        subtitle="waits for a model",
        label=title.capitalize(),
        family=family,
        names=(title,),
        urns=(),
        planned=True,
    )


def _plural(label: str) -> str:
    """`Policy` has `policies`, `Key` has `keys`; labels are English nouns of our own table."""
    word = label if label[:2].isupper() else label[:1].lower() + label[1:]
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return word if word.endswith("s") else f"{word}s"


def _kind(resource: Resource) -> Kind:
    """A Cloud Control resource is what its CloudFormation type says."""
    name = resource.inputs.get("typeName") if resource.type == CLOUD_CONTROL else None
    return _kind_of(name if isinstance(name, str) else resource.type)


def _kind_of(kind: str) -> Kind:
    known = kinds().get(kind)
    if known is not None:
        return known
    return Kind(type=kind, label=kind.rsplit(":", 1)[-1], family="document", importance=10)
