"""The table of replacements against the real provider, on pairs of answers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import pytest
import repositories

from modelkeel import answers, change, provider
from modelkeel.graph import Graph

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "arn:aws:sagemaker:eu-west-1:333333333333:model-package/card-fraud-prod/1"
DIFFERENT: dict[str, tuple[str, ...]] = {
    "base": (),
    "network": ("network_cidr=10.64.0.0/16",),
    "batch": ("train_platform=aws_batch",),
    "faster": ("peak_rps=9000", "p99_ms=40"),
    "health": ("frameworks=[hipaa]", "egress=nat"),
    "modes": ("serving_mode=[realtime,async]", "feature_store=none"),
}


@pytest.fixture(scope="module")
def graphs() -> Mapping[str, Graph]:
    """The same environment of the same project, by what was answered; a model is approved in each."""
    found = {}
    for name, different in DIFFERENT.items():
        made = answers.load(ROOT / "examples" / "fraud_realtime" / "answers.yml", preset=None, data=different)
        found[name] = repositories.recorded(made, "prod", approved=True)
    return found


@pytest.mark.slow
@pytest.mark.wide
def test_the_table_names_every_replacement_that_the_provider_plans(
    build: provider.Binary, graphs: Mapping[str, Graph]
) -> None:
    """Thirty ordered pairs: without a provider at hand, nothing that it would replace is missed."""
    missed, replaced, pairs = [], 0, list(permutations(graphs, 2))
    with provider.Planner(build) as planner:
        for old, new in pairs:
            asked = change.compare(graphs[old], graphs[new], against=old, replacing=planner.replacing)
            told = change.compare(graphs[old], graphs[new], against=old)
            wanted = {row.urn: row.because for row in asked.rows if row.action == "replace"}
            got = {row.urn for row in told.rows if row.action == "replace"}
            replaced += len(wanted)
            missed += [f"{old} -> {new}: {urn} {because}" for urn, because in wanted.items() if urn not in got]

    assert len(pairs) >= 30
    assert replaced > 100
    assert missed == []
