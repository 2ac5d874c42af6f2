"""A generated repository in small: real programs over upstream programs that only export, recorded."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import repositories
import yaml

from modelkeel.graph import Graph, Resource
from modelkeel.record import project

STACKS = Path(__file__).parents[1] / "stacks"

Settings = Mapping[str, Any]


def recorded(
    platform: Settings, programs: Mapping[str, Settings], exports: Mapping[str, Settings], *, fidelity: str
) -> tuple[Graph, list[str]]:
    """Return the graph of `programs` in prod, and what they logged.

    `programs` are the settings of each real program, of which None leaves a key out; `exports` are what the upstream
    programs say, each of which does nothing else.
    """
    said: list[str] = []
    directory = programs_folder("-".join(sorted(exports)))
    shutil.rmtree(directory / "config", ignore_errors=True)
    for program, values in exports.items():
        _say(directory / "stacks" / program, values)
        _configure(directory, program, platform, {})
    for program, settings in programs.items():
        _configure(directory, program, platform, settings)
    graph = project(
        directory,
        environment="prod",
        fidelity="preview" if fidelity == "preview" else "simulate",
        isolation="shared",
        talk=said.append,
    )
    return graph, said


@functools.cache
def programs_folder(name: str) -> Path:
    """Return a folder of this process with the programs in it; the same name gives the same folder."""
    folder = repositories.kept_folder(name)
    shutil.copytree(STACKS, folder / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def of_type(graph: Graph, suffix: str) -> Iterator[Resource]:
    """Yield the resources whose type ends in `suffix` (`sqs/queue:Queue`)."""
    return (resource for _, resource in graph.resources() if resource.type.endswith(suffix))


def one(graph: Graph, suffix: str, name: str | None = None) -> Resource:
    """Return the only resource of a type, or the one called `name`."""
    found = [resource for resource in of_type(graph, suffix) if name in (None, resource.name)]
    assert len(found) == 1, [resource.name for resource in found]
    return found[0]


def _say(program: Path, exports: Settings) -> None:
    lines = [f"pulumi.export({name!r}, {value!r})" for name, value in exports.items()]
    program.mkdir(exist_ok=True)
    (program / "__main__.py").write_text("\n".join(["import pulumi", *lines, ""]), encoding="utf-8")


def _configure(directory: Path, program: str, platform: Settings, settings: Settings) -> None:
    folder = directory / "config" / program
    folder.mkdir(parents=True)
    values = {f"platform:{key}": value for key, value in platform.items()}
    values |= {key if ":" in key else f"{program}:{key}": value for key, value in settings.items() if value is not None}
    head = {"name": f"{platform['project']}-{program}", "runtime": "python", "main": f"../../stacks/{program}"}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(head), encoding="utf-8")
    (folder / "Pulumi.prod.yaml").write_text(yaml.safe_dump({"config": values}), encoding="utf-8")
