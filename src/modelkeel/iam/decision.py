"""The decision of IAM over all layers, with the statements that made it.

IAM User Guide, "Policy evaluation logic", read 2026-11-25: an explicit deny anywhere ends it; service control,
resource control and boundary each have to allow; then the identity's own policies or the resource's have to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from modelkeel.iam.condition import Unsaid
from modelkeel.iam.request import Request
from modelkeel.iam.statement import Policy

IDENTITY, BOUNDARY, RESOURCE = "identity policy", "permission boundary", "resource policy"
SERVICE_CONTROL, RESOURCE_CONTROL = "service control policy", "resource control policy"
# Services whose resources let nobody in by identity policies alone.
GUARDED_BY_RESOURCE = ("kms:", "sts:assumerole", "sts:tagsession")


class Result(StrEnum):
    """What IAM answers."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitly denied"
    IMPLICIT_DENY = "implicitly denied"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, kw_only=True)
class Layers:
    """The policies that bear on a request; None for a layer that does not exist there.

    The two control layers deny only: the full-access policies of AWS stay attached beside them.
    """

    identity: Sequence[Policy] = ()
    boundary: Policy | None = None
    service_control: Sequence[Policy] = ()
    resource_control: Sequence[Policy] = ()
    resource: Policy | None = None
    unseen: Sequence[str] = ()
    """Layers that bear on the request and that nobody has read: nothing is certain but what is denied."""


@dataclass(frozen=True, kw_only=True)
class Deciding:
    """A statement that took part; `named` says how a resource's policy names the principal."""

    layer: str
    policy: str
    sid: str
    certain: bool
    named: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The answer, the statements behind it, and the condition keys that would settle an open one."""

    result: Result
    reason: str
    because: tuple[Deciding, ...] = ()
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Found:
    allows: tuple[Deciding, ...]
    denies: tuple[Deciding, ...]
    unsaid: frozenset[str]


def decide(request: Request, layers: Layers) -> Decision:
    """Return what IAM answers to `request` under `layers`."""
    found = _found(request, layers)
    denies = [each for layer in found.values() for each in layer.denies]
    certain = tuple(each for each in denies if each.certain)
    if certain:
        return Decision(result=Result.EXPLICIT_DENY, reason="a statement denies it", because=certain)
    refused = _refused(request, layers, found, hopeful=True)
    if refused:
        return Decision(result=Result.IMPLICIT_DENY, reason=refused)
    allows = (*found[IDENTITY].allows, *found[RESOURCE].allows)
    if not denies and not layers.unseen and not _refused(request, layers, found, hopeful=False):
        return Decision(
            result=Result.ALLOWED,
            reason="a statement allows it and none denies it",
            because=tuple(each for each in allows if each.certain),
        )
    return Decision(
        result=Result.UNDETERMINED,
        reason="it depends on what is not known here",
        because=(*(each for each in allows if not each.certain), *denies),
        unsaid=(
            *(f"the {layer}" for layer in layers.unseen),
            *sorted({key for layer in found.values() for key in layer.unsaid}),
        ),
    )


def _found(request: Request, layers: Layers) -> Mapping[str, _Found]:
    # Services and tokens are no identities of an account: service control policies do not bind them.
    control = () if request.is_outsider else layers.service_control
    return {
        IDENTITY: _search(IDENTITY, layers.identity, request),
        BOUNDARY: _search(BOUNDARY, [layers.boundary] if layers.boundary else [], request),
        SERVICE_CONTROL: _search(SERVICE_CONTROL, control, request),
        RESOURCE_CONTROL: _search(RESOURCE_CONTROL, layers.resource_control, request),
        RESOURCE: _search(RESOURCE, [layers.resource] if layers.resource else [], request),
    }


def _search(layer: str, policies: Iterable[Policy], request: Request) -> _Found:
    allows: list[Deciding] = []
    denies: list[Deciding] = []
    unsaid = Unsaid()
    for policy in policies:
        for statement in policy.statements:
            named = statement.names(request) if layer == RESOURCE else ""
            if layer == RESOURCE and not named:
                continue
            match = statement.speaks_of(request, unsaid)
            if match is not False:
                made = Deciding(layer=layer, policy=policy.name, sid=statement.sid, certain=match is True, named=named)
                (allows if statement.allows else denies).append(made)
    return _Found(allows=tuple(allows), denies=tuple(denies), unsaid=frozenset(unsaid.keys))


def _refused(request: Request, layers: Layers, found: Mapping[str, _Found], *, hopeful: bool) -> str:
    """Return why nothing allows the request, or nothing; `hopeful` takes what is open for a match."""

    def allowed(statements: Iterable[Deciding]) -> bool:
        return any(each.certain or hopeful for each in statements)

    by_resource = found[RESOURCE].allows
    directly = allowed(each for each in by_resource if each.named != "account")
    if request.is_outsider:
        return "" if directly else "no statement of the resource's own policy lets it in"
    same = request.principal_account == request.resource_account
    guarded = request.resource != "*" and request.action.lower().startswith(GUARDED_BY_RESOURCE)
    hidden = hopeful and RESOURCE in layers.unseen
    if (guarded or not same) and not allowed(by_resource) and not hidden:
        return "the resource's own policy does not allow it"
    by_identity = allowed(found[IDENTITY].allows)
    if not by_identity and not (same and (directly or hidden)):
        return "no policy of the role allows it"
    if layers.boundary is not None and not allowed(found[BOUNDARY].allows):
        return "the permission boundary does not allow it"
    return ""
