"""`modelkeel controls`: the list of what is checked."""

import json

import pytest
from json_schema import problems
from typer.testing import CliRunner

from modelkeel.cli.app import app
from modelkeel.errors import ExitCode, ModelkeelError


def printed(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["controls", *arguments], catch_exceptions=False)

    assert result.exit_code == ExitCode.OK
    return result.stdout


def test_json_follows_its_schema() -> None:
    assert problems(json.loads(printed("--output", "json")), "controls") == []


def test_a_framework_keeps_its_controls_and_its_clauses() -> None:
    document = json.loads(printed("--framework", "iso_42001", "--output", "json"))

    assert [row["id"] for row in document["frameworks"]] == ["iso_42001"]
    assert {each["id"] for row in document["controls"] for each in row["frameworks"]} == {"iso_42001"}
    assert all(row["frameworks"] for row in document["controls"])


def test_markdown_is_one_table_row_a_control() -> None:
    rows = [line for line in printed("--framework", "gdpr", "--output", "md").splitlines() if line.startswith("| ")]
    document = json.loads(printed("--framework", "gdpr", "--output", "json"))

    assert len(document["controls"]) == len(rows) - 1


def test_text_says_where_clauses_come_from() -> None:
    text = printed("--framework", "nist_ai_rmf")

    assert "MEASURE 2.11*" in text
    assert "Vendor maps: none, all is our judgement" in text


def test_an_unknown_framework_is_refused() -> None:
    with pytest.raises(ModelkeelError, match="iso_42001"):
        printed("--framework", "iso_42002")
