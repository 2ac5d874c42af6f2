"""An environment in memory, and a `pulumi` that is found whether it is installed or not."""

from pathlib import Path

import pytest

from tests.infra.estate import Estate


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """A new account with nothing in it."""
    monkeypatch.setattr("shutil.which", lambda _: "pulumi")
    return Estate(tmp_path)


@pytest.fixture
def lived(estate: Estate) -> Estate:
    """An account in which the environment has lived."""
    estate.live()
    return estate
