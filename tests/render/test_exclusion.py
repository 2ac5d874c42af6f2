"""The subset of gitignore that we read; pathspec, which copier uses, is the judge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import PathSpec

from modelkeel.render.exclusion import Exclusion

NAMES = ("stacks", "data", "__pycache__", ".git", ".github", "module.pyc", "module.py", "datalake", "ab")
PATTERNS = ("__pycache__", "*.py[co]", ".git", ".DS_Store", "stacks/data", "data", "stacks/*", "d*", "a?", "")


@given(
    st.lists(st.sampled_from(PATTERNS), max_size=4),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
)
def test_the_same_paths_are_left_out_as_by_copier(patterns: list[str], parts: list[str]) -> None:
    """Copier asks about each folder on the way down, and does not enter one that is left out."""
    theirs = PathSpec.from_lines("gitignore", patterns)
    on_the_way = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]

    assert Exclusion(patterns).matches(tuple(parts)) == any(theirs.match_file(path) for path in on_the_way)


@pytest.mark.parametrize("pattern", ["!kept", "# comment", "a/**/b", "folder/", " space", "\\!x"])
def test_what_is_outside_the_subset_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="outside the subset"):
        Exclusion([pattern])
