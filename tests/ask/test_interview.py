"""Which questions are asked, in which order, and what is accepted; no terminal."""

from __future__ import annotations

import pytest
from ask import script
from hypothesis import given, settings
from hypothesis import strategies as st

from modelkeel import answers, plan
from modelkeel.answers.schema import questions
from modelkeel.cli.ask import interview, reading
from modelkeel.errors import ModelkeelError


def test_quick_mode_asks_about_eighteen_questions() -> None:
    asked = script.names(interview.start({}, quick=True))

    assert 16 <= len(asked) <= 20
    assert asked[0] == "project_name"
    assert asked == [name for name in questions() if name in asked]


def test_accepting_everything_gives_the_answers_of_a_file_with_the_same_values() -> None:
    done = script.upto("nothing")

    assert answers.validate(done.values) == done.complete()


def test_questions_about_endpoints_are_asked_only_where_there_is_one() -> None:
    batch = script.names(interview.start({}, quick=True), {"serving_mode": "batch"})
    online = script.names(interview.start({}, quick=True), {"serving_mode": "realtime"})

    assert {"peak_rps", "p99_ms"} == set(online) - set(batch)


def test_a_stream_brings_the_question_after_its_events_at_once() -> None:
    asked = script.upto("events_per_sec", {"ingestion": "kinesis"})

    assert asked.question is not None
    assert list(asked.values)[-1] == "ingestion"
    with pytest.raises(ModelkeelError, match="events_per_sec is 0"):
        asked.answer("0")
    assert asked.answer("100").values["events_per_sec"] == 100


def test_the_archetypes_example_is_proposed_but_not_who_owns_it_nor_where_it_runs() -> None:
    typed = {"archetype": "fraud_realtime"}

    assert script.upto("peak_rps", typed).proposal == 2000
    assert script.upto("regions", typed).proposal == ["us-east-1"]
    assert script.upto("owner_email", typed).proposal is None


def test_a_proposal_that_contradicts_an_answer_is_not_made() -> None:
    """Card data are in the example; beside a public address they are refused, so they are not proposed."""
    asked = script.upto("data_sensitivity", {"archetype": "fraud_realtime"}, {"exposure": "public_waf"})

    assert asked.proposal == ["internal"]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("archetype", "1", "fraud_realtime"),
        ("archetype", "blank", "blank"),
        ("frameworks", "4, 1", ["gdpr", "soc2"]),
        ("frameworks", "hipaa 2", ["hipaa", "hipaa"]),
        ("frameworks", "none", []),
        ("serving_mode", "none", ["none"]),
        ("environments", "prod", ["prod"]),
        ("agent_guidance", "y", True),
        ("account_ids", "012345670123", {"dev": "012345670123", "prod": "012345670123"}),
        ("account_ids", "dev=111111111111, prod: 222222222222", {"dev": "111111111111", "prod": "222222222222"}),
        ("monthly_budget_usd", "100, 2000", {"dev": 100, "prod": 2000}),
        ("availability", "99.9", "99.9"),
    ],
)
def test_what_is_typed_is_read_by_the_type_of_the_question(name: str, typed: str, value: object) -> None:
    assert value == reading.read(questions()[name], typed, ("dev", "prod"))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("project_name", "Card Fraud"),
        ("owner_email", "nobody"),
        ("archetype", "fraud_realtine"),
        ("archetype", "99"),
        ("serving_mode", "realtime, batsh"),
        ("peak_rps", "many"),
        ("peak_rps", "-3"),
        ("account_ids", "dev=12a"),
        ("monthly_budget_usd", "dev=0"),
    ],
)
def test_a_wrong_answer_is_refused_with_the_text_of_a_wrong_file(name: str, typed: str) -> None:
    """The same mistake reads the same, whether it is typed at a question or in a flag."""
    asked = script.upto(name, {"serving_mode": "realtime"})
    with pytest.raises(ModelkeelError) as at_question:
        asked.answer(typed)
    with pytest.raises(ModelkeelError) as in_flag:
        answers.load(data=[f"{name}={typed}"])

    (problem,) = at_question.value.problems
    same = [other for other in in_flag.value.problems if other.what == problem.what]
    assert [(problem.got, problem.allowed, problem.fix)] == [(other.got, other.allowed, other.fix) for other in same]


def test_an_answer_without_default_cannot_be_skipped() -> None:
    with pytest.raises(ModelkeelError, match="project_name is not answered"):
        interview.start({}, quick=True).answer("  ")


def test_the_beginning_of_one_name_is_enough_and_that_of_several_is_not() -> None:
    asked = script.upto("archetype")

    assert asked.answer("fr").values["archetype"] == "fraud_realtime"
    with pytest.raises(ModelkeelError, match="not one of the choices"):
        asked.answer("f")


def test_the_budget_that_is_proposed_can_be_planned() -> None:
    asked = script.upto("monthly_budget_usd", {"archetype": "fraud_realtime"})
    floor = asked.answer("90000").complete()

    assert asked.proposal is not None
    assert plan.build(asked.answer("").complete()).value("least_usd_per_month") == {
        name: pytest.approx(usd / 3, abs=34) for name, usd in asked.proposal.items()
    }
    assert set(asked.proposal) == set(floor.environments)


def test_answers_that_contradict_each_other_are_refused_at_the_second() -> None:
    asked = script.upto("frameworks", {"data_sensitivity": "phi"})

    assert "serving_mode" in asked.values, "a question that is asked anyway keeps its turn"
    with pytest.raises(ModelkeelError, match="without HIPAA"):
        asked.answer("soc2")
    assert asked.answer("hipaa").values["frameworks"] == ["hipaa"]


def test_going_back_proposes_what_was_answered() -> None:
    asked = script.upto("archetype", {"cost_center": "risk-1"}).back()

    assert asked.question is not None
    assert ("cost_center", "risk-1") == (asked.question.name, asked.proposal)
    assert "cost_center" not in asked.values


def test_the_first_question_has_nothing_before_it() -> None:
    first = interview.start({}, quick=True)

    assert first.back() is first


def test_a_changed_answer_asks_again_what_no_longer_fits() -> None:
    done = script.upto("nothing")
    changed = done.reopen("environments").answer("prod")

    assert {"account_ids", "monthly_budget_usd"}.isdisjoint(changed.values)
    assert changed.notices
    end = changed.answer("111111111111")
    assert end.question is not None
    assert end.question.name == "monthly_budget_usd"
    assert end.answer("5000").complete().environments == ("prod",)


def test_accounts_and_their_model_can_be_changed_together() -> None:
    """Each alone contradicts the other."""
    done = script.upto("nothing")
    end = done.reopen("account_model").answer("single").answer("111111111111")

    assert set(end.complete().account_ids.values()) == {"111111111111"}


def test_a_question_that_was_not_asked_can_be_changed_and_taken_back() -> None:
    done = script.upto("nothing", {"serving_mode": "realtime"})
    opened = done.reopen("rollout")

    assert opened.answer("linear").complete().rollout == "linear"
    assert opened.back() is done
    with pytest.raises(ModelkeelError, match="did you mean rollout"):
        done.reopen("rolout")


def test_an_answer_to_a_question_that_no_longer_matters_is_dropped() -> None:
    done = script.upto("nothing", {"serving_mode": "realtime", "peak_rps": "77"})
    changed = done.reopen("serving_mode").answer("batch")

    assert "peak_rps" not in changed.values


def test_what_was_given_is_not_asked() -> None:
    asked = script.names(interview.start({"project_name": "shop", "ci": "none", "admin_role": "Admin"}, quick=True))

    assert {"project_name", "ci"}.isdisjoint(asked)


def test_with_defaults_only_what_has_none_is_asked() -> None:
    assert list(script.REQUIRED) == script.names(interview.start({}, quick=False))


def test_a_complete_preset_leaves_nothing_to_ask() -> None:
    path = answers.presets()["fraud_realtime"]

    assert interview.start(answers.gather(path), quick=True).question is None


@pytest.mark.parametrize(
    "given_values",
    [{"peak_rps": "many"}, {"projct_name": "shop"}, {"data_sensitivity": ["cardholder"], "exposure": "public_waf"}],
)
def test_wrong_given_answers_are_refused_before_the_first_question(given_values: dict[str, object]) -> None:
    with pytest.raises(ModelkeelError):
        interview.start(given_values, quick=True)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_is_typed_the_answers_at_the_end_are_valid(data: st.DataObject) -> None:
    """Every line either moves on or is refused; no path ends in answers that a file could not hold."""
    asked = interview.start({}, quick=True)
    for _ in range(200):
        question = asked.question
        if question is None:
            break
        good = script.REQUIRED.get(question.name, "")
        numbers = st.integers(1, len(question.choices) + 1).map(str) if question.choices else st.just("7")
        line = data.draw(st.sampled_from([good, good, "x", "none"]) | numbers | st.just("<"))
        try:
            asked = asked.back() if line == "<" else asked.answer(line)
        except ModelkeelError:
            try:
                asked = asked.answer(good)
            except ModelkeelError:
                asked = asked.back()
    assert asked.question is not None or isinstance(asked.complete(), answers.Answers)
