"""`modelkeel preview --against`, as a reviewer of a pull request runs it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from modelkeel.cli import run

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "tabular_batch" / "answers.yml"


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("against") / "project"
    assert 0 == run(["new", str(folder), "--answers", str(EXAMPLE)])
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "as generated")
    config = folder / "config" / "foundation" / "Pulumi.prod.yaml"
    kept = re.sub(r"(flow_log_retention_days: )\d+", r"\g<1>400", config.read_text(encoding="utf-8"))
    config.write_text(kept, encoding="utf-8")
    return folder


def test_a_revision_is_compared_with_the_programs_of_now(project: Path, tmp_path: Path) -> None:
    document = tmp_path / "change.json"
    asked = ["--env", "prod", "--stack", "foundation", "--against", "HEAD", "--output", f"json={document}"]

    code = run(["preview", str(project), *asked])

    found = json.loads(document.read_text())
    assert 0 == code
    assert [(row["action"], row["properties"]) for row in found["changes"]] == [("update", ["retentionInDays"])]
    assert found["summary"]["same"] > 20
    assert (
        "config/foundation"
        in subprocess.run(["git", "status", "--short"], cwd=project, capture_output=True, text=True, check=True).stdout
    )


def test_a_word_that_is_neither_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["preview", str(project), "--env", "prod", "--stack", "identity", "--against", "no-such-branch"])

    said = capsys.readouterr().err
    assert 2 == code
    assert "names no graph file and no revision" in said
    assert "fix:" in said
