"""Every mutant of a clean example is caught by the control that it breaks."""

from pathlib import Path

import pytest
import repositories

from benchmarks import mutate_graphs
from policies import control

pytestmark = pytest.mark.slow
PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "what-the-controls-catch.md"


def test_every_mutant_of_an_example_is_caught() -> None:
    tabular = repositories.example("tabular_batch")
    found = mutate_graphs.score(repositories.recorded(tabular, "prod", approved=True))

    assert [(mutant.control, mutant.what) for mutant in found.missed] == []
    assert found.mutants > 400
    assert len(found.controls) > 60


def test_each_control_has_a_way_to_break_it() -> None:
    """A control without a difference would never be mutated, whatever the graph."""
    broken = {each.control for each in mutate_graphs.differences() if each.changed or each.removed or each.added}

    assert {row.id for row in control.load()} - broken == set()
