"""What every test finds: a terminal of no particular width, as in a pipe."""

import pytest


@pytest.fixture(autouse=True)
def _no_terminal_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that wants a width sets it; the runner's own must not change what is printed."""
    monkeypatch.delenv("COLUMNS", raising=False)
