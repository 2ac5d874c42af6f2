"""What every test finds: a terminal of no particular width, and the same examples in every run of CI."""

import os
import shutil
import tempfile

import pytest
import repositories
from hypothesis import settings

# A change must not fail for an example that another change did not meet; at a desk, new ones are sought each time.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_configure(config: pytest.Config) -> None:
    """Give the workers of this run one folder for what they record; workers inherit its name."""
    if not hasattr(config, "workerinput"):
        os.environ[repositories.SHARED] = tempfile.mkdtemp(prefix="modelkeel-recordings-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove that folder when the last worker has ended."""
    if not hasattr(config, "workerinput") and (folder := os.environ.pop(repositories.SHARED, None)):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_terminal_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that wants a width sets it; the runner's own must not change what is printed."""
    monkeypatch.delenv("COLUMNS", raising=False)
