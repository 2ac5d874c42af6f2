"""What a generated repository reads from its own configuration: nothing is missing, nothing is in a strange place."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from template.conftest import rendered

from modelkeel.render import write


@pytest.mark.parametrize("case", ["tabular", "batch", "ray", "platform"])
def test_the_definition_is_filled_in_from_the_configuration(case: str, tmp_path: Path) -> None:
    write(rendered(case), tmp_path / "repository")

    done = subprocess.run(
        [sys.executable, "-m", "pipelines.definition", "prod"],
        cwd=tmp_path / "repository",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert [step["Name"] for step in json.loads(done.stdout)["Steps"]]


@pytest.mark.parametrize("case", ["tabular", "ray", "platform", "savings"])
def test_its_own_tests_of_the_configuration_pass(case: str, tmp_path: Path) -> None:
    write(rendered(case), tmp_path / "repository")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/infra/test_config.py"],
        cwd=tmp_path / "repository",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout[-3000:]
