"""What is released is what git knows, with the two links expanded; nothing more, nothing less."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import copier
import pytest
from release.conftest import ROOT, tracked
from render.conftest import data_of, on_disk

pytestmark = pytest.mark.slow

BUNDLED = ("copier.yml", "template/", "stacks/", "policies/", "examples/")
LINKS = ("stacks", "policies")


def members(wheel: Path) -> dict[str, tuple[bytes, bool]]:
    """Return content and executable bit by path, without what names the build."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            info.filename: (archive.read(info), bool(info.external_attr >> 16 & 0o100))
            for info in archive.infolist()
            if not info.filename.endswith("/RECORD")
        }


def expected() -> set[str]:
    """Return the paths of the bundle: those that git knows, and below each link what it leads to."""
    names = [name for name in tracked() if name.startswith(BUNDLED)]
    links = {f"template/project/{link}" for link in LINKS}
    beneath = {f"template/project/{name}" for name in names if name.startswith(tuple(f"{link}/" for link in LINKS))}
    return ({*names} - links) | beneath


def test_the_bundle_is_what_git_knows(tree_wheel: Path) -> None:
    bundle = "modelkeel/_bundle/"

    found = {name.removeprefix(bundle) for name in members(tree_wheel) if name.startswith(bundle)}

    assert found == expected()


def test_the_wheel_of_the_sdist_is_the_wheel_of_the_tree(tree_wheel: Path, sdist_wheel: Path) -> None:
    """Whoever installs from source gets the same stacks: links to folders are easily lost on the way."""
    assert members(sdist_wheel) == members(tree_wheel)


def test_what_runs_in_a_repository_stays_executable(tree_wheel: Path) -> None:
    scripts = {name: mode for name, (_, mode) in members(tree_wheel).items() if name.endswith("scripts/image.sh")}

    assert list(scripts.values()) == [True]


RENDER = """
import json, sys
from pathlib import Path
from modelkeel import render, source
assert "_bundle" in str(source.bundle_root()), source.bundle_root()
answers, dest = map(Path, sys.argv[1:])
render.write(render.render(json.loads(answers.read_text()), source.bundle_root()), dest)
"""


def test_an_installed_wheel_renders_what_copier_copies_from_it(installed: Path, tmp_path: Path) -> None:
    bundle = installed / "modelkeel" / "_bundle"
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({**data_of("tabular_batch"), "_src_path": str(bundle)}), encoding="utf-8")

    subprocess.run(
        [sys.executable, "-P", "-c", RENDER, str(answers), str(tmp_path / "ours")],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=tmp_path,
        check=True,
    )

    copier.run_copy(str(bundle), tmp_path / "theirs", data=data_of("tabular_batch"), defaults=True, quiet=True)
    assert on_disk(tmp_path / "ours") == on_disk(tmp_path / "theirs")


def test_nothing_that_git_ignores_lies_in_the_folders_that_are_released() -> None:
    """A build takes whatever lies there, and `git status` would not show it: hatchling reads no .gitignore for them."""
    tracked()
    folders = [name.rstrip("/") for name in BUNDLED]
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *folders]

    ignored = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")

    assert [name for name in ignored if name and "__pycache__" not in name] == []
