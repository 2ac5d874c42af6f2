"""What a generated repository tests of its own operations, run where it lies."""

import subprocess
import sys
from pathlib import Path

import pytest
from template.conftest import rendered

from modelkeel.render import write


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("operations") / "repository"
    write(rendered("fraud"), folder)
    return folder


def python(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=repository, capture_output=True, text=True, check=False, timeout=300
    )


def test_the_tests_of_operations_pass_in_a_generated_repository(repository: Path) -> None:
    done = python(repository, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/infra")

    assert done.returncode == 0, done.stdout[-3000:]


def test_its_style_and_types_are_those_of_the_repository(repository: Path) -> None:
    for command in (
        ("ruff", "check", "--no-cache", "operations", "tests/infra"),
        ("ruff", "format", "--no-cache", "--check", "operations", "tests/infra"),
        ("mypy", "--cache-dir", str(repository / ".mypy"), "operations"),
    ):
        done = python(repository, "-m", *command)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
