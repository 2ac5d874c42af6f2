"""Every call of the Pulumi CLI in a generated repository is one that its pages describe: a dated table says which."""

import ast
import datetime
import re
import shlex
from pathlib import Path

import pytest
from template.conftest import PROJECT, texts
from tests.infra.pulumi_cli import COMMANDS, SWITCHES, TABLE

TEXTS = ("fraud", "guided", "unfinished", "block", "maintenance", "platform", "on-call")
OPERATIONS = PROJECT / "operations" / "pulumi.py"


def _used_by_operations() -> set[str]:
    tree = ast.parse(OPERATIONS.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _calls(case: str) -> set[tuple[str, str]]:
    """Return the calls of Pulumi in what a team reads and runs, with the file that each stands in."""
    found = set()
    for path, text in texts(case, ".md", ".sh", ".mk", ".yml", "Makefile").items():
        for match in re.finditer(r"(?<![\w/.])pulumi (?:-C [\w/<>$\"{}.]+ )?[a-z][^`\n|)]*", text):
            found.add((path, match[0].rstrip(" ;:.,")))
    return found


def test_the_table_is_dated_sorted_and_tells_what_each_command_does() -> None:
    names = [row["name"] for row in TABLE["command"]]

    assert isinstance(TABLE["checked"], datetime.date)
    assert names == sorted(names)
    assert all(row["flags"] == sorted(row["flags"]) and row["does"] for row in TABLE["command"])


def test_operations_uses_no_flag_that_is_not_in_the_table() -> None:
    known = {flag for row in TABLE["command"] for flag in row["flags"]} | set(TABLE["everywhere"])
    used = {word for word in _used_by_operations() if re.fullmatch(r"--?[A-Za-z-]+", word)}

    assert {"--ignore-protect", "--exclude-protected", "--preserve-config", "--expect-no-changes"} <= used
    assert used <= known


def test_the_cli_that_is_asked_for_knows_every_flag() -> None:
    page = texts("fraud", "config/data/Pulumi.yaml")["config/data/Pulumi.yaml"]

    assert f'requiredPulumiVersion: ">={TABLE["requires"]}"' in page


def test_a_switch_is_one_in_every_command_that_has_it() -> None:
    assert {flag for row in TABLE["command"] for flag in row["flags"]} >= SWITCHES - {"--non-interactive"}


@pytest.mark.parametrize("case", TEXTS)
def test_every_call_that_a_team_reads_or_runs_is_in_the_table(case: str) -> None:
    for path, call in _calls(case):
        words = [word for word in shlex.split(call.replace("'", "").replace('"', "")) if word]
        words = words[3:] if words[1:2] == ["-C"] else words[1:]
        name = max((name for name in COMMANDS if words[: len(name.split())] == name.split()), key=len, default="")
        if not name and path.endswith((".yml", ".mk")):
            continue
        assert name, f"{path}: {call}"
        flags = {word.partition("=")[0] for word in words if re.match(r"--?[A-Za-z]", word)}
        assert flags <= {*COMMANDS[name]["flags"], *TABLE["everywhere"]}, f"{path}: {call}"


def test_the_template_has_no_other_module_that_starts_it() -> None:
    starts = [path.name for path in Path(PROJECT / "operations").glob("*.py") if "which(" in path.read_text("utf-8")]

    assert starts == [OPERATIONS.name]
