"""What the cases of a process share: a folder, and a provider process where a build is at hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cases.workbench import Workbench

from modelkeel import provider
from modelkeel.errors import ModelkeelError


@pytest.fixture(scope="session")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench(tmp_path_factory.mktemp("workbench"))


@pytest.fixture(scope="session")
def judge() -> Iterator[provider.Judge | None]:
    """The real provider, None where no build of it is found: the rest of a case holds without it."""
    try:
        build = provider.at_hand()
    except ModelkeelError:
        yield None
        return
    with provider.Judge(build) as judge:
        yield judge
