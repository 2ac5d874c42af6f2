"""The pages of docs/reference/iam are what the policies say today."""

from __future__ import annotations

import pytest
import repositories
from iam.reference import FOLDER, page

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", repositories.EXAMPLES)
def test_a_page_is_up_to_date(name: str) -> None:
    """`make iam` writes it."""
    assert page(name) == (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def test_there_is_no_page_of_an_example_that_is_gone() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == list(repositories.EXAMPLES)
