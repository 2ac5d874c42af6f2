from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from stacks_models.aws_shapes import problems, settled

from stacks.documents.training_facts import TrainingFacts
from stacks.documents.training_pipeline import definition

KEY = "arn:aws:kms:eu-west-1:111122223333:key/models"
FACTS = TrainingFacts(
    package="fraud",
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:1",
    training_role_arn="arn:aws:iam::111122223333:role/training-role",
    processing_role_arn="arn:aws:iam::111122223333:role/processing-role",
    subnet_ids=["subnet-0a", "subnet-0b"],
    security_group_id="sg-0a",
    kms_key_arn=KEY,
    input_uri="s3://features/features/training",
    output_uri="s3://models/models",
    output_key_arn=KEY,
    instance_type="ml.m7i.4xlarge",
    instance_count=2,
    volume_gib=100,
    max_runtime_seconds=3600,
    use_spot=False,
    max_wait_seconds=7200,
    processing_instance_type="ml.m7i.2xlarge",
    processing_volume_gib=50,
    processing_max_runtime_seconds=1800,
    network_isolation=True,
    intercontainer_encryption=True,
    quality_metric="average_precision",
    quality_minimum=0.6,
    fairness_maximum_gap=0.1,
    model_package_group="fraud-prod-scores",
    inference_instance_types=["ml.c7i.2xlarge"],
    tracking_arn="arn:aws:sagemaker:eu-west-1:111122223333:mlflow-app/a",
)


def _steps(facts: TrainingFacts = FACTS) -> dict[str, dict[str, Any]]:
    flat = {}
    for step in definition(facts)["Steps"]:
        flat[step["Name"]] = step
        if step["Type"] == "Condition":
            for branch in ("IfSteps", "ElseSteps"):
                flat |= {inner["Name"]: inner for inner in step["Arguments"][branch]}
    return flat


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("Get"), str):
            yield value["Get"]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


@pytest.mark.parametrize(
    ("step", "operation", "name"),
    [
        ("CheckContract", "CreateProcessingJob", "ProcessingJobName"),
        ("Evaluate", "CreateProcessingJob", "ProcessingJobName"),
        ("Train", "CreateTrainingJob", "TrainingJobName"),
        ("Register", "CreateModelPackage", None),
    ],
)
@pytest.mark.parametrize("use_spot", [False, True])
def test_step_arguments_are_those_of_the_sagemaker_api(
    step: str, operation: str, name: str | None, use_spot: bool
) -> None:
    """SageMaker reads a step's arguments as the request of the job that it starts."""
    arguments = settled(_steps(replace(FACTS, use_spot=use_spot))[step]["Arguments"])

    named = arguments if name is None else {name: "given-by-the-pipeline", **arguments}

    assert problems("sagemaker", operation, named) == ""


def test_each_reference_names_a_step_that_is_there() -> None:
    steps = _steps()

    named = {reference.split(".")[1] for reference in _references(definition(FACTS)) if reference.startswith("Steps.")}

    assert named <= set(steps)
    assert named == {"Train", "Evaluate"}


def test_nothing_is_trained_on_data_that_breaks_the_contract() -> None:
    assert _steps()["Train"]["DependsOn"] == ["CheckContract"]


def test_gate_reads_a_property_file_that_evaluation_declares() -> None:
    evaluate = _steps()["Evaluate"]
    declared = evaluate["PropertyFiles"][0]
    outputs = {row["OutputName"] for row in evaluate["Arguments"]["ProcessingOutputConfig"]["Outputs"]}

    references = set(_references(_steps()["Gate"]["Arguments"]["Conditions"]))

    assert references == {f"Steps.Evaluate.PropertyFiles.{declared['PropertyFileName']}"}
    assert declared["OutputName"] in outputs


def test_a_model_is_registered_only_behind_the_gate_and_waits_for_a_person() -> None:
    pipeline = definition(FACTS)

    assert "Register" not in {step["Name"] for step in pipeline["Steps"]}
    assert [step["Name"] for step in pipeline["Steps"][-1]["Arguments"]["IfSteps"]] == ["Register"]
    assert _steps()["Register"]["Arguments"]["ModelApprovalStatus"] == "PendingManualApproval"


def test_gate_checks_quality_and_fairness() -> None:
    conditions = _steps()["Gate"]["Arguments"]["Conditions"]

    checked = [(row["LeftValue"]["Std:JsonGet"]["Path"], row["Type"], row["RightValue"]) for row in conditions]

    assert checked == [
        ("quality.average_precision", "GreaterThanOrEqualTo", 0.6),
        ("fairness.gap", "LessThanOrEqualTo", 0.1),
    ]


def test_without_protected_groups_only_quality_is_checked() -> None:
    conditions = _steps(replace(FACTS, fairness_maximum_gap=None))["Gate"]["Arguments"]["Conditions"]

    assert [row["LeftValue"]["Std:JsonGet"]["Path"] for row in conditions] == ["quality.average_precision"]


def test_every_job_runs_in_the_network_isolated_and_encrypted() -> None:
    steps = _steps()
    train = steps["Train"]["Arguments"]
    network = {"Subnets": ["subnet-0a", "subnet-0b"], "SecurityGroupIds": ["sg-0a"]}

    assert train["VpcConfig"] == network
    assert train["EnableNetworkIsolation"] is train["EnableInterContainerTrafficEncryption"] is True
    assert train["ResourceConfig"]["VolumeKmsKeyId"] == train["OutputDataConfig"]["KmsKeyId"] == KEY
    for name in ("CheckContract", "Evaluate"):
        job = steps[name]["Arguments"]
        assert job["NetworkConfig"] == {
            "EnableNetworkIsolation": True,
            "EnableInterContainerTrafficEncryption": True,
            "VpcConfig": network,
        }
        assert job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == KEY
        assert job["ProcessingOutputConfig"]["KmsKeyId"] == KEY


def test_instances_with_local_disks_get_no_volume_key() -> None:
    """SageMaker refuses a VolumeKmsKeyId for them."""
    steps = _steps(replace(FACTS, instance_type="ml.g6.xlarge", processing_instance_type="ml.m5d.large"))

    assert "VolumeKmsKeyId" not in steps["Train"]["Arguments"]["ResourceConfig"]
    assert "VolumeKmsKeyId" not in steps["Evaluate"]["Arguments"]["ProcessingResources"]["ClusterConfig"]
    assert steps["Train"]["Arguments"]["OutputDataConfig"]["KmsKeyId"] == KEY


def test_spot_waits_longer_than_it_runs_and_resumes_from_its_own_checkpoint() -> None:
    train = _steps(replace(FACTS, use_spot=True))["Train"]["Arguments"]

    assert train["EnableManagedSpotTraining"] is True
    assert train["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600, "MaxWaitTimeInSeconds": 7200}
    assert "Execution.PipelineExecutionId" in set(_references(train["CheckpointConfig"]))


def test_on_demand_training_asks_for_no_wait_and_no_checkpoint() -> None:
    train = _steps()["Train"]["Arguments"]

    assert train["StoppingCondition"] == {"MaxRuntimeInSeconds": 3600}
    assert "CheckpointConfig" not in train


def test_isolated_jobs_are_not_told_of_a_tracking_server_that_they_cannot_reach() -> None:
    isolated = _steps()["Train"]["Arguments"]["Environment"]
    open_ = _steps(replace(FACTS, network_isolation=False))["Train"]["Arguments"]["Environment"]

    assert isolated == {}
    assert open_["MLFLOW_TRACKING_URI"] == FACTS.tracking_arn


def test_a_run_may_choose_its_data_and_nothing_else() -> None:
    """Whoever may start the pipeline cannot change role, image, network, keys or approval."""
    assert [row["Name"] for row in definition(FACTS)["Parameters"]] == ["InputDataUri"]


def test_definition_fits_the_api() -> None:
    """CreatePipeline accepts at most 1,048,576 characters."""
    text = json.dumps(definition(FACTS))

    request = {
        "PipelineName": "p",
        "ClientRequestToken": "x" * 32,
        "RoleArn": FACTS.training_role_arn,
        "PipelineDefinition": text,
    }

    assert problems("sagemaker", "CreatePipeline", request) == ""
    assert len(text) < 1_048_576
