from pathlib import Path

import pytest

from modelkeel.errors import ExitCode, ModelkeelError
from modelkeel.render import render

SETTINGS = """\
_subdirectory: template
_templates_suffix: .jinja
_envops: {keep_trailing_newline: true}
_exclude: []
"""


def template(folder: Path, files: dict[str, str]) -> Path:
    (folder / "template").mkdir()
    (folder / "copier.yml").write_text(SETTINGS, encoding="utf-8")
    for name, text in files.items():
        (folder / "template" / name).write_text(text, encoding="utf-8")
    return folder


def test_a_value_that_is_missing_is_named_with_its_line(tmp_path: Path) -> None:
    root = template(tmp_path, {"a.txt.jinja": "fine\n{{ plan.nothing }}\n"})

    with pytest.raises(ModelkeelError, match="'dict object' has no attribute 'nothing'") as caught:
        render({"plan": {}}, root)

    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert caught.value.problems[0].location.endswith("a.txt.jinja:2")


def test_a_template_that_does_not_compile_is_named_with_its_line(tmp_path: Path) -> None:
    root = template(tmp_path, {"a.txt.jinja": "fine\n{% if %}\n"})

    with pytest.raises(ModelkeelError) as caught:
        render({}, root)

    assert caught.value.problems[0].location.endswith("a.txt.jinja:2")


def test_two_sources_of_one_file_are_refused(tmp_path: Path) -> None:
    """In copier the order of the disk decides."""
    root = template(tmp_path, {"{{ name }}.txt": "one", "x.txt": "two"})

    with pytest.raises(ModelkeelError, match=r"x\.txt"):
        render({"name": "x"}, root)


def test_a_missing_template_says_to_install_again(tmp_path: Path) -> None:
    with pytest.raises(ModelkeelError, match="install modelkeel again"):
        render({}, tmp_path)
