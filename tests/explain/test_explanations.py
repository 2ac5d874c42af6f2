"""`modelkeel explain`: decisions, questions and controls."""

from pathlib import Path

import pytest

from modelkeel import answers, cli, plan
from modelkeel.answers.schema import questions
from modelkeel.plan.explanation import explain, others

FRAUD = Path(__file__).resolve().parents[2] / "examples" / "fraud_realtime" / "answers.yml"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.run(["explain", *arguments]) == 0
    return capsys.readouterr().out


def test_a_change_leads_to_the_value_that_planning_with_it_gives() -> None:
    """What would change a decision is planned, not guessed."""
    given = answers.load(FRAUD)
    found = explain(given, "serving_min_instances")
    doubled = next(change for change in found.changes if (change.question, change.answer) == ("peak_rps", 4000))
    planned = plan.build(answers.validate({**answers.flat(given), "peak_rps": 4000}))

    assert planned.value("serving_min_instances") == doubled.value
    assert doubled.value != found.decision.value


@pytest.mark.parametrize("preset", ["fraud_realtime", "tabular_batch"])
def test_every_decision_can_be_explained(preset: str) -> None:
    given = answers.load(preset=preset)
    for decision in plan.build(given).decisions:
        found = explain(given, decision.key)

        assert found.decision == decision
        assert all(change.value != decision.value for change in found.changes)


def test_a_decision_that_is_not_taken_cannot_be_explained() -> None:
    with pytest.raises(KeyError):
        explain(answers.load(FRAUD), "no_such_decision")


@pytest.mark.parametrize(
    ("question", "given", "expected"),
    [
        ("peak_rps", 10, [5, 20]),
        ("peak_rps", 1, [2]),
        ("scale_to_zero", True, [False]),
        ("project_name", "fraud", []),
        ("availability", "99.9", None),
        ("frameworks", ["soc2"], None),
    ],
)
def test_other_answers_are_legal(question: str, given: object, expected: list[object] | None) -> None:
    """Numbers are halved and doubled within their limits; lists lose or gain one entry; texts offer nothing."""
    row = questions()[question]
    found = list(others(row, given))

    assert given not in found
    if expected is not None:
        assert found == expected
    else:
        choices = {choice for each in found for choice in (each if isinstance(each, list) else [each])}
        assert found
        assert choices <= set(row.choices)


def test_a_list_loses_or_gains_one_entry() -> None:
    found = list(others(questions()["frameworks"], ["soc2"]))

    assert [] in found
    assert ["soc2", "gdpr"] in found
    assert ["soc2", "soc2"] not in found


def test_a_decision_is_told_with_its_numbers_and_sources(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "serving_min_instances", "--preset", "fraud_realtime")

    assert "formula: n = ceil(2000 / (600 * 0.6)) = 6; least = max(2, ceil(6 * 3 / 2)) = 9" in out
    assert "peak_rps: 2000" in out
    assert "peak_rps: 4000 -> dev: 1, staging: 2, prod: 18" in out
    assert "source:" in out


def test_an_instance_type_is_told_with_its_price(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "training_instance_type", "--answers", str(FRAUD))

    assert "price:   2.540 USD/h" in out
    assert "instead: ml.r7i.12xlarge: 384 GiB, 3.810 USD/h" in out
    assert "training_data_gib: 30 -> ml.r7i.4xlarge (1.270 USD/h" in out


def test_flags_go_before_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "serving_min_instances", "--answers", str(FRAUD), "--data", "peak_rps=4000")

    assert "prod: 18" in out.splitlines()[0]


def test_a_repository_explains_its_own_decisions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["new", str(tmp_path / "fraud"), "--answers", str(FRAUD)]) == 0
    capsys.readouterr()

    assert "prod: 9" in told(capsys, "serving_min_instances", str(tmp_path / "fraud"))


def test_a_question_is_told_with_the_decisions_that_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "peak_rps", "--answers", str(FRAUD))

    assert out.startswith("peak_rps: 2000\n")
    assert "    serving_min_instances: dev: 1" in out


def test_a_question_needs_no_answers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "peak_rps", str(tmp_path))

    assert out.startswith("peak_rps: not answered here\n")
    assert "default: 10" in out


def test_a_control_is_told_with_the_basis_of_its_clauses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, "alarm-tells-somebody", str(tmp_path))

    vendor, _, judgement = out.partition("judgement (")
    assert "why: An alarm without an action is a light in an empty room." in vendor
    assert "fix: Set MetricAlarm.alarm_actions" in vendor
    assert "soc2: CC7.2, CC7.3" in vendor
    assert "iso_27001" not in vendor
    assert "iso_27001: A.8.16" in judgement
    assert "source: https://docs.aws.amazon.com/" in judgement


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("serving_min_instanses", "serving_min_instances"),
        ("Peak_RPS", "peak_rps"),
        ("alarm-tells-sombody", "alarm-tells-somebody"),
    ],
)
def test_an_unknown_name_gets_the_closest_one(key: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", key, "--preset", "fraud_realtime"]) == 2
    assert f"did you mean {meant}?" in capsys.readouterr().err


def test_a_decision_without_answers_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", "serving_min_instances", str(tmp_path)]) == 2
    assert "decisions need answers: --answers FILE" in capsys.readouterr().err
