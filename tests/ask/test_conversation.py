"""What is said and done around the questions, with the lines of a person fed in."""

from __future__ import annotations

import pytest
from ask import script

from modelkeel.answers import Answers
from modelkeel.cli.ask import interview
from modelkeel.cli.ask.conversation import Conversation, Left


def hold(*lines: str, begin: str = "nothing") -> tuple[Answers, str]:
    """Hold a conversation that begins at the question `begin`; return the answers and everything that was said."""
    said: list[str] = []
    typed = iter(lines)

    def read(prompt: str) -> str:
        said.append(prompt)
        return next(typed)

    asked = script.upto(begin) if begin != "project_name" else interview.start({}, quick=True)
    return Conversation(asked, read, said.append).hold(), "\n".join(said)


def test_a_question_shows_help_choices_and_proposal() -> None:
    _, said = hold("", "90000", "", begin="ci")

    assert "The CI system that previews and deploys." in said
    assert "1 github " in said
    assert "ci [github]:" in said
    assert "Operations (2 questions left)" in said


def test_a_question_mark_explains() -> None:
    _, said = hold("?", "", "90000", "", begin="ci")

    assert "It decides: The CI files" in said
    assert 2 == said.count("ci [github]:")


def test_a_question_mark_tells_what_choices_mean() -> None:
    _, said = hold("?", "soc2", *[""] * 4, begin="frameworks")

    assert "gdpr: GDPR" in said


def test_one_mistake_in_a_value_for_all_is_told_once() -> None:
    _, said = hold("3", "111111111111, 222222222222, 333333333333", *[""] * 8, begin="account_ids")

    assert 1 == said.count("is no AWS account id")
    assert "--data" not in said


def test_a_mistake_is_told_and_asked_again() -> None:
    found, said = hold("gitlub", "github", "90000", "", begin="ci")

    assert "did you mean gitlab?" in said
    assert "github" == found.ci


def test_one_step_back_and_forth_again() -> None:
    found, _ = hold("none", "<", "jenkins", "Admin", "90000", "", begin="ci")

    assert "jenkins" == found.ci


@pytest.mark.parametrize("lines", [("!",), ("", "90000", "n"), ("", "90000", "!")])
def test_leaving_gives_no_answers(lines: tuple[str, ...]) -> None:
    with pytest.raises(Left):
        hold(*lines, begin="ci")


def test_the_summary_tells_answers_programs_accounts_and_sizes_with_reasons() -> None:
    _, said = hold("y")

    for fact in ("card-fraud", "monitoring", "333333333333", "training_instance_type", "least_usd_per_month"):
        assert fact in said
    assert "questions keep their default" in said


def test_a_decision_is_explained_before_it_is_written() -> None:
    _, said = hold("? log_retention_days", "", "y")

    assert "why " in said
    assert "source " in said


def test_a_question_is_changed_by_its_name_and_what_no_longer_fits_is_asked_again() -> None:
    found, said = hold("environments", "prod", "444444444444", "7000", "y")

    assert "asked again" in said
    assert {"prod": "444444444444"} == found.account_ids
    assert {"prod": 7000} == found.monthly_budget_usd


def test_no_such_name_at_the_end_is_told() -> None:
    _, said = hold("no_such_thing", "y")

    assert "there is no question 'no_such_thing'" in said


def test_answers_that_cannot_be_planned_are_changed_at_the_end() -> None:
    """Sizes that no instance carries are seen by the plan only."""
    found, said = hold("serving_mode", "realtime", "1000000000", "100", "change_this", "peak_rps", "50", "y")

    assert "cannot be planned" in said
    assert 50 == found.peak_rps
