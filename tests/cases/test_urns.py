"""No URN of an example changes unseen: whoever changes one renews the files by `make urns` and has them reviewed."""

from pathlib import Path

import pytest
from cases import urns


@pytest.mark.slow
@pytest.mark.parametrize("example", urns.EXAMPLES)
def test_a_resource_keeps_its_urn(example: str, tmp_path: Path) -> None:
    kept = (urns.KEPT / f"{example}.txt").read_text(encoding="utf-8")

    assert kept.splitlines() == urns.of_example(example, tmp_path / "project").splitlines()
