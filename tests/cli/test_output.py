"""The grammar of `--output`."""

from pathlib import Path

import pytest

from modelkeel.cli import output
from modelkeel.errors import ExitCode, ModelkeelError

FORMATS = ("text", "json")


def test_nothing_asked_for_means_text_on_standard_output() -> None:
    assert output.parse(None, FORMATS) == (output.Output("text", None),)


def test_several_outputs_are_kept_in_order() -> None:
    asked = output.parse(["json=a.json", "text"], FORMATS)

    assert asked == (output.Output("json", Path("a.json")), output.Output("text", None))


@pytest.mark.parametrize("specs", [["jason"], ["json="], ["text", "json"], ["json=a", "text=a"], [""]])
def test_a_wrong_output_is_a_usage_error(specs: list[str]) -> None:
    with pytest.raises(ModelkeelError) as caught:
        output.parse(specs, FORMATS)

    assert caught.value.exit_code == ExitCode.USAGE


def test_a_file_that_cannot_be_written_is_an_environment_error_and_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "missing" / "out.txt"

    with pytest.raises(ModelkeelError) as caught:
        output.emit([output.Output("text", target)], {"text": lambda: "x"})

    assert caught.value.exit_code == ExitCode.ENVIRONMENT
    assert list(tmp_path.iterdir()) == []


def test_a_file_output_replaces_the_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("a much longer text than before", encoding="utf-8")

    output.emit([output.Output("text", target)], {"text": lambda: "short"})

    assert target.read_text(encoding="utf-8") == "short"
    assert [target] == list(tmp_path.iterdir())


def test_colours_are_for_terminals_and_stay_out_of_files(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"

    output.emit([output.Output("text", target)], {"text": lambda: "\x1b[1;31mviolation\x1b[0m"})

    assert target.read_text(encoding="utf-8") == "violation"
