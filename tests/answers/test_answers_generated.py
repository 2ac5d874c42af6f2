"""The files that are made from the questions are the committed ones."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from modelkeel import answers
from modelkeel.answers.question import GROUPS
from modelkeel.answers.schema import questions
from modelkeel.generate import GENERATED

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(ROOT.glob("examples/*/answers.yml"))


@pytest.mark.parametrize(
    "name", ["copier.yml", "docs/reference/answers.md", "src/modelkeel/schemas/answers.schema.json"]
)
def test_a_committed_file_is_what_the_questions_give(name: str) -> None:
    """`make generate` renews it."""
    assert (ROOT / name).read_text(encoding="utf-8") == GENERATED[name]()


def test_every_question_is_complete() -> None:
    for question in questions().values():
        assert question.help.endswith((".", ")")), question.name
        assert question.changes.endswith("."), question.name
        assert question.group in GROUPS
        assert question.required == (question.default is None)
        assert not question.required or question.example is not None, question.name


def test_a_condition_names_another_question_and_its_choices() -> None:
    for question in questions().values():
        for other, values in question.when.items():
            assert set(values) <= set(questions()[other].choices), question.name


def test_quick_mode_asks_few_questions() -> None:
    assert 15 <= sum(question.quick for question in questions().values()) <= 24
    assert all(question.quick for question in questions().values() if question.required)


def test_the_schema_is_draft_07() -> None:
    schema = answers.json_schema()

    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in json.dumps(schema)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_satisfies_the_schema_and_loads(path: Path) -> None:
    jsonschema.Draft7Validator(answers.json_schema()).validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    assert answers.load(path).archetype == path.parent.name


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_an_example_points_editors_at_the_schema(path: Path) -> None:
    modeline = path.read_text(encoding="utf-8").splitlines()[0]

    target = (path.parent / modeline.partition("$schema=")[2]).resolve()
    assert modeline.startswith("# yaml-language-server: $schema=")
    assert target == ROOT / "src/modelkeel/schemas/answers.schema.json"


def test_the_schema_refuses_what_the_model_refuses() -> None:
    validator = jsonschema.Draft7Validator(answers.json_schema())
    good = yaml.safe_load(EXAMPLES[0].read_text(encoding="utf-8"))

    for change in ({"peek_rps": 1}, {"peak_rps": "1"}, {"model_family": "gdbt"}, {"project_name": "A"}):
        assert not validator.is_valid({**good, **change}), change


def test_copier_asks_the_same_questions() -> None:
    """The plan comes first, so that a copy without one ends at once; the texts are never stored."""
    document = yaml.safe_load(answers.copier_yml())
    asked = [name for name in document if not name.startswith("_")]

    assert asked[:2] == ["plan", "prose"]
    assert asked[-len(questions()) :] == list(questions())
    assert document["prose"]["when"] is False
    assert "when" not in document["plan"]
    assert not {"_tasks", "_jinja_extensions", "_migrations", "_external_data"} & set(document)
