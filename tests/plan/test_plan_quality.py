"""When and on what the model is judged by its labels."""

import re
from pathlib import Path
from typing import Any

import pytest

from modelkeel import answers, plan
from modelkeel.answers.model import Answers
from modelkeel.plan.model import Plan
from modelkeel.tables.archetype import archetypes
from modelkeel.tables.seed import seeds

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "template" / "project" / "src" / "{{ plan.package }}" / "data"


def _answers(example: str, **changes: Any) -> Answers:
    found = answers.load(ROOT / "examples" / example / "answers.yml", preset=None, data=())
    return found.model_copy(update=changes)


def _config(made: Plan, program: str, environment: str) -> dict[str, Any]:
    """Return the settings of a program, without the name of the program before each."""
    row = next(row for row in made.stacks if (row.program, row.environment) == (program, environment))
    return {key.removeprefix(f"{program}:"): value for key, value in dict(row.config).items()}


def _monitoring(made: Plan, environment: str) -> dict[str, Any]:
    return _config(made, "monitoring", environment)


def _wait_days(seed: str) -> int:
    """The wait that the seed's code keeps before it judges; of machines the horizon of the prediction is before it."""
    word = next(
        word
        for word in sorted(seeds()[seed].words)
        if (DATA / f"{{% if plan.words.{word} %}}dataset.py{{% endif %}}").exists()
    )
    text = (DATA / f"{{% if plan.words.{word} %}}dataset.py{{% endif %}}").read_text()
    return int(re.search(r"^LABEL_WAIT_DAYS = (\d+)$", text, re.MULTILINE)[1])  # type: ignore[index]


@pytest.mark.parametrize("seed", sorted(set(seeds()) - {"predictive_maintenance"}))
def test_the_lag_is_the_wait_that_the_code_keeps(seed: str) -> None:
    assert archetypes()[seed].label_lag_days == _wait_days(seed)


def test_a_machine_is_judged_after_its_horizon_and_the_wait() -> None:
    path = DATA.parent / "{% if plan.words.is_maintenance %}settings.toml{% endif %}.jinja"
    horizon = int(re.search(r"^horizon_days = (\d+)$", path.read_text(), re.MULTILINE)[1])  # type: ignore[index]

    assert archetypes()["predictive_maintenance"].label_lag_days == horizon + _wait_days("predictive_maintenance")


def test_limits_are_those_of_the_registration_gates() -> None:
    given = _answers("fraud_realtime")
    made = plan.build(given)
    training = _config(made, "training", "prod")
    watched = _monitoring(made, "prod")

    assert watched["quality_metric"] == training["quality_metric"]
    assert watched["quality_minimum"] == training["quality_minimum"]
    assert watched["quality_maximum_gap"] == training["fairness_maximum_gap"]


def test_an_hour_of_each_day_is_judged_where_an_hour_is_enough() -> None:
    found = _monitoring(plan.build(_answers("fraud_realtime")), "prod")

    assert (found["quality_window"], found["quality_schedule_expression"]) == ("hour", "rate(25 hours)")


def test_a_table_is_judged_night_by_night() -> None:
    found = _monitoring(plan.build(_answers("tabular_batch")), "prod")

    assert (found["quality_window"], found["quality_label_lag_days"]) == ("day", 35)


def test_captured_answers_are_kept_longer_than_their_labels_need() -> None:
    """The strictest framework keeps captured requests for 90 days."""
    assert max(row.label_lag_days for row in archetypes().values()) < 90


def test_texts_are_not_judged_and_the_plan_says_why() -> None:
    made = plan.build(_answers("llm_finetune_serve"))
    decision = next(row for row in made.decisions if row.key == "quality_job")

    assert decision.value == "none"
    assert "no truth to join" in decision.reason
    assert not [key for key in _monitoring(made, "prod") if key.startswith("quality")]


def test_dev_beside_others_is_not_judged() -> None:
    given = _answers("fraud_realtime")

    assert "quality_schedule_expression" not in _monitoring(plan.build(given), "dev")
