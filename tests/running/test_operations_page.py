"""The page on running it names only commands that exist."""

import re

from template.conftest import texts

# Subcommands of the Pulumi CLI that the page uses: https://www.pulumi.com/docs/iac/cli/commands/, read 2026-11-25.
PULUMI = {
    "cancel": {"--stack", "--yes"},
    "refresh": {"--stack"},
    "stack export": {"--stack", "--file"},
    "stack change-secrets-provider": {"--stack"},
    "import": {"--stack"},
    "state move": {"--source", "--dest"},
}


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


def test_its_calls_of_pulumi_are_known_to_the_cli() -> None:
    calls = [line.removeprefix("pulumi -C config/data ") for line in _commands() if line.startswith("pulumi ")]

    assert len(calls) >= 7
    for call in calls:
        name = max((name for name in PULUMI if call.startswith(name)), key=len)
        assert set(re.findall(r"--[a-z-]+", call)) <= PULUMI[name], call
