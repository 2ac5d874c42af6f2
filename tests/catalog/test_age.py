"""Old tables are named; a pipeline can stop on them."""

from __future__ import annotations

import datetime
import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from modelkeel import cli
from modelkeel.catalog import age
from modelkeel.errors import ExitCode, ModelkeelError

TODAY = datetime.date(2026, 11, 23)


def table(folder: Path, text: str, name: str = "limits.toml") -> age.TableAge:
    (folder / name).write_text(text, encoding="utf-8")
    (found,) = age.ages({"tables": folder}, TODAY)
    return found


@pytest.mark.parametrize(("checked", "days", "is_old"), [("2026-08-25", 90, False), ("2026-08-24", 91, True)])
def test_a_table_is_old_after_ninety_days(tmp_path: Path, checked: str, days: int, is_old: bool) -> None:
    found = table(tmp_path, f'checked = {checked}\nsource = "AWS"\n')

    assert ("tables/limits.toml", "AWS", days, is_old) == (found.file, found.source, found.age_days, found.is_old)


def test_a_fresh_table_with_an_old_row_is_old(tmp_path: Path) -> None:
    rows = [{"checked": "2023-12-31"}, {"checked": "2026-11-01"}]
    text = json.dumps({"checked": "2026-11-23", "source": "AWS", "prices": rows})
    found = table(tmp_path, text, "prices.json")

    assert (1, datetime.date(2023, 12, 31), True) == (found.old_rows, found.oldest, found.is_old)


def test_the_date_may_stand_in_the_comment_above_the_rows(tmp_path: Path) -> None:
    found = table(tmp_path, "# Sorted by id. Checked 2026-11-20.\n\n[row]\nwhy = 'checked 2020-01-01'\n")

    assert 3 == found.age_days


@pytest.mark.parametrize("text", ["[row]\na = 1\n", "checked = 'soon'\n", "checked = \n"])
def test_a_table_without_a_date_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(ModelkeelError, match="does not say when it was checked") as caught:
        table(tmp_path, text)

    assert ExitCode.ENVIRONMENT == caught.value.exit_code


def test_every_table_and_policy_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == cli.run(["catalog", "check", "--output", "json", "--today", "2026-11-23"])
    document = json.loads(capsys.readouterr().out)

    schema = json.loads((files("modelkeel") / "schemas" / "catalog.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    names = {row["file"] for row in document["tables"]}
    assert {"tables/prices.json", "tables/instances.json", "policies/controls.toml", "policies/lifecycle.toml"} <= names


def test_old_tables_warn_and_stop_only_a_strict_check(capsys: pytest.CaptureFixture[str]) -> None:
    later = ["catalog", "check", "--today", "2027-06-01"]

    assert 0 == cli.run(later)
    streams = capsys.readouterr()
    assert "warning: tables/quotas.toml was checked 190 days ago" in streams.err
    assert "2026-11-23" in streams.out
    assert 1 == cli.run([*later, "--strict"])
