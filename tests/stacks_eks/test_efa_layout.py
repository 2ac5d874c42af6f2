"""Network interfaces of a machine, for every accelerated type with EFA."""

from __future__ import annotations

import pytest

from modelkeel.tables.instance import instances
from stacks import efa

# What DescribeInstanceTypes counts on types whose first card is ENA only: cards are one more than interfaces.
ENA_ONLY_FIRST = {"p6-b300.48xlarge"}
ACCELERATED = sorted(row.name for row in instances().values() if row.gpus and row.efa_interfaces)


def test_every_accelerated_type_with_efa_has_a_layout_and_no_other() -> None:
    assert ACCELERATED == sorted(efa.types())


@pytest.mark.parametrize("name", ACCELERATED)
def test_a_layout_uses_every_efa_interface_once(name: str) -> None:
    cards = efa.layout(name)

    places = [(card.network_card_index, card.device_index) for card in cards]
    assert len(set(places)) == len(places)
    assert instances()[name].efa_interfaces == sum(card.interface_type == "efa-only" for card in cards)
    assert efa.interfaces(name) == instances()[name].efa_interfaces


@pytest.mark.parametrize("name", ACCELERATED)
def test_the_primary_interface_is_ena_and_the_only_one(name: str) -> None:
    """EFA-only cannot be primary; more ENA interfaces would only take addresses."""
    ena = [card for card in efa.layout(name) if card.interface_type == "interface"]

    assert [efa.Card(network_card_index=0, device_index=0, interface_type="interface")] == ena


@pytest.mark.parametrize("name", ACCELERATED)
def test_each_card_has_one_efa_interface(name: str) -> None:
    fabric = [card for card in efa.layout(name) if card.interface_type == "efa-only"]

    indices = [card.network_card_index for card in fabric]
    assert indices == sorted(set(indices))
    assert (0 not in indices) is (name in ENA_ONLY_FIRST)
    assert all(card.device_index == (1 if card.network_card_index == 0 else 0) for card in fabric)


@pytest.mark.parametrize(
    ("name", "count"), [("p4d.24xlarge", 5), ("p5.48xlarge", 33), ("p6-b200.48xlarge", 9), ("p6-b300.48xlarge", 17)]
)
def test_how_many_interfaces_a_machine_is_launched_with(name: str, count: int) -> None:
    assert count == len(efa.layout(name))


def test_a_type_without_efa_is_refused_and_its_larger_sisters_are_named() -> None:
    with pytest.raises(ValueError, match=r"'g5\.4xlarge' has no EFA.*g5\.12xlarge"):
        efa.layout("g5.4xlarge")
    assert 0 == efa.interfaces("m7i.large")
