"""Jobs in definitions of pipelines, state machines and schedules."""

import json
from decimal import Decimal

from cost.platform_graph import pipeline_definition

from modelkeel.cost.jobs import jobs_in


def test_a_pipeline_names_its_jobs_their_sizes_and_limits() -> None:
    train, evaluate = jobs_in(pipeline_definition())

    assert (train.kind, train.name, train.instance_type) == ("training", "train", "ml.m7i.4xlarge")
    assert (train.count, train.seconds, train.volume_gib) == (1, 7200, 100)
    assert (evaluate.kind, evaluate.name) == ("processing", "evaluate")


def test_jobs_inside_a_condition_count() -> None:
    inner = json.loads(pipeline_definition())["Steps"]
    outer = {"Steps": [{"Name": "gate", "Type": "Condition", "Arguments": {"IfSteps": inner, "ElseSteps": []}}]}

    assert [job.name for job in jobs_in(json.dumps(outer))] == ["train", "evaluate"]


def test_a_parameter_stands_for_its_default() -> None:
    size = {"InstanceType": {"Get": "Parameters.Kind"}, "InstanceCount": {"Get": "Parameters.Count"}}
    definition = {
        "Parameters": [
            {"Name": "Kind", "Type": "String", "DefaultValue": "ml.m7i.large"},
            {"Name": "Count", "Type": "Integer", "DefaultValue": 3},
        ],
        "Steps": [{"Name": "train", "Arguments": {"ResourceConfig": size}}],
    }

    (job,) = jobs_in(definition)

    assert (job.instance_type, job.count) == ("ml.m7i.large", 3)


def test_a_size_that_is_decided_at_run_time_is_unknown() -> None:
    state = {"States": {"Score": {"Parameters": {"TransformResources": {"InstanceType.$": "$.kind"}}}}}

    (job,) = jobs_in(json.dumps(state))

    assert (job.kind, job.instance_type, job.count) == ("transform", None, None)


def test_a_tuning_job_counts_each_of_its_training_jobs() -> None:
    definition = {
        "Name": "tune",
        "HyperParameterTuningJobConfig": {"ResourceLimits": {"MaxNumberOfTrainingJobs": 20}},
        "TrainingJobDefinition": {
            "ResourceConfig": {"InstanceType": "ml.m7i.large", "InstanceCount": 2},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        },
    }

    assert [job.count for job in jobs_in(definition)] == [40]


def test_spot_training_costs_a_share() -> None:
    definition = {
        "EnableManagedSpotTraining": True,
        "ResourceConfig": {"InstanceType": "ml.m7i.large", "InstanceCount": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    (job,) = jobs_in(definition)

    assert job.spot
    assert job.hours().high == Decimal(1)


def test_text_that_is_no_json_holds_no_job() -> None:
    assert jobs_in("not json") == []
    assert jobs_in({"$unknown": True}) == []
    assert jobs_in(None) == []
