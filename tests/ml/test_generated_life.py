"""A fresh repository lives its whole life in an environment of its own: set-up, lint, tests, demo.

Takes minutes and installs packages, so it is the second tier: `.ci/run` sets MODELKEEL_SECOND_TIER=1.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from modelkeel import answers, plan
from modelkeel.render import render, write
from modelkeel.tables.seed import seeds

ROOT = Path(__file__).resolve().parents[2]

# Whom the planted bias of an archetype's demo wrongs, as its fairness gate says.
WRONGED = {"recommendations": "maker independent", "predictive_maintenance": "device_type combi"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "MODELKEEL_SECOND_TIER" not in os.environ,
        reason="installs packages and runs for minutes: set MODELKEEL_SECOND_TIER=1",
    ),
]


@pytest.fixture(scope="module", params=sorted(seeds()))
def repository(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated repository, set up from the package index alone."""
    answered = answers.load(ROOT / "examples" / request.param / "answers.yml", preset=None, data=())
    data = {**plan.template_data(answered, plan.build(answered)), "tool_requirement": "modelkeel"}
    home = tmp_path_factory.mktemp("generated") / request.param
    write(render(data, ROOT), home)
    _make(home, "setup")
    return home


def _make(home: Path, target: str) -> str:
    done = subprocess.run(["make", target], cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"make {target}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def test_its_style_and_types_are_clean(repository: Path) -> None:
    assert "no issues found" in _make(repository, "lint")


def test_its_tests_pass(repository: Path) -> None:
    assert "passed" in _make(repository, "test")


def test_its_demo_tells_the_whole_story(repository: Path) -> None:
    """Gates passed, bias stopped, nobody approved their own, drift found within 3 windows."""
    said = _make(repository, "demo")
    page = (repository / ".demo" / "story.html").read_text()

    assert "FAILED" not in said
    assert re.search(r"stopped: \d of \d gates failed: nothing is registered", said)
    assert f"fairness: {WRONGED.get(repository.name, 'age_band 18-29')}" in said
    assert "and cannot approve it" in said
    assert int(re.search(r"(\d+) windows after the move", said)[1]) <= 3  # type: ignore[index]
    assert "unbroken chain" in said
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="https?://|url\(["\']?https?://|@import', page), "the page asks for something"
