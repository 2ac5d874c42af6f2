"""What every test finds: a terminal of no particular width, and the same examples in every run of CI."""

import os

import pytest
from hypothesis import settings

# A change must not fail for an example that another change did not meet; at a desk, new ones are sought each time.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture(autouse=True)
def _no_terminal_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that wants a width sets it; the runner's own must not change what is printed."""
    monkeypatch.delenv("COLUMNS", raising=False)
