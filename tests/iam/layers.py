"""Each guardrail statement in its own layer: which cases turn when it is taken away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from iam.world import EVERYTHING, Asked

from modelkeel.iam.condition import Unsaid
from modelkeel.iam.decision import Layers, decide
from modelkeel.iam.request import Request
from modelkeel.iam.statement import Policy, Statement, policy

Alone = Callable[[Policy, list[Policy]], Layers]
ALL = policy("everything", EVERYTHING)


@dataclass(frozen=True, kw_only=True)
class Guardrail:
    """A statement, the layer that it stands in, and what its policy is called whatever the environment is."""

    layer: str
    policy: str
    sid: str

    def __str__(self) -> str:
        return f"{self.layer}/{self.policy}/{self.sid}".replace(" ", "-")


@dataclass(frozen=True, kw_only=True)
class Turned:
    """A case that is decided otherwise without the statement: its own layer with it, and without it."""

    guardrail: Guardrail
    asked: Asked
    with_it: Layers
    without_it: Layers


def turned(asked: Asked) -> Iterator[Turned]:
    """Yield the statements without which the request would be decided otherwise in their own layer."""
    for layer, held, alone in _layers(asked.layers, asked.request):
        for each in held:
            for row in each.statements:
                if _speaks(row, asked, layer):
                    without = alone(_without(each, row), [other for other in held if other is not each])
                    with_it = alone(each, [other for other in held if other is not each])
                    before, after = (decide(asked.request, layers).result for layers in (with_it, without))
                    if before != after:
                        yield Turned(
                            guardrail=Guardrail(layer=layer, policy=kind(each.name), sid=row.sid),
                            asked=asked,
                            with_it=with_it,
                            without_it=without,
                        )


def guardrails(layers: Layers) -> Iterator[Guardrail]:
    """Yield every statement that denies, and every statement of a boundary or a trust policy."""
    for layer, held, _ in _layers(layers):
        for each in held:
            trust = each.name.startswith("trust of")
            for row in each.statements:
                if not row.allows or layer == "boundary" or trust:
                    yield Guardrail(layer=layer, policy=kind(each.name), sid=row.sid)


def kind(name: str) -> str:
    """Return what a policy is called in every environment; buckets' policies are made of the same statements."""
    for word in ("card-fraud-prod-", "card-fraud-dev-", "card-fraud-shared-"):
        name = name.replace(word, "")
    name = re.sub(r"-\d$", "", name)
    buckets = ("raw", "curated", "features", "models", "capture", "evidence", "logs", "access-logs", "trail", "config")
    return "policy of a bucket" if name.removeprefix("policy of ") in buckets else name


def _layers(layers: Layers, request: Request | None = None) -> Iterator[tuple[str, tuple[Policy, ...], Alone]]:
    outsider = request is not None and request.is_outsider
    # A key lets nobody in by identity policies alone.
    by_key = request is not None and request.action.startswith("kms:")

    def identity(each: Policy, others: list[Policy]) -> Layers:
        return Layers(identity=[each, *others])

    def boundary(each: Policy, others: list[Policy]) -> Layers:
        return Layers(identity=[ALL], boundary=each, resource=layers.resource if by_key else None)

    def service_control(each: Policy, others: list[Policy]) -> Layers:
        return Layers(identity=[ALL], service_control=[each, *others])

    def resource_control(each: Policy, others: list[Policy]) -> Layers:
        # The resource's own policy lets a service or a token in; nothing else could.
        return Layers(identity=[ALL], resource_control=[each, *others], resource=layers.resource if outsider else None)

    def resource(each: Policy, others: list[Policy]) -> Layers:
        return Layers(identity=[ALL], resource=each)

    yield "identity", tuple(layers.identity), identity
    yield "boundary", (layers.boundary,) if layers.boundary else (), boundary
    yield "service control", tuple(layers.service_control), service_control
    yield "resource control", tuple(layers.resource_control), resource_control
    yield "resource", (layers.resource,) if layers.resource else (), resource


def _speaks(row: Statement, asked: Asked, layer: str) -> bool:
    if layer == "resource" and not row.names(asked.request):
        return False
    return row.speaks_of(asked.request, Unsaid()) is True


def _without(each: Policy, row: Statement) -> Policy:

    document = json.loads(each.text)
    index = each.statements.index(row)
    rows = document["Statement"]
    document["Statement"] = [item for place, item in enumerate(rows) if place != index]
    # A document without statements is none: this one says nothing instead.
    silent = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::nowhere/*"}
    if not document["Statement"]:
        document["Statement"] = [silent | ({"Principal": "*"} if row.principals else {})]
    return policy(each.name, document)
