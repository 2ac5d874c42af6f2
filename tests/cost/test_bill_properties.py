"""Facts that hold for bills of any graph."""

from typing import Any

from cost import platform_graph as make
from hypothesis import given
from hypothesis import strategies as st

from modelkeel import cost
from modelkeel.graph import Resource

RESOURCES = [row for stack in make.platform().stacks for row in stack.resources if row.custom]
EXTRA = [
    Resource(urn=f"urn:extra::{kind}::{index}", type=kind, name=f"extra-{index}")
    for index, kind in enumerate([*cost.PRICERS, "aws:iam/role:Role", "aws:neptune/cluster:Cluster"])
]


@given(st.sets(st.integers(0, len(RESOURCES) - 1)), st.integers(0, len(RESOURCES) + len(EXTRA) - 1))
def test_one_more_resource_never_lowers_a_total(kept: set[int], added: int) -> None:
    """Whatever is there already: low, base and high only grow, and what has no price only adds a name."""
    pool = [*RESOURCES, *EXTRA]
    before = make.graph(make.stack("data", *(RESOURCES[index] for index in sorted(kept))))
    after = make.graph(make.stack("data", *(pool[index] for index in sorted({*kept, added}))))

    smaller, larger = cost.price(before).totals, cost.price(after).totals

    assert larger.low >= smaller.low
    assert larger.base >= smaller.base
    assert larger.high >= smaller.high


TEXT = st.text('ab$.{}[]"(*0 ', max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.floats(allow_nan=True) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        "advancedEventSelectors",
        "definition",
        "maxCapacity",
        "memorySize",
        "metricQueries",
        "minCapacity",
        "onlineStoreConfig",
        "pipelineDefinition",
        "productionVariants",
        "retentionInDays",
        "rules",
        "scheduleExpression",
        "shardCount",
        "subnetIds",
        "target",
    ]
)


@given(st.sampled_from(sorted(cost.PRICERS)), st.dictionaries(KEYS, JSON, max_size=5))
def test_any_inputs_give_a_bill_and_no_crash(kind: str, inputs: dict[str, Any]) -> None:
    """A graph file may hold unknowns, secrets and nonsense; each resource is still priced, free or named."""
    bill = cost.price(make.graph(make.stack("data", make.resource("data", kind, "it", inputs))))

    assert bill.lines or bill.unpriced or bill.free
