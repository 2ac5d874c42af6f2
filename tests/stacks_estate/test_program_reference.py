"""The page of the programs tells every key that a stack is given and every export that it gives."""

import re
from pathlib import Path

import pytest
from stacks_estate.estate import hardest

from modelkeel.report import programs

STACKS = Path(__file__).resolve().parents[2] / "stacks"


def test_every_key_says_what_it_means() -> None:
    files = [STACKS / "settings.py", *sorted(STACKS.glob("*/*settings.py"))]

    assert [(path.parent.name, key.name) for path in files for key in programs.keys(path) if not key.meaning] == []


@pytest.mark.slow
def test_every_recorded_export_is_on_the_page() -> None:
    """What a program computes stands in angle brackets there."""
    unknown = []
    for stack in hardest("aws").stacks:
        patterns = [re.sub(r"<[^>]*>", ".+", name) for name in programs.exports(STACKS / stack.program)]
        unknown += [name for name in stack.exports if not any(re.fullmatch(row, name) for row in patterns)]

    assert unknown == []


def test_a_key_without_a_docstring_is_shown_without_meaning(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(
        "@dataclass(frozen=True)\nclass DataSettings:\n    days: int = 3\n    size: str\n    '''How\n    large.'''"
    )

    assert [("days", "int", "3", ""), ("size", "str", "", "How large.")] == [
        (key.name, key.type, key.default, key.meaning) for key in programs.keys(tmp_path / "settings.py")
    ]
