"""Commands as a shell sees them: exit codes, what goes to which stream, and that nothing is left half written."""

import json
import shutil
from pathlib import Path

import pytest

from modelkeel import cli, graph

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TABULAR = EXAMPLES / "tabular_batch" / "answers.yml"
BUCKET = "aws:s3/bucket:Bucket"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small example, generated once."""
    folder = tmp_path_factory.mktemp("cli") / "scores"
    assert cli.run(["new", str(folder), "--answers", str(TABULAR)]) == 0
    return folder


@pytest.fixture
def graph_file(tmp_path: Path) -> Path:
    """A graph of one bucket that obeys few controls."""
    urn = f"urn:pulumi:prod::shop-data::{BUCKET}::raw"
    bucket = graph.Resource(urn=urn, type=BUCKET, name="raw", inputs={"bucket": "raw", "forceDestroy": True})
    stack = graph.Stack(program="data", stack="prod", account="111111111111", region="eu-west-1", resources=(bucket,))
    made = graph.Graph(project="shop", environment="prod", fidelity="simulate", stacks=(stack,), tool_version="1")
    path = tmp_path / "graph.json"
    path.write_text(graph.dumps(made), encoding="utf-8")
    return path


def test_new_writes_a_repository_and_talks_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["new", str(tmp_path / "scores"), "--answers", str(TABULAR)]) == 0

    streams = capsys.readouterr()
    assert streams.out == ""
    assert "modelkeel check" in streams.err
    assert (tmp_path / "scores" / "README.md").is_file()


def test_a_dry_run_lists_files_and_writes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["new", str(tmp_path / "scores"), "--answers", str(TABULAR), "--dry-run"]) == 0

    assert "README.md" in capsys.readouterr().out.splitlines()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "does not exist"),
        ("project_name: [unclosed", "YAML"),
        ("projct_name: shop", "project_name"),
        ("project_name: 7", "project_name"),
    ],
)
def test_bad_answers_end_with_2_say_what_is_wrong_and_write_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, said: str
) -> None:
    answers = tmp_path / "answers.yml"
    if text is not None:
        answers.write_text(text, encoding="utf-8")

    assert cli.run(["new", str(tmp_path / "out"), "--answers", str(answers)]) == 2

    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    assert cli.run(["new", str(tmp_path), "--answers", str(TABULAR)]) != 0

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert "--force" in capsys.readouterr().err


def test_a_check_with_violations_ends_with_1_and_its_json_says_which(
    tmp_path: Path, graph_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.run(["check", str(tmp_path / "nowhere"), "--graph", str(graph_file), "--output", "json"])

    streams = capsys.readouterr()
    assert code == 1
    assert json.loads(streams.out)["summary"]["violation"] > 0
    assert "bundled policies" in streams.err


def test_an_environment_that_is_not_the_graphs_is_refused(graph_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["check", "--graph", str(graph_file), "--env", "dev"]) == 2
    assert "the graph is of prod" in capsys.readouterr().err


def test_half_a_graph_file_is_refused_by_every_reader(
    graph_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = graph_file.read_text(encoding="utf-8")
    graph_file.write_text(text[: len(text) // 2], encoding="utf-8")

    for command in (["check"], ["cost"], ["report", "--output", f"html={tmp_path / 'r.html'}"]):
        assert cli.run([*command, "--graph", str(graph_file)]) == 2
        assert "not whole JSON" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


def test_cost_over_the_limit_ends_with_1_and_still_tells_the_bill(
    graph_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["cost", "--graph", str(graph_file), "--output", "json"]) == 0
    base = json.loads(capsys.readouterr().out)["totals"]["base"]

    assert cli.run(["cost", "--graph", str(graph_file), "--max-usd-per-month", "0.01"]) == 1
    assert "over budget" in capsys.readouterr().err
    assert cli.run(["cost", "--graph", str(graph_file), "--max-usd-per-month", base]) == 0


@pytest.mark.parametrize("amount", ["a lot", "-1", "nan"])
def test_a_limit_that_is_no_amount_is_refused(graph_file: Path, amount: str) -> None:
    assert cli.run(["cost", "--graph", str(graph_file), f"--max-usd-per-month={amount}"]) == 2


def test_every_schema_is_listed_and_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["schema"]) == 0
    names = capsys.readouterr().out.split()

    assert {"answers", "cost", "findings", "graph", "plan"} <= set(names)
    for name in names:
        assert cli.run(["schema", name]) == 0
        assert json.loads(capsys.readouterr().out)["$schema"].startswith("http://json-schema.org/draft-07")


def test_answers_changed_without_planning_again_are_refused(
    repository: Path, tmp_path: Path, graph_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sizes in config/ would follow from other answers than the repository states."""
    stale = shutil.copytree(repository, tmp_path / "stale")
    path = stale / ".copier-answers.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("cost_center:", "cost_center: other # was", 1), encoding="utf-8")

    assert cli.run(["check", str(stale), "--graph", str(graph_file)]) == 2
    assert "other answers" in capsys.readouterr().err


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["preview"], ["check"], ["cost"], ["report", "--output", "html=x.html"]):
        assert cli.run([command[0], str(tmp_path), *command[1:]]) in (2, 3)
        assert "modelkeel new" in capsys.readouterr().err


def test_the_repository_is_recorded_checked_and_reported(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The only environment needs no name, and the report stands on the graph that preview wrote."""
    recorded, page = tmp_path / "graph.json", tmp_path / "report.html"

    assert cli.run(["preview", str(repository), "--output", f"json={recorded}"]) == 0
    assert cli.run(["check", str(repository), "--graph", str(recorded)]) == 0
    assert cli.run(["report", str(repository), "--graph", str(recorded), "--output", f"html={page}"]) == 0

    assert "0 violations" in capsys.readouterr().out
    assert "churn-scores" in page.read_text(encoding="utf-8")
