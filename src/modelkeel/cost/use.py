"""What a pricing function says about a resource: how much of a SKU it uses, or what it cannot say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from modelkeel.cost.range import Range, assumed, because
from modelkeel.graph import Resource, Stack

if TYPE_CHECKING:
    from modelkeel.cost.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Units of a SKU used in a month along one dimension; the price table knows the unit."""

    dimension: str
    sku: str
    quantity: Range
    assumption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A dimension that costs money, by an amount that the graph does not tell."""

    dimension: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """This resource costs nothing, unlike others of its type."""

    reason: str


Part = Use | Gap | Free


class Pricer(Protocol):
    """Says what one resource uses; pure, and never less when the graph holds more resources."""

    def __call__(self, facts: Facts, stack: Stack, resource: Resource) -> Iterable[Part]:
        """Return the parts of the resource's bill."""
        ...


def assume(dimension: str, sku: str, name: str) -> Use:
    """Return the use of a SKU by the row `name` of the usage table alone."""
    return Use(dimension=dimension, sku=sku, quantity=assumed(name), assumption=because(name))
