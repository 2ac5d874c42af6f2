"""Programs of one process may share what they import: nothing else changes, and a changed file is read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import repositories

from modelkeel import graph, record

COUNTING = """
    from stacks.counting import count
    pulumi.export("count", count())
"""
COUNTER = "from itertools import count as _count\n_numbers = _count({})\ndef count(): return next(_numbers)\n"


def counted(repository: Any, isolation: str) -> Any:
    return repository.record(isolation=isolation).stacks[0].exports["count"]


@pytest.fixture
def counting(repository: Any) -> Any:
    repository.program("data", COUNTING)
    repository.write("stacks/counting.py", COUNTER.format(1))
    return repository


def test_modules_stay_where_that_was_asked_for(counting: Any) -> None:
    assert [counted(counting, "none") for _ in range(2)] == [1, 1]
    assert [counted(counting, "shared") for _ in range(2)] == [1, 2]
    assert counted(counting, "none") == 1


def test_a_changed_file_is_imported_anew(counting: Any) -> None:
    counted(counting, "shared")
    counting.write("stacks/counting.py", COUNTER.format(10))

    assert counted(counting, "shared") == 10


@pytest.mark.slow
def test_the_programs_of_an_example_register_the_same_either_way(tmp_path: Path) -> None:
    repositories.written(repositories.example("tabular_batch"), tmp_path / "project")
    apart = record.project(tmp_path / "project", environment="prod", talk=lambda _: None)

    assert [graph.dumps(repositories.registered(tmp_path / "project", "prod")) for _ in range(2)] == [
        graph.dumps(apart)
    ] * 2
