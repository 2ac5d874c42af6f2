"""The page on running it names only commands that exist."""

import re

from template.conftest import texts


def _commands() -> list[str]:
    page = texts("fraud", "docs/operations.md")["docs/operations.md"]
    blocks = re.findall(r"^```\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


def test_its_targets_are_those_of_the_makefile() -> None:
    makefile = texts("fraud", "Makefile")["Makefile"]
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    used = {line.split()[1] for line in _commands() if line.startswith("make ")}

    assert used == {"preview", "up", "verify", "drift", "destroy"}
    assert used <= targets
