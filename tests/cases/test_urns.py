"""No URN of an example changes unseen: whoever changes one renews the files by `make urns` and has them reviewed."""

import pytest
import repositories
from cases import urns


@pytest.mark.slow
@pytest.mark.parametrize("example", repositories.EXAMPLES)
def test_a_resource_keeps_its_urn(example: str) -> None:
    kept = (urns.KEPT / f"{example}.txt").read_text(encoding="utf-8")

    assert kept.splitlines() == urns.of_example(example).splitlines()
