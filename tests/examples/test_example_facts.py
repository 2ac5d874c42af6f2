"""What the two first examples promise: how much they build, that nothing is wrong with it, and what it costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import repositories

from modelkeel import cost, diagram, findings, graph
from modelkeel.graph import Graph
from modelkeel.plan import Plan
from modelkeel.report import bill as bill_text
from modelkeel.report import preview as preview_text

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
FRAUD, TABULAR = "fraud_realtime", "tabular_batch"
ENVIRONMENTS = [(FRAUD, "dev"), (FRAUD, "staging"), (FRAUD, "prod"), (TABULAR, "prod")]
PROGRAMS = {"account", "identity", "foundation", "data", "training", "serving", "monitoring", "governance"}
everywhere = pytest.mark.parametrize(("example", "environment"), ENVIRONMENTS)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A repository written from an example's answers, and what its programs register."""

    folder: Path
    planned: Plan
    graphs: dict[str, Graph]
    served: Graph
    """Production with an approved model."""


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Example]:
    return {name: _example(name, tmp_path_factory.mktemp(name)) for name in (FRAUD, TABULAR)}


def _example(name: str, folder: Path) -> Example:
    made = repositories.example(name)
    return Example(
        folder=folder,
        planned=repositories.written(made, folder),
        graphs={environment: repositories.recorded(made, environment) for environment in made.environments},
        served=repositories.recorded(made, "prod", approved=True),
    )


def _size(found: Graph) -> int:
    return sum(1 for _, resource in found.resources() if resource.is_aws)


def _without_identity(found: Graph) -> int:
    return sum(1 for stack, resource in found.resources() if resource.is_aws and stack.program != "identity")


def _found(example: Example, environment: str) -> Iterator[tuple[str, str]]:
    policies = example.folder / "policies"
    for each in findings.check(example.graphs[environment], policies).findings:
        yield each.result, f"{each.control.id}: {each.message}"


def test_card_fraud_stands_on_eight_programs(examples: dict[str, Example]) -> None:
    production = examples[FRAUD].graphs["prod"]

    assert {stack.program for stack in production.stacks} == PROGRAMS
    assert _size(production) >= 150


@everywhere
def test_nothing_is_wrong_and_nothing_is_waived(example: str, environment: str, examples: dict[str, Example]) -> None:
    results = list(_found(examples[example], environment))

    assert [said for result, said in results if result != "pass"] == []
    assert Counter(result for result, _ in results)["pass"] > 400


def test_the_served_model_is_governed_too(examples: dict[str, Example]) -> None:
    for example in examples.values():
        found = findings.check(example.served, example.folder / "policies").findings
        assert [each.message for each in found if each.result != "pass"] == []


def test_a_small_team_gets_little_more_than_half_of_it(examples: dict[str, Example]) -> None:
    """Before a model is approved, and after. People's roles are the same for both; the rest is less than half."""
    fraud, tabular = examples[FRAUD], examples[TABULAR]

    assert _size(tabular.graphs["prod"]) < 0.55 * _size(fraud.graphs["prod"])
    assert _size(tabular.served) < 0.55 * _size(fraud.served)
    assert _without_identity(tabular.served) * 2 < _without_identity(fraud.served)


def test_a_small_team_pays_less_than_a_fifth(examples: dict[str, Example]) -> None:
    large, small = (cost.price(examples[name].served).totals.base for name in (FRAUD, TABULAR))

    assert small * 5 < large


def test_card_fraud_stays_within_its_budget(examples: dict[str, Example]) -> None:
    assert cost.price(examples[FRAUD].graphs["prod"]).totals.base < 18_000
    assert cost.price(examples[FRAUD].served).totals.base < 18_000


@everywhere
def test_everything_has_a_price(example: str, environment: str, examples: dict[str, Example]) -> None:
    assert cost.price(examples[example].graphs[environment]).unpriced == ()


@everywhere
def test_the_same_answers_give_the_same_bytes(
    example: str, environment: str, examples: dict[str, Example], tmp_path: Path
) -> None:
    """The graph and its picture, in another folder."""
    repositories.written(repositories.example(example), tmp_path / "again")
    again, first = repositories.registered(tmp_path / "again", environment), examples[example].graphs[environment]

    assert graph.dumps(again) == graph.dumps(first)
    assert diagram.svg(again) == diagram.svg(first)


def test_the_readme_shows_what_the_example_is_today(examples: dict[str, Example]) -> None:
    """`make readme` writes the picture and prints the figures to put in."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = examples[FRAUD].graphs["prod"]
    sums = [line.rstrip() for line in bill_text.render(cost.price(found)).splitlines()[:11]]

    shown = [line.rstrip() for line in preview_text.render(found).splitlines()[:11]]

    assert "\n".join(shown) in readme
    assert "\n".join(sums) in readme
    assert (ROOT / "docs/images/fraud_realtime-prod.svg").read_text(encoding="utf-8") == diagram.svg(found)
