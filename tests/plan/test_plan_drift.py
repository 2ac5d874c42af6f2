"""The drift job holds what a window brings, and proposes nothing where it does not run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from modelkeel import answers, plan
from modelkeel.tables.archetype import archetypes
from modelkeel.tables.instance import instances
from modelkeel.tables.seed import seed_of, seeds

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "template/project/src/{{ plan.package }}"


def made(example: str, *data: str) -> plan.Plan:
    return plan.build(answers.load(ROOT / f"examples/{example}/answers.yml", data=data))


def settings(planned: plan.Plan, program: str, environment: str) -> dict[str, object]:
    (stack,) = (row for row in planned.stacks if (row.program, row.stack) == (program, environment))
    return {key.partition(":")[2]: value for key, value in stack.config.items()}


def test_an_hour_of_card_payments_fits_on_the_disk_of_its_job() -> None:
    """2,000 a second, all captured, 5 kB each in Base64: 45.8 GiB an hour, which did not fit into 30."""
    watched = settings(made("fraud_realtime"), "monitoring", "prod")

    assert watched["drift_volume_gib"] == 69
    assert watched["drift_instance_type"] == "ml.m7i.large"


def test_a_nightly_table_keeps_the_smallest_job() -> None:
    watched = settings(made("tabular_batch"), "monitoring", "prod")

    assert (watched["drift_instance_type"], watched["drift_volume_gib"]) == ("ml.m7i.large", 30)


def test_a_large_nightly_table_fits_into_memory() -> None:
    watched = settings(made("tabular_batch", "training_data_gib=40"), "monitoring", "prod")

    assert instances()[str(watched["drift_instance_type"]).removeprefix("ml.")].memory_gib >= 160


def test_more_than_a_slow_network_carries_takes_a_faster_one() -> None:
    watched = settings(made("fraud_realtime", "peak_rps=6000"), "monitoring", "prod")

    assert instances()[str(watched["drift_instance_type"]).removeprefix("ml.")].vcpus >= 16


def test_the_jobs_instance_is_one_that_roles_may_use() -> None:
    planned = made("fraud_realtime", "peak_rps=6000")

    allowed = settings(planned, "identity", "prod")["training_instance_types"]

    assert isinstance(allowed, list)
    assert settings(planned, "monitoring", "prod")["drift_instance_type"] in allowed


def test_nothing_is_proposed_where_no_drift_job_runs() -> None:
    planned = made("fraud_realtime")

    for environment, watched in (("dev", False), ("staging", True), ("prod", True)):
        scheduled = "drift_schedule_expression" in settings(planned, "monitoring", environment)
        assert scheduled == settings(planned, "governance", environment)["retraining_proposal"] == watched


def figures(module: str, gate: str, archetype: str) -> set[str]:
    """Return the keys that a gate of the code that `archetype` starts from gives with its verdict."""
    names = {module, *(f"{{% if plan.words.{word} %}}{module}{{% endif %}}" for word in seed_of(archetype).words)}
    (path,) = (path for path in (PACKAGE / "gates").iterdir() if path.name in names)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    results = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Result"
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value == gate
    ]
    assert len(results) == 1
    given = results[0].args[-1]
    if isinstance(given, ast.Name):
        (given,) = (
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Dict)
            and ast.unparse(node.targets[0]) == given.id
        )
    assert isinstance(given, ast.Dict)
    return {str(key.value) for key in given.keys if isinstance(key, ast.Constant)}


@pytest.mark.parametrize("archetype", sorted(archetypes()))
def test_the_pipeline_compares_a_figure_that_the_generated_code_writes(archetype: str) -> None:
    """The condition step reads `quality.<metric>` of evaluation.json: a name that is not there fails every run."""
    assert archetypes()[archetype].quality_metric in figures("quality.py", "quality", archetype)


@pytest.mark.parametrize("archetype", sorted(seeds()))
def test_the_pipeline_compares_the_gap_that_the_generated_code_writes(archetype: str) -> None:
    assert "gap" in figures("fairness.py", "fairness", archetype)
