"""A minimal generated repository, built in the test, that can be recorded."""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from modelkeel import record
from modelkeel.errors import ModelkeelError, Problem
from modelkeel.graph import Graph

HEADER = "import json\nimport pulumi\nimport pulumi_aws as aws\n"
CONFIG = {"platform:account_id": "111122223333", "platform:region": "eu-west-1"}


@dataclass
class Repository:
    """Programs, their stacks and their configuration, in `directory`."""

    directory: Path
    rows: dict[str, str] = field(default_factory=dict)

    def program(
        self,
        name: str,
        source: str,
        *,
        stacks: tuple[str, ...] = ("dev",),
        config: dict[str, Any] | None = None,
        one_per: str = "environment",
        upstream: tuple[str, ...] = (),
        header: str = HEADER,
    ) -> Repository:
        """Add a program; programs are deployed in the order in which they are added."""
        self.write(f"stacks/{name}/__init__.py", "")
        self.write(f"stacks/{name}/__main__.py", header + textwrap.dedent(source))
        self.write("stacks/__init__.py", "")
        self.rows[name] = f'[{name}]\none_per = "{one_per}"\nupstream = {list(upstream)}\n'
        self.write("stacks/programs.toml", "".join(self.rows.values()))
        self.write(
            f"config/{name}/Pulumi.yaml", f"name: shop-{name}\nmain: ../../stacks/{name}\nruntime: {{name: python}}\n"
        )
        for stack in stacks:
            values = {**CONFIG, **(config or {})}
            self.write(f"config/{name}/Pulumi.{stack}.yaml", yaml.safe_dump({"config": values}))
        return self

    def write(self, path: str, text: str) -> None:
        """Write a file of the repository."""
        target = self.directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def record(self, **arguments: Any) -> Graph:
        """Record the environment dev in this process, and say nothing."""
        options = {"environment": "dev", "isolation": "none", "talk": lambda _line: None, **arguments}
        return record.project(self.directory, **options)

    def problem(self, **arguments: Any) -> tuple[Problem, int]:
        """Return the one problem that recording ends with, and its exit code."""
        with pytest.raises(ModelkeelError) as caught:
            self.record(**arguments)
        (problem,) = caught.value.problems
        return problem, int(caught.value.exit_code)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture(scope="session")
def graph_schema() -> Any:
    """The JSON Schema that ships with the package."""
    return json.loads((files("modelkeel") / "schemas" / "graph.schema.json").read_text(encoding="utf-8"))
