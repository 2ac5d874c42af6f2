"""The text of a preview: what each program would build, and in which account."""

from __future__ import annotations

from collections import Counter

from modelkeel import console
from modelkeel.graph import Graph, Stack

MOST_TYPES = 12
"""Types that are listed; the graph as JSON holds all of them."""


def render(graph: Graph) -> str:
    """Return one row a program, then what kinds of resources there are."""
    rows = [_row(stack) for stack in graph.stacks]
    total = sum(1 for _, resource in graph.resources() if resource.is_aws)
    kinds = Counter(resource.type for _, resource in graph.resources() if resource.is_aws)
    programs = console.table(("program", "stack", "account", "region", "aws", "protected"), rows, numeric=(4, 5))
    by_type = console.table(("count", "type"), _types(kinds), numeric=(0,))
    stacks = "1 stack" if len(graph.stacks) == 1 else f"{len(graph.stacks)} stacks"
    title = f"{graph.project}, environment {graph.environment}: {total} AWS resources in {stacks}"
    return f"{title} ({graph.fidelity})\n\n{programs}\n{by_type}"


def _types(kinds: Counter[str]) -> list[tuple[str, str]]:
    common = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    rows = [(str(count), kind) for kind, count in common[:MOST_TYPES]]
    rest = common[MOST_TYPES:]
    if rest:
        rows.append((str(sum(count for _, count in rest)), f"of {len(rest)} more types; --output json lists all"))
    return rows


def _row(stack: Stack) -> tuple[str, ...]:
    managed = [resource for resource in stack.resources if resource.is_aws]
    protected = sum(1 for resource in managed if resource.protect)
    return (stack.program, stack.stack, stack.account, stack.region, str(len(managed)), str(protected))
