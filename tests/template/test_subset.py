"""What the template may use: nothing that needs --trust, no logic to follow, names that every system takes."""

import re
from pathlib import Path, PureWindowsPath

import pytest
import yaml
from template.conftest import LINKS, PROJECT, ROOT, template_files

TAG = re.compile(r"{%-?\s*(\w+)(.*?)-?%}", re.DOTALL)
FILTERS = {
    "capitalize",
    "default",
    "dictsort",
    "indent",
    "join",
    "length",
    "map",
    "max",
    "rejectattr",
    "replace",
    "to_json",
    "to_nice_yaml",
    "tojson",
    "trim",
}
MAX_TAGS_PER_100_LINES, MAX_TAGS = 4, 10


def text_of(path: Path) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


TEMPLATES = [path for path in template_files() if path.suffix == ".jinja"]
SETTINGS = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))


def test_copier_never_asks_for_trust() -> None:
    assert {"_tasks", "_migrations", "_jinja_extensions", "_external_data"} & set(SETTINGS) == set()


def test_every_question_has_a_default() -> None:
    """A question without one stops every update until somebody answers it."""
    questions = {name: entry for name, entry in SETTINGS.items() if not name.startswith("_")}

    assert [name for name, entry in questions.items() if "default" not in entry] == []


def test_the_two_links_are_the_only_ones() -> None:
    assert sorted(path.name for path in PROJECT.rglob("*") if path.is_symlink()) == sorted(LINKS)


@pytest.mark.parametrize("path", template_files(), ids=str)
def test_a_name_is_one_that_windows_takes(path: Path) -> None:
    for part in path.parts:
        assert not re.search(r'[<>:"|?*\\]', part)
        assert part == part.rstrip(". ")
        assert not PureWindowsPath(part).is_reserved()


@pytest.mark.parametrize("path", template_files(), ids=str)
def test_a_name_branches_on_one_word_and_repeats_for_programs_and_teams_only(path: Path) -> None:
    for part in path.parts:
        for tag, rest in TAG.findall(part):
            if tag == "if":
                assert re.fullmatch(r"plan\.words\.\w+", rest.strip())
            elif tag == "yield":
                assert path.parts[0] in {"config", "{% if plan.words.is_platform %}teams{% endif %}"}
            else:
                assert tag in {"endif", "endyield"}


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_file_holds_values_and_loops_and_few_of_them(path: Path) -> None:
    """Branches belong into names of files and folders: then a reader sees whole files."""
    tags = [tag for tag, _ in TAG.findall(text_of(path))]

    assert set(tags) <= {"for", "endfor"}
    assert len(tags) <= MAX_TAGS


def test_control_tags_are_rare() -> None:
    lines = sum(text_of(path).count("\n") for path in TEMPLATES)
    tags = sum(len(TAG.findall(text_of(path))) for path in TEMPLATES)

    assert tags * 100 / lines <= MAX_TAGS_PER_100_LINES


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_only_filters_that_our_renderer_and_copier_share_are_used(path: Path) -> None:
    inside = " ".join(re.findall(r"{[{%](.*?)[%}]}", re.sub(r"\"[^\"]*\"|'[^']*'", "''", text_of(path)), re.DOTALL))

    assert set(re.findall(r"\|\s*(\w+)", inside)) <= FILTERS


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_texts_stand_only_in_what_an_update_by_copier_alone_leaves_out(path: Path) -> None:
    """Copier has no texts then: such a file would come out empty."""
    kept = str(path) in {"README.md.jinja", "DECISIONS.md.jinja"} or path.parts[0] == "governance"

    assert kept or "prose." not in text_of(path)
