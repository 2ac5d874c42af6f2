"""Whole repositories for tests, written from answers and recorded; the workers of a run share what one has recorded."""

from __future__ import annotations

import fcntl
import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from modelkeel import answers, graph, plan, record, render, source
from modelkeel.answers import Answers
from modelkeel.graph import Graph
from modelkeel.plan import Plan

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = tuple(sorted(path.parent.name for path in (ROOT / "examples").glob("*/answers.yml")))
SHARED = "MODELKEEL_TEST_RECORDINGS"
"""The environment variable that names the folder in which the workers of a run leave what they recorded."""
_KEPT: dict[str, Graph] = {}
_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []


def example(name: str) -> Answers:
    """Return the answers of an example."""
    return answers.load(ROOT / "examples" / name / "answers.yml")


def written(made: Answers, folder: Path) -> Plan:
    """Write the repository that `made` gives into `folder`; return its plan."""
    planned = plan.build(made)
    render.write(render.render({**plan.template_data(made, planned), **source.origin().answers()}, ROOT), folder)
    return planned


def approve(folder: Path, planned: Plan, environment: str) -> None:
    """Name an approved model package in the configuration of serving, where there is one."""
    for row in planned.stacks:
        file = folder / "config" / "serving" / f"Pulumi.{row.stack}.yaml"
        if (row.program, row.stack) == ("serving", environment) and file.is_file():
            place = f"{row.region}:{row.account_id}:model-package/{row.config['platform:project']}-{row.stack}/1"
            package = f"arn:{row.config['platform:partition']}:sagemaker:{place}"
            with file.open("a", encoding="utf-8") as stream:
                stream.write(f"  serving:model_package_arn: {package}\n")


def registered(folder: Path, environment: str) -> Graph:
    """Return what the programs of a written repository register in one environment, `shared` or `all`."""
    return record.project(folder, environment=environment, isolation="shared", talk=lambda _: None)


def lay_out(made: Answers, folder: Path, *, approved: bool = False) -> Plan:
    """Make `folder` the repository that `made` gives; what stays the same is not touched, and so compiled once."""
    planned = plan.build(made)
    data = {**plan.template_data(made, planned), **source.origin().answers()}
    files = {str(path): file.content for path, file in render.render(data, ROOT).items()}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc" and path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    if approved:
        for environment in planned.environments:
            approve(folder, planned, environment)
    return planned


def recorded(made: Answers, environment: str, *, approved: bool = False) -> Graph:
    """Return what the programs of the repository that `made` gives register; the same question is recorded once."""
    words = json.dumps([answers.flat(made), environment, approved], sort_keys=True, default=str)
    digest = hashlib.sha256(words.encode()).hexdigest()
    if digest not in _KEPT:
        _KEPT[digest] = _of_any_worker(digest, lambda: _record(made, environment, approved=approved))
    return _KEPT[digest]


def _of_any_worker(digest: str, make: Callable[[], Graph]) -> Graph:
    shared = os.environ.get(SHARED)
    if shared is None:
        return make()
    file = Path(shared) / f"{digest}.json"
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if file.is_file():
            return graph.load(file)[0]
        found = make()
        file.write_text(graph.dumps(found), encoding="utf-8")
        return found


def _record(made: Answers, environment: str, *, approved: bool) -> Graph:
    folder = kept_folder("repository")
    lay_out(made, folder, approved=approved)
    return registered(folder, environment)


@functools.cache
def kept_folder(name: str) -> Path:
    """Return a folder that lives as long as this process; in what stays there, modules are imported once."""
    folder = tempfile.TemporaryDirectory(prefix=f"modelkeel-{name}-")
    _FOLDERS.append(folder)
    return Path(folder.name)
