"""`modelkeel plan --against`: how two answers files differ."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_schema import problems

from modelkeel import answers, cli, plan
from modelkeel.plan.difference import Comparison, compare

ROOT = Path(__file__).resolve().parents[2]
FRAUD = ROOT / "examples" / "fraud_realtime" / "answers.yml"
TABULAR = ROOT / "examples" / "tabular_batch" / "answers.yml"


def compared(old: answers.Answers, new: answers.Answers) -> Comparison:
    return compare(old, plan.build(old), new, plan.build(new))


def test_a_plan_does_not_differ_from_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["plan", "--answers", str(FRAUD), "--against", str(FRAUD)]) == 0
    assert capsys.readouterr().out == "no answers, no decisions and no settings differ\n"


def test_both_values_and_reasons_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The file after --against is the old one."""
    assert (
        cli.run(["plan", "--answers", str(FRAUD), "--data", "peak_rps=4000", "--against", str(FRAUD), "--no-cost"]) == 0
    )

    out = capsys.readouterr().out
    assert "  peak_rps: 2000 -> 4000\n" in out
    assert "serving_min_instances: dev: 1, staging: 2, prod: 9 -> dev: 1, staging: 2, prod: 18\n" in out
    assert out.index("ceil(2000 / (600 * 0.6)) = 6") < out.index("ceil(4000 / (600 * 0.6)) = 12")
    assert "log_retention_days" not in out


def test_settings_that_follow_are_named_by_stack() -> None:
    old = answers.load(FRAUD)
    found = compared(old, answers.load(FRAUD, data=["peak_rps=4000"]))
    rows = {row.key: (row.old, row.new) for row in found.settings}

    assert (9, 18) == rows["serving/prod: serving:realtime_min_capacity"]
    assert list(rows) == sorted(rows)


def test_decisions_of_one_side_only_have_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["plan", "--answers", str(TABULAR), "--against", str(FRAUD), "--no-cost", "--output", "json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert problems(document, "comparison") == []
    rows = {row["key"]: row for row in document["decisions"]}
    assert rows["serving_min_instances"]["new"] is None
    assert rows["scoring_instances"]["old"] is None
    new_order = [decision.key for decision in plan.build(answers.load(TABULAR)).decisions]
    shared = [key for key in rows if key in new_order]
    assert shared == [key for key in new_order if key in rows]
    assert list(rows)[len(shared) :] == [key for key in rows if key not in new_order]
    assert document["cost"] is None


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5000), st.integers(1, 5000))
def test_the_way_back_tells_the_same(one: int, other: int) -> None:
    old = answers.load(
        FRAUD, data=[f"peak_rps={one}", "monthly_budget_usd={dev: 900000, staging: 900000, prod: 900000}"]
    )
    new = answers.load(
        FRAUD, data=[f"peak_rps={other}", "monthly_budget_usd={dev: 900000, staging: 900000, prod: 900000}"]
    )
    there, back = compared(old, new), compared(new, old)

    assert {(row.key, str(row.old), str(row.new)) for row in there.decisions} == {
        (row.key, str(row.new), str(row.old)) for row in back.decisions
    }
    assert (one == other) == (not there.answers)


@pytest.mark.slow
def test_costs_are_compared(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--answers", str(TABULAR), "--data", "data_volume=5TB", "--against", str(TABULAR)]
    assert cli.run(["plan", *arguments, "--output", "json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert problems(document, "comparison") == []
    old, new = document["cost"]["old"], document["cost"]["new"]
    assert ("prod", "prod") == (old["environment"], new["environment"])
    assert float(new["totals"]["base"]) > float(old["totals"]["base"]) > 0
    assert set(new["by_program"]) == set(old["by_program"])


@pytest.mark.parametrize(
    "arguments",
    [["--cost"], ["--no-cost"], ["--against", str(FRAUD), "--output", "answers"], ["--against", "/nonexistent.yml"]],
)
def test_what_makes_no_sense_together_is_refused(arguments: list[str]) -> None:
    assert cli.run(["plan", "--answers", str(FRAUD), *arguments]) == 2
