"""Answers files and flags become answers, or every problem at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelkeel import answers
from modelkeel.answers import document
from modelkeel.errors import ExitCode, ModelkeelError, Problem

GOOD = """\
project_name: churn
owner_email: team@example.com
environments: [prod]
account_model: single
account_ids: {prod: "111111111111"}
monthly_budget_usd: {prod: 500}
"""


def load(tmp_path: Path, text: str, *data: str) -> answers.Answers:
    path = tmp_path / "answers.yml"
    path.write_text(text, encoding="utf-8")
    return answers.load(path, data=data)


def problems(tmp_path: Path, text: str, *data: str) -> dict[str, Problem]:
    with pytest.raises(ModelkeelError) as caught:
        load(tmp_path, text, *data)
    assert caught.value.exit_code is ExitCode.USAGE
    return {problem.what: problem for problem in caught.value.problems}


def only(tmp_path: Path, text: str, *data: str) -> Problem:
    (problem,) = problems(tmp_path, text, *data).values()
    return problem


def test_what_a_file_leaves_out_takes_its_default(tmp_path: Path) -> None:
    loaded = load(tmp_path, GOOD)

    assert (loaded.project_name, loaded.archetype, loaded.regions) == ("churn", "tabular_batch", ("us-east-1",))


def test_flags_win_over_the_file_and_the_file_over_the_preset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    preset = tmp_path / "preset.yml"
    preset.write_text(GOOD + "peak_rps: 1\np99_ms: 100\npayload_kb: 1\n", encoding="utf-8")
    monkeypatch.setattr("modelkeel.answers.loading.presets", lambda: {"small": preset})
    file = tmp_path / "answers.yml"
    file.write_text("p99_ms: 200\npayload_kb: 2\n", encoding="utf-8")

    loaded = answers.load(file, preset="small", data=["payload_kb=3"])

    assert (loaded.peak_rps, loaded.p99_ms, loaded.payload_kb) == (1, 200, 3)


def test_an_unknown_preset_names_the_close_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelkeel.answers.loading.presets", lambda: {"tabular_batch": tmp_path})

    with pytest.raises(ModelkeelError, match="--preset tabular_batch"):
        answers.load(preset="tabular_bach")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError) as caught:
        answers.load(tmp_path / "none.yml")

    (problem,) = caught.value.problems
    assert problem.what == "the answers file does not exist"
    assert str(tmp_path / "none.yml") in problem.got


def test_a_folder_is_no_answers_file(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError, match="cannot be read"):
        answers.load(tmp_path)


@pytest.mark.parametrize("text", ["a: [1, 2", "a: b: c", "\tx: 1", "%", "a: !!python/object:os.system x", "- - - :"])
def test_what_is_not_yaml_says_where(tmp_path: Path, text: str) -> None:
    problem = only(tmp_path, text)

    assert problem.what in {"the answers file is not YAML", "the answers file does not hold answers"}
    assert problem.location.startswith(str(tmp_path))


@pytest.mark.parametrize("text", ["[1, 2]", "just text", "42"])
def test_a_file_must_hold_a_mapping(tmp_path: Path, text: str) -> None:
    assert only(tmp_path, text).what == "the answers file does not hold answers"


def test_bytes_that_are_no_text_say_so(tmp_path: Path) -> None:
    path = tmp_path / "answers.yml"
    path.write_bytes(b"a: \xff\xfe")

    with pytest.raises(ModelkeelError, match="not UTF-8"):
        answers.load(path)


def test_a_question_answered_twice_names_both_lines(tmp_path: Path) -> None:
    problem = only(tmp_path, GOOD + "peak_rps: 1\npeak_rps: 2\n")

    assert problem.what == "peak_rps is answered twice"
    assert problem.got == "also in line 7"
    assert problem.location.endswith("answers.yml:8")


def test_all_problems_come_at_once_with_their_lines(tmp_path: Path) -> None:
    found = problems(tmp_path, GOOD + "peek_rps: 1\nmodel_family: gdbt\np99_ms: fast\nproject_name: churn\n")

    assert {what: problem.location.rpartition(":")[2] for what, problem in found.items()} == {
        "project_name is answered twice": "10",
        "there is no question 'peek_rps'": "7",
        "model_family is not one of the choices": "8",
        "p99_ms must be a whole number": "9",
    }
    assert found["there is no question 'peek_rps'"].fix == "did you mean peak_rps?"
    assert found["model_family is not one of the choices"].fix == "did you mean gbdt?"


def test_a_wrong_entry_of_a_list_points_at_its_line(tmp_path: Path) -> None:
    problem = only(tmp_path, GOOD + "frameworks:\n  - soc2\n  - hippa\n")

    assert problem.what == "frameworks.1 is not one of the choices"
    assert problem.location.endswith(":9")
    assert problem.fix == "did you mean hipaa?"


def test_text_where_a_list_belongs_shows_how_to_write_it(tmp_path: Path) -> None:
    problem = only(tmp_path, GOOD + "frameworks: soc2\n")

    assert problem.fix == "write it as a list: frameworks: [soc2]"


def test_everything_that_is_missing_is_listed_with_type_and_flag() -> None:
    with pytest.raises(ModelkeelError) as caught:
        answers.load()

    flags = [problem.fix for problem in caught.value.problems]
    assert [flag.split()[2].partition("=")[0] for flag in flags] == [
        "project_name",
        "owner_email",
        "account_ids",
        "monthly_budget_usd",
    ]
    assert all(problem.allowed for problem in caught.value.problems)


def test_the_flags_that_are_offered_for_missing_answers_are_accepted(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError) as caught:
        answers.load()
    flags = [problem.fix.removeprefix("add --data ").replace("'", "") for problem in caught.value.problems]

    loaded = answers.load(data=[*flags, "environments=prod", "account_model=single"])

    assert loaded.account_ids == {"prod": "111111111111"}


@pytest.mark.parametrize(
    ("flag", "name", "value"),
    [
        ("peak_rps=7", "peak_rps", 7),
        ("checkpoints=false", "checkpoints", False),
        ("max_gap=0.25", "max_gap", 0.25),
        ("cost_center=0815", "cost_center", "0815"),
        ("availability=99.0", "availability", "99.0"),
        ("frameworks=gdpr,soc2", "frameworks", ("soc2", "gdpr")),
        ("frameworks=[gdpr]", "frameworks", ("gdpr",)),
        ("frameworks=", "frameworks", ()),
        ("ingestion+=kinesis", "ingestion", ("batch_s3", "kinesis")),
        ("monthly_budget_usd.prod=9", "monthly_budget_usd", {"prod": 9}),
        ("monthly_budget_usd=prod=9", "monthly_budget_usd", {"prod": 9}),
        ("account_ids={prod: 222222222222}", "account_ids", {"prod": "222222222222"}),
    ],
)
def test_a_flag_is_read_by_the_type_of_its_question(tmp_path: Path, flag: str, name: str, value: object) -> None:
    loaded = load(tmp_path, GOOD + "events_per_sec: 5\nregions: [eu-west-1]\n", flag)

    assert getattr(loaded, name) == value


@pytest.mark.parametrize(
    ("flag", "what"),
    [
        ("peak_rps", "--data takes key=value"),
        ("=3", "--data takes key=value"),
        ("peek_rps=3", "there is no question 'peek_rps'"),
        ("peak_rps+=3", "peak_rps is no list"),
        ("peak_rps.prod=3", "peak_rps is no map"),
        ("peak_rps=three", "peak_rps must be a whole number"),
        ("peak_rps=0", "peak_rps is outside its limits"),
        ("peak_rps=true", "peak_rps must be a whole number"),
        ("model_params_b=true", "model_params_b must be a number"),
        ("max_gap=yes", "max_gap must be a number"),
        ("checkpoints=maybe", "checkpoints must be true or false"),
        ("account_ids.prod=12", "account_ids.prod is no AWS account id"),
        ("project_name=Ärger", "project_name is not written as it must be"),
        ("project_name=a-", "project_name is too short: the limit is 3 characters"),
        ("project_name=aaaaaaaaaaaaaaaaaaaaaaaaa", "project_name is too long: the limit is 24 characters"),
        ("owner_email=nobody", "owner_email is not written as it must be"),
        ("data_volume=lots", "data_volume is not written as it must be"),
        ("environments=[]", "environments needs 1 entry at least"),
        ("monthly_budget_usd.prod=0", "monthly_budget_usd.prod is outside its limits"),
    ],
)
def test_a_wrong_flag_says_what_is_wrong(tmp_path: Path, flag: str, what: str) -> None:
    assert only(tmp_path, GOOD, flag).what == what


@pytest.mark.parametrize(("text", "value"), [("off", "off"), ("'off'", "off"), ("auto", "auto")])
def test_a_bare_off_is_the_word(tmp_path: Path, text: str, value: str) -> None:
    """YAML reads it as false."""
    assert load(tmp_path, GOOD + f"capture: {text}\nobject_lock: {text}\n").object_lock == value


@pytest.mark.parametrize("text", ["99.9", "'99.9'"])
def test_a_bare_percent_is_the_choice(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, GOOD + f"availability: {text}\n").availability == "99.9"


def test_sets_are_kept_in_one_order(tmp_path: Path) -> None:
    """Which framework was typed first must not change the digest, nor what copier stores."""
    first = load(tmp_path, GOOD + "frameworks: [gdpr, soc2]\nregions: [eu-west-1]\n")
    second = load(tmp_path, GOOD + "regions: [eu-west-1]\nframeworks: [soc2, gdpr]\n")

    assert answers.digest(first) == answers.digest(second)
    assert answers.flat(first)["frameworks"] == ["soc2", "gdpr"]


def test_the_digest_changes_with_any_answer(tmp_path: Path) -> None:
    assert answers.digest(load(tmp_path, GOOD)) != answers.digest(load(tmp_path, GOOD, "p99_ms=501"))


def test_flat_answers_load_again_as_the_same_answers(tmp_path: Path) -> None:
    loaded = load(tmp_path, GOOD)

    assert answers.Answers.model_validate(answers.flat(loaded)) == loaded


@given(st.text(max_size=200))
def test_no_text_ends_in_anything_but_answers_or_problems(text: str) -> None:
    found = document.parse(text, "answers.yml")

    assert found.problems or isinstance(dict(found.values), dict)


def test_an_alias_that_repeats_itself_ends(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(20)
    )

    assert "there is no question 'a'" in problems(tmp_path, bomb)
