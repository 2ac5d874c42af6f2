"""The reference page of the command line."""

from pathlib import Path

from modelkeel.cli.reference import cli_md

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cli.md"


def test_the_page_is_up_to_date() -> None:
    """`make generate` renews it."""
    assert PAGE.read_text(encoding="utf-8") == cli_md()


def test_each_command_is_shown_with_its_options() -> None:
    page = cli_md()

    assert "## modelkeel quotas\n\n```\nmodelkeel quotas [DIRECTORY] [OPTIONS]\n```\n" in page
    assert "| `--live` | Compare with the account of your AWS credentials; exit 1 when it is short. |" in page
    assert "| `--against FILE` |" in page
    assert "| `[DIRECTORY]` | The generated repository. Default: `.`. |" in page
    assert "modelkeel explain KEY [DIRECTORY] [OPTIONS]" in page
