"""`modelkeel preview --validate` on the examples, and where no build of the provider is at hand."""

import json
import re
from pathlib import Path

import pytest

from modelkeel import provider
from modelkeel.cli import run
from modelkeel.report import unjudged
from modelkeel.tables import not_verifiable

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MODEL = "arn:aws:sagemaker:eu-west-1:111122223333:model-package/models/1"


@pytest.mark.slow
@pytest.mark.parametrize(
    "approved",
    [pytest.param(False, id="no-model-yet", marks=pytest.mark.wide), pytest.param(True, id="a-model-is-approved")],
)
@pytest.mark.parametrize("example", ["fraud_realtime", "tabular_batch"])
def test_the_provider_refuses_nothing_of_an_example(
    build: provider.Binary, tmp_path: Path, example: str, approved: bool
) -> None:
    """What it cannot judge is at most one resource in twenty, each explained in the how-to."""
    project, document = tmp_path / "project", tmp_path / "validation.json"
    assert 0 == run(["new", str(project), "--answers", str(EXAMPLES / example / "answers.yml")])
    if approved:
        with (project / "config" / "serving" / "Pulumi.prod.yaml").open("a") as config:
            config.write(f"  serving:model_package_arn: {MODEL}\n")

    code = run(["preview", str(project), "--env", "prod", "--validate", "--output", f"json={document}"])

    found = json.loads(document.read_text())
    assert ([], 0) == (found["errors"], code)
    assert found["summary"]["verified"] >= 0.95 * found["summary"]["resources"] > 100
    if found["provider"]["version"] == not_verifiable.version():
        listed = {(row.type, row.path, row.reason) for row in not_verifiable.unjudged() if example in row.examples}
        left_out = {
            (row["type"], re.sub(r"\[[^\]]*\]", "", row["path"]), row["reason"]) for row in found["not_verifiable"]
        }
        assert left_out <= listed
        assert left_out == listed or not approved


def test_every_type_that_cannot_be_judged_is_explained() -> None:
    assert [] == [row.type for row in not_verifiable.unjudged() if not not_verifiable.why(row.type)]
    assert {0} == {row.errors for row in not_verifiable.examined().values()}


def test_the_page_names_every_type_and_example() -> None:
    page = unjudged.unjudged_md()

    for row in not_verifiable.unjudged():
        assert row.type in page or "every type of `kubernetes`" in page
    assert all(f"| {name} | " in page for name in not_verifiable.examined())


def test_without_a_build_nothing_runs_and_the_error_says_how_to_name_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MODELKEEL_AWS_PROVIDER", str(tmp_path))

    code = run(["preview", str(tmp_path), "--env", "dev", "--validate"])

    said = capsys.readouterr()
    assert (3, "") == (code, said.out)
    assert "set MODELKEEL_AWS_PROVIDER to the binary" in said.err
