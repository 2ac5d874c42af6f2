"""Graphs of one stack, a build of the provider where one is at hand, and a stand-in for its process."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from modelkeel import provider
from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph, Resource, Source, Stack

Row = dict[str, Any]


@pytest.fixture(scope="session")
def build() -> provider.Binary:
    """A build of the AWS provider; what is missing is said where there is none."""
    try:
        return provider.at_hand()
    except ModelkeelError as error:
        pytest.skip(str(error))


def resource(token: str, inputs: Row, *, name: str = "it", line: int = 1) -> Resource:
    """Return a resource written at `line` of stacks/data/__main__.py."""
    return Resource(
        urn=f"urn:pulumi:dev::shop-data::{token}::{name}",
        type=token,
        name=name,
        inputs=inputs,
        source=Source("stacks/data/__main__.py", line),
    )


def graph_of(*resources: Resource) -> Graph:
    """Return a graph of one stack in eu-west-1."""
    stack = Stack(program="data", stack="dev", account="111122223333", region="eu-west-1", resources=resources)
    return Graph(project="shop", environment="dev", fidelity="simulate", stacks=(stack,), tool_version="0")


@pytest.fixture
def impostor(tmp_path: Path) -> Callable[[str], provider.Binary]:
    """Return a maker of programs that stand where a provider would; the text is Python."""

    def make(text: str) -> provider.Binary:
        path = tmp_path / "terraform-provider-aws_v9.0.0_x5"
        path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{text}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return provider.Binary(path=path, version=(9, 0, 0), place="a test")

    return make
