"""Repositories as our renderer and copier make them, once a session."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import copier
import pytest

from modelkeel import answers, plan
from modelkeel.render import RenderedFile

ROOT = Path(__file__).resolve().parents[2]


def data_of(example: str) -> dict[str, Any]:
    """Return what the template is given, as a data file would hold it: no object twice."""
    answered = answers.load(ROOT / "examples" / example / "answers.yml", preset=None, data=())
    values = plan.template_data(answered, plan.build(answered))
    return dict(json.loads(json.dumps({**values, "tool_requirement": "modelkeel==0.1.0"})))


def on_disk(folder: Path) -> dict[PurePosixPath, RenderedFile]:
    """Return what a folder holds, with git's modes."""
    return {
        PurePosixPath(path.relative_to(folder).as_posix()): RenderedFile(
            path.read_bytes(), 0o755 if path.stat().st_mode & 0o100 else 0o644
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def without_git(root: Path, copy: Path) -> Path:
    """Copy what copier reads: beside a .git it would take the last commit instead of the files."""
    shutil.copy(root / "copier.yml", copy / "copier.yml")
    for folder in ("template", "stacks", "policies"):
        shutil.copytree(root / folder, copy / folder, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template as it stands in the work tree."""
    return without_git(ROOT, tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, dict[str, Any]], dict[PurePosixPath, Any]]:
    """What `copier copy` writes from a template and data."""

    def copy(template: Path, data: dict[str, Any]) -> dict[PurePosixPath, RenderedFile]:
        dest = tmp_path_factory.mktemp("copied") / "repository"
        copier.run_copy(str(template), dest, data=data, defaults=True, quiet=True)
        return on_disk(dest)

    return copy
