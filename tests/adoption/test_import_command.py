"""`modelkeel import` as the pages on it say, in a generated repository."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import json_schema
import pytest

from modelkeel import answers, plan
from modelkeel.cli import run
from modelkeel.graph import Graph
from modelkeel.record import project
from modelkeel.render import render, write

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = ROOT / "docs" / "how-to" / "import-existing-resources.md"
# Options of the Pulumi CLI that the pages use: https://www.pulumi.com/docs/iac/cli/commands/, read 2026-11-25.
PULUMI = {
    "up": {"--stack", "--target"},
    "import": {"--stack", "--file", "--generate-code"},
    "preview": {"--stack", "--diff"},
}


def blocks(page: str, language: str = "") -> list[str]:
    """Return the fenced blocks of a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [text for named, text in found if named == language]


def commands(page: str, program: str) -> list[list[str]]:
    """Return the calls of a program in the page's blocks, in order."""
    lines = [line for block in blocks(page) for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.split() and Path(line.split()[0]).name == program]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The nightly example, with the graph of its last environment."""
    folder = tmp_path_factory.mktemp("import") / "repository"
    answered = answers.load(ROOT / "examples" / "tabular_batch" / "answers.yml")
    data = plan.template_data(answered, plan.build(answered))
    write(render({**data, "tool_requirement": "modelkeel==0.1.0"}, ROOT), folder)
    return folder


@pytest.fixture(params=["how-to", "page of the repository"])
def page(request: pytest.FixtureRequest, repository: Path) -> str:
    path = HOW_TO if request.param == "how-to" else repository / "docs" / "import-existing.md"
    return path.read_text(encoding="utf-8")


def test_the_commands_of_a_page_do_what_it_says(
    page: str, repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository)
    (repository / "existing.csv").write_text(blocks(page, "csv")[0], encoding="utf-8")

    for command in commands(page, "modelkeel"):
        if command[0] == "preview" and (repository / "graph.json").is_file():
            continue
        assert 0 == run(command), (command, capsys.readouterr().err)

    file = json.loads((repository / "import-data.json").read_text(encoding="utf-8"))
    assert {"aws"} == set(file["nameTable"])
    assert [row["id"] for row in file["resources"] if "id" in row] == [
        line.partition(",")[2] for line in blocks(page, "csv")[0].splitlines() if "Bucket" in line
    ]


def test_the_calls_of_pulumi_are_known_to_the_cli(page: str) -> None:
    for call in commands(page, "pulumi"):
        name = next(word for word in call if word in PULUMI)
        assert {word.partition("=")[0] for word in call if word.startswith("--")} <= PULUMI[name], call


@pytest.fixture(scope="module")
def graph(repository: Path) -> str:
    file = repository / "graph.json"
    if not file.is_file():
        assert 0 == run(["preview", str(repository), "--env", "prod", "--output", f"json={file}"])
    return str(file)


def test_a_file_is_of_one_program(graph: str, capsys: pytest.CaptureFixture[str]) -> None:
    listed = ["--id", "Role::pipeline=churn-scores-prod-pipeline", "--id", "Vpc::network=vpc-0a1b2c3d"]

    assert 2 == run(["import", "--graph", graph, *listed, "--output", "pulumi"])
    assert "one stack at a time" in capsys.readouterr().err
    assert 2 == run(["import", "--graph", graph, *listed, "--stack", "data", "--output", "pulumi"])
    assert "allowed: identity, foundation" in capsys.readouterr().err
    assert 0 == run(["import", "--graph", graph, *listed, "--stack", "foundation", "--output", "pulumi"])
    assert ["vpc-0a1b2c3d"] == [row["id"] for row in json.loads(capsys.readouterr().out)["resources"] if "id" in row]


def test_a_replacement_to_come_exits_1_and_is_told(graph: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == run(["import", "--graph", graph, "--id", "Bucket::models=old-models"])
    said = capsys.readouterr().out
    assert "it is old-models, the program says churn-scores-prod-models-111111111111" in said
    assert "REPLACE" in said
    assert "answer existing_data_buckets" in said


def test_json_follows_its_schema(graph: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == run(["import", "--graph", graph, "--id", "Vpc::network=vpc-0a1b2c3d", "--output", "json"])
    assert [] == json_schema.problems(json.loads(capsys.readouterr().out), "import")


def test_nothing_is_written_where_a_line_is_wrong(graph: str, tmp_path: Path) -> None:
    good, bad = ["--id", "Vpc::network=vpc-0a1b2c3d"], ["--id", "nobody=x"]

    assert 2 == run(["import", "--graph", graph, *good, *bad, "--output", f"pulumi={tmp_path / 'out.json'}"])
    assert 2 == run(["import", "--graph", graph])
    assert 3 == run(["import", "--graph", graph, *good, "--output", f"pulumi={tmp_path / 'no' / 'out.json'}"])
    assert [] == list(tmp_path.iterdir())


def test_the_option_gives_the_program_the_id_of_what_exists(repository: Path, graph: str, tmp_path: Path) -> None:
    option = tmp_path / "option.yaml"
    listed = ["--id", "Vpc::network=vpc-0a1b2c3d", "--output", f"config={option}"]
    assert 0 == run(["import", "--graph", graph, *listed])
    config = repository / "config" / "foundation" / "Pulumi.prod.yaml"
    before = config.read_text(encoding="utf-8")
    config.write_text(before.rstrip("\n") + "\n" + option.read_text(encoding="utf-8"), encoding="utf-8")

    recorded = record(repository)

    config.write_text(before, encoding="utf-8")
    plain = record(repository)
    assert ["vpc-0a1b2c3d"] == [row.id for _, row in recorded.resources() if row.type == "aws:ec2/vpc:Vpc"]
    assert {row.urn for _, row in recorded.resources()} == {row.urn for _, row in plain.resources()}


def record(repository: Path) -> Graph:
    return project(repository, environment="prod", program="foundation", isolation="none", talk=lambda said: None)
