"""One folder in which every case of a process is laid out after the other: what stays the same is compiled once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from cases.case import ROOT

from modelkeel import plan, record, render, source
from modelkeel.answers import Answers
from modelkeel.graph import Graph


class Laid(Protocol):
    """What is laid out: answers, and whether a model package has been approved."""

    @property
    def approved(self) -> bool:
        """Whether the serving program names an approved package."""

    def answers(self) -> Answers:
        """Return the answers, valid."""


class Workbench:
    """A folder, and the repository of the case that was laid out last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._laid_out = -1

    @property
    def policies(self) -> Path:
        """The control pack of the repository."""
        return self.folder / "policies"

    def graphs(self, case: Laid, environment: str = "") -> dict[str, Graph]:
        """Return what the programs of the case register: `environment` or each, and what is shared by all."""
        planned = self._lay_out(case)
        environments = [environment] if environment else planned.environments
        names = [*environments, *(["shared"] if "organization" in planned.programs else [])]
        with _bytecode():
            return {
                name: record.project(self.folder, environment=name, isolation="none", talk=_quiet) for name in names
            }

    def _lay_out(self, case: Laid) -> plan.Plan:
        made = case.answers()
        planned = plan.build(made)
        data = {**plan.template_data(made, planned), **source.origin().answers()}
        files = {str(path): file.content for path, file in render.render(data, ROOT).items()}
        if case.approved:
            _approve(files, planned)
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and path.relative_to(self.folder).as_posix() not in files:
                path.unlink()
        for name, content in files.items():
            path = self.folder / name
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        return planned


def _approve(files: dict[str, bytes], planned: plan.Plan) -> None:
    for row in planned.stacks:
        name = f"config/serving/Pulumi.{row.stack}.yaml"
        if row.program == "serving" and name in files:
            place = f"{row.region}:{row.account_id}:model-package/{row.config['platform:project']}-{row.stack}/1"
            package = f"arn:{row.config['platform:partition']}:sagemaker:{place}"
            files[name] += f"  serving:model_package_arn: {package}\n".encode()


def _quiet(_: str) -> None:
    pass


@contextmanager
def _bytecode() -> Iterator[None]:
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
