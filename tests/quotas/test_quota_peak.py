"""How many instances of a pipeline or a state machine are busy at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelkeel.quotas.peak import pipeline_peak, workflow_peak

TYPE = "ml.m5.large"
PROCESSING = ("processing", TYPE)


def step(
    name: str, instances: Any = 1, *, after: tuple[str, ...] = (), kind: Any = TYPE, **more: Any
) -> dict[str, Any]:
    size = {"ClusterConfig": {"InstanceType": kind, "InstanceCount": instances}}
    return {"Name": name, "DependsOn": list(after), "Arguments": {"ProcessingResources": size, **more}}


def peak(*steps: dict[str, Any], limit: int | None = None, **more: Any) -> int:
    return pipeline_peak({"Steps": list(steps), **more}, limit).sizes[PROCESSING]


def test_steps_without_an_order_run_together() -> None:
    assert peak(step("a", 2), step("b", 3)) == 5


def test_steps_that_wait_for_each_other_never_add_up() -> None:
    assert peak(step("a", 2), step("b", 3, after=("a",))) == 3


def test_a_step_that_reads_another_steps_output_waits_for_it() -> None:
    assert peak(step("a", 2), step("b", 3, Input={"Get": "Steps.a.ProcessingOutputConfig"})) == 3


def test_an_order_and_a_reference_both_count() -> None:
    """The last step waits for one by DependsOn and for the other by a property."""
    last = step("c", 4, after=("a",), Input={"Get": "Steps.b.ProcessingOutputConfig"})

    assert peak(step("a", 2), step("b", 3), last) == 5


def test_waiting_passes_on() -> None:
    """The last waits for the first through one that holds no instance."""
    between = {"Name": "b", "Type": "Lambda", "DependsOn": ["a"], "Arguments": {}}

    assert peak(step("a", 2), between, step("c", 2, after=("b",))) == 2


def test_the_pipeline_limits_how_many_steps_run() -> None:
    assert peak(step("a", 1), step("b", 2), step("c", 3), limit=2) == 5


def test_the_branches_of_a_condition_exclude_each_other() -> None:
    condition = {
        "Name": "gate",
        "Type": "Condition",
        "Arguments": {"IfSteps": [step("a", 2)], "ElseSteps": [step("b", 3)]},
    }

    assert peak(condition) == 3


def test_a_step_behind_a_condition_waits_for_what_the_condition_reads() -> None:
    condition = {
        "Name": "gate",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [{"LeftValue": {"Get": "Steps.evaluate.Quality"}}],
            "IfSteps": [step("register", 2)],
        },
    }

    assert peak(step("evaluate", 3), condition) == 3


def test_a_parameter_counts_by_its_default() -> None:
    parameters = [{"Name": "Count", "DefaultValue": 4}, {"Name": "Type", "DefaultValue": TYPE}]
    asked = step("a", {"Get": "Parameters.Count"}, kind={"Get": "Parameters.Type"})

    assert peak(asked, Parameters=parameters) == 4


def test_a_size_decided_at_run_time_is_unknown() -> None:
    found = pipeline_peak({"Steps": [step("a", {"Get": "Parameters.Count"})]}, None)

    assert ({}, {"processing"}) == (dict(found.sizes), found.unknown)


def test_tuning_counts_its_parallel_jobs() -> None:
    tuning = {
        "HyperParameterTuningJobConfig": {
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 50, "MaxParallelTrainingJobs": 5}
        },
        "TrainingJobDefinition": {"ResourceConfig": {"InstanceType": TYPE, "InstanceCount": 2}},
    }

    assert pipeline_peak({"Steps": [{"Name": "tune", "Arguments": tuning}]}, None).sizes["training", TYPE] == 10


@pytest.mark.parametrize("definition", [{}, {"Steps": None}, {"Steps": [1, "x", {}]}, {"Steps": [{"Arguments": 3}]}])
def test_a_definition_without_jobs_needs_nothing(definition: dict[str, Any]) -> None:
    assert dict(pipeline_peak(definition, None).sizes) == {}


def test_many_steps_never_count_too_little() -> None:
    """Beyond sixteen steps the order is left out: the sum is an upper bound."""
    steps = [step(f"s{number}", 1, after=(f"s{number - 1}",) if number else ()) for number in range(20)]

    assert peak(*steps) == 20
    assert peak(*steps, limit=3) == 3
    assert peak(*steps[:16]) == 1


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.integers(1, 8), st.randoms())
def test_an_order_never_raises_the_peak_and_never_lowers_it_below_the_largest_step(
    sizes: list[int], limit: int, chance: Any
) -> None:
    free = [step(f"s{number}", size) for number, size in enumerate(sizes)]
    ordered = [
        {**each, "DependsOn": [f"s{other}" for other in range(number) if chance.random() < 0.5]}
        for number, each in enumerate(free)
    ]
    top = pipeline_peak({"Steps": free}, limit).sizes.get(PROCESSING, 0)
    found = pipeline_peak({"Steps": ordered}, limit).sizes.get(PROCESSING, 0)

    assert max(sizes) <= found <= top == sum(sorted(sizes, reverse=True)[:limit])


def task(instances: Any, key: str = "Arguments") -> dict[str, Any]:
    return {
        "Type": "Task",
        key: {"ProcessingResources": {"ClusterConfig": {"InstanceType": TYPE, "InstanceCount": instances}}},
    }


def test_states_follow_each_other() -> None:
    assert workflow_peak({"States": {"a": task(2), "b": task(3, "Parameters")}}).sizes[PROCESSING] == 3


def test_parallel_branches_add_up() -> None:
    both = {"Type": "Parallel", "Branches": [{"States": {"a": task(2)}}, {"States": {"b": task(3)}}]}

    assert workflow_peak({"States": {"both": both}}).sizes[PROCESSING] == 5


@pytest.mark.parametrize(("concurrency", "expected"), [(3, 6), (None, 80), (0, 80)])
def test_a_map_runs_its_states_many_times(concurrency: int | None, expected: int) -> None:
    each = {"Type": "Map", "MaxConcurrency": concurrency, "ItemProcessor": {"States": {"a": task(2)}}}

    assert workflow_peak({"States": {"each": each}}).sizes[PROCESSING] == expected


def test_an_expression_is_no_number() -> None:
    assert workflow_peak({"States": {"a": task("{% $count %}")}}).unknown == {"processing"}


def test_an_expression_is_no_instance_type() -> None:
    size = {"ClusterConfig": {"InstanceType": "{% $type %}", "InstanceCount": 1}}
    found = workflow_peak({"States": {"a": {"Type": "Task", "Arguments": {"ProcessingResources": size}}}})

    assert ({}, {"processing"}) == (dict(found.sizes), found.unknown)
