"""What a person reads of a preview."""

from modelkeel.graph import Graph, Resource, Stack
from modelkeel.report import preview


def graph(*types: str) -> Graph:
    resources = tuple(
        Resource(urn=f"urn:pulumi:prod::shop-data::{kind}::r{index}", type=kind, name=f"r{index}", protect=index == 0)
        for index, kind in enumerate(types)
    )
    stack = Stack(program="data", stack="prod", account="111111111111", region="eu-west-1", resources=resources)
    return Graph(project="shop", environment="prod", fidelity="simulate", stacks=(stack,), tool_version="1")


def test_each_program_is_a_row_with_its_counts() -> None:
    text = preview.render(graph("aws:s3/bucket:Bucket", "aws:s3/bucket:Bucket", "pulumi:providers:aws"))

    row = next(line for line in text.splitlines() if line.startswith("data"))
    assert row.split() == ["data", "prod", "111111111111", "eu-west-1", "2", "1"]


def test_rare_types_are_counted_together() -> None:
    """Eighty types would hide the ones that matter."""
    types = [f"aws:s3/kind{number:02}:Kind" for number in range(20)]

    text = preview.render(graph("aws:s3/bucket:Bucket", "aws:s3/bucket:Bucket", *types))

    listed = [line for line in text.splitlines() if "aws:" in line]
    assert len(listed) == preview.MOST_TYPES
    assert "2  aws:s3/bucket:Bucket" in text
    assert "9  of 9 more types" in text
