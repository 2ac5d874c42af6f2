"""What is derived from the code is what the code says today."""

from pathlib import Path

import pytest

from modelkeel.generate import GENERATED

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(GENERATED))
def test_a_generated_file_is_up_to_date(name: str) -> None:
    """`make generate` writes it."""
    assert GENERATED[name]() == (ROOT / name).read_text(encoding="utf-8")
