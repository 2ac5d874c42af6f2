from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from stacks_models.aws_shapes import problems

from stacks.documents import drift_workflow, quality_workflow, review_workflow, scoring_workflow, shadow_review

KEY = "arn:aws:kms:eu-west-1:111122223333:key/capture"
DRIFT = drift_workflow.DriftFacts(
    partition="aws",
    job_prefix="fraud-prod-drift",
    package="fraud",
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:1",
    role_arn="arn:aws:iam::111122223333:role/monitor",
    subnet_ids=["subnet-0a"],
    security_group_id="sg-0a",
    kms_key_arn=KEY,
    records_uri="s3://capture/capture/fraud-prod-endpoint/live",
    model_package_arn="arn:aws:sagemaker:eu-west-1:111122223333:model-package/fraud-prod-scores/3",
    report_bucket="capture",
    window="day",
    instance_type="ml.m7i.large",
    volume_gib=30,
    max_runtime_seconds=3600,
    network_isolation=True,
    metric_namespace="fraud/prod",
    source="fraud-prod-endpoint",
)
QUALITY = quality_workflow.QualityFacts(
    **{**vars(DRIFT), "job_prefix": "fraud-prod-quality"},
    truth_uri="s3://curated/curated/truth",
    label_lag_days=30,
    metric="average_precision",
)
SCORING = scoring_workflow.ScoringFacts(
    partition="aws",
    job_prefix="fraud-prod-scoring",
    model_name="fraud-prod-model-1",
    input_uri="s3://curated/curated/scoring",
    output_uri="s3://curated/curated/predictions",
    kms_key_arn=KEY,
    instance_type="ml.m5.large",
    instance_count=1,
    max_payload_mib=6,
    content_type="text/csv",
)
REVIEW = review_workflow.ReviewFacts(
    partition="aws",
    table_name="fraud-prod-review-cases",
    queue_url="https://sqs.eu-west-1.amazonaws.com/111122223333/fraud-prod-review-queue",
    evidence_bucket="evidence",
    pipeline_name="fraud-prod-training",
    timeout_seconds=259200,
)
SHADOW = shadow_review.ShadowFacts(
    partition="aws",
    endpoint_name="fraud-prod-endpoint",
    live_variant="live",
    candidate_variant="candidate",
    model_name="fraud-prod-candidate-1",
    package_arn="arn:aws:sagemaker:eu-west-1:111122223333:model-package/fraud-prod-scores/4",
    days=7,
    topic_arn="arn:aws:sns:eu-west-1:111122223333:fraud-prod-alerts",
    metric_namespace="fraud/prod",
    records_uri="s3://capture/capture/fraud-prod-endpoint",
    environment="fraud prod",
)
MACHINES = {
    "drift": drift_workflow.definition(DRIFT),
    "quality": quality_workflow.definition(QUALITY),
    "scoring": scoring_workflow.definition(SCORING),
    "review": review_workflow.definition(REVIEW),
    "shadow": shadow_review.definition(SHADOW),
}
TASKS = [
    ("drift", "FindModel", "sagemaker", "DescribeModelPackage"),
    ("drift", "Compare", "sagemaker", "CreateProcessingJob"),
    ("drift", "ReadSummary", "s3", "GetObject"),
    ("drift", "PublishMetrics", "cloudwatch", "PutMetricData"),
    ("quality", "FindRecords", "s3", "ListObjectsV2"),
    ("quality", "NothingToJudge", "cloudwatch", "PutMetricData"),
    ("quality", "TellLabelAge", "cloudwatch", "PutMetricData"),
    ("quality", "FindLabels", "s3", "ListObjectsV2"),
    ("quality", "NoLabels", "cloudwatch", "PutMetricData"),
    ("quality", "FindModel", "sagemaker", "DescribeModelPackage"),
    ("quality", "Judge", "sagemaker", "CreateProcessingJob"),
    ("quality", "ReadSummary", "s3", "GetObject"),
    ("quality", "PublishMetrics", "cloudwatch", "PutMetricData"),
    ("scoring", "Score", "sagemaker", "CreateTransformJob"),
    ("review", "Open", "dynamodb", "PutItem"),
    ("review", "Ask", "sqs", "SendMessage"),
    ("review", "RecordVerdict", "dynamodb", "UpdateItem"),
    ("review", "KeepEvidence", "s3", "PutObject"),
    ("review", "StartTraining", "sagemaker", "StartPipelineExecution"),
    ("review", "Expire", "dynamodb", "UpdateItem"),
    ("shadow", "FindCandidate", "sagemaker", "DescribeModel"),
    ("shadow", "Measure", "cloudwatch", "GetMetricData"),
    ("shadow", "Tell", "sns", "Publish"),
    ("shadow", "PublishOverdue", "cloudwatch", "PutMetricData"),
]


def _following(state: dict[str, Any]) -> Iterator[str]:
    for row in [state, *state.get("Choices", []), *state.get("Catch", [])]:
        if "Next" in row:
            yield row["Next"]
    if "Default" in state:
        yield state["Default"]


def _ends(state: dict[str, Any]) -> bool:
    return bool(state.get("End")) or state["Type"] in {"Succeed", "Fail"}


def _request(machine: str, state: str) -> dict[str, Any]:
    arguments = dict(MACHINES[machine]["States"][state]["Arguments"])
    if state == "Ask":
        arguments["MessageBody"] = str(arguments["MessageBody"])
    if "MetricData" in arguments:
        rows = arguments["MetricData"]
        known = [{"MetricName": "ModelQuality", "Dimensions": QUALITY.dimensions}] if isinstance(rows, str) else rows
        arguments["MetricData"] = [{**row, "Value": 0.5} for row in known]
    if "MetricDataQueries" in arguments:
        arguments |= {"StartTime": "2026-11-19T07:00:00Z", "EndTime": "2026-11-26T07:00:00Z"}
    return arguments


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_is_reached_and_leads_to_one_that_is_there(machine: str) -> None:
    states = MACHINES[machine]["States"]
    reached, waiting = set(), [MACHINES[machine]["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(_following(states[name]))

    assert reached == set(states)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_ends_or_goes_on(machine: str) -> None:
    for name, state in MACHINES[machine]["States"].items():
        assert _ends(state) != bool(list(_following(state))), name


def test_every_task_is_checked_against_its_api() -> None:
    tasks = {
        (machine, name)
        for machine, definition in MACHINES.items()
        for name, state in definition["States"].items()
        if state["Type"] == "Task"
    }

    assert tasks == {(machine, name) for machine, name, _, _ in TASKS}


@pytest.mark.parametrize(("machine", "state", "service", "operation"), TASKS)
def test_arguments_are_those_of_the_api(machine: str, state: str, service: str, operation: str) -> None:
    resource = MACHINES[machine]["States"][state]["Resource"].lower()

    assert f"{service}:{operation.lower()}" in resource
    assert problems(service, operation, _request(machine, state)) == ""


@pytest.mark.parametrize("machine", MACHINES)
def test_expressions_are_closed_and_use_variables_that_were_assigned(machine: str) -> None:
    """A JSONata expression is a whole string between braces; a variable is known from an earlier Assign."""
    known = {
        "states",
        "exists",
        "fromMillis",
        "toMillis",
        "substring",
        "uuid",
        "parse",
        "string",
        "now",
        "hash",
        "max",
        "type",
        "average",
        "count",
        "floor",
        "round",
        "sum",
    }
    known |= {name for state in MACHINES[machine]["States"].values() for name in state.get("Assign", {})}

    for text in _strings(MACHINES[machine]):
        if "{%" in text or "%}" in text:
            assert re.fullmatch(r"\{% .* %\}", text), text
            assert text.count("(") == text.count(")"), text
            assert text.count("'") % 2 == 0, text
            assert set(re.findall(r"\$(\w+)", text)) <= known, text


def test_other_partitions_use_their_own_integrations() -> None:
    machine = drift_workflow.definition(replace(DRIFT, partition="aws-us-gov"))

    resources = [state["Resource"] for state in machine["States"].values() if "Resource" in state]

    assert all(resource.startswith("arn:aws-us-gov:states:::") for resource in resources)


def test_drift_job_runs_in_the_network_isolated_and_encrypted() -> None:
    job = MACHINES["drift"]["States"]["Compare"]["Arguments"]

    assert job["NetworkConfig"]["EnableNetworkIsolation"] is True
    assert job["NetworkConfig"]["VpcConfig"] == {"SecurityGroupIds": ["sg-0a"], "Subnets": ["subnet-0a"]}
    assert job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"] == KEY
    assert job["ProcessingOutputConfig"]["KmsKeyId"] == KEY


def test_drift_holds_a_window_against_what_the_live_model_has_seen() -> None:
    states = MACHINES["drift"]["States"]
    inputs = {row["InputName"]: row["S3Input"]["S3Uri"] for row in states["Compare"]["Arguments"]["ProcessingInputs"]}

    assert states["FindModel"]["Arguments"] == {"ModelPackageName": DRIFT.model_package_arn}
    assert set(states["FindModel"]["Assign"]) == {"model_uri"}
    assert inputs["baseline"] == "{% $model_uri %}"


def test_drift_report_is_read_from_where_the_job_left_it() -> None:
    states = MACHINES["drift"]["States"]
    written = states["Compare"]["Arguments"]["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]
    read = states["ReadSummary"]["Arguments"]

    prefix = read["Key"].removeprefix("{% '").removesuffix(" & '/summary.json' %}")

    assert f"s3://{read['Bucket']}/{prefix}" in written


@pytest.mark.parametrize(
    ("window", "picture", "milliseconds"), [("day", "[D01]'", "86400000"), ("hour", "[H01]'", "3600000")]
)
def test_drift_compares_the_last_whole_window(window: str, picture: str, milliseconds: str) -> None:
    expression = drift_workflow.definition(replace(DRIFT, window=window))["States"]["ChooseWindow"]["Assign"]["window"]

    assert picture in expression
    assert f"- {milliseconds}," in expression


def test_scoring_reads_and_writes_the_same_day() -> None:
    states = MACHINES["scoring"]["States"]
    job = states["Score"]["Arguments"]

    assert (
        job["TransformInput"]["DataSource"]["S3DataSource"]["S3Uri"] == f"{{% '{SCORING.input_uri}/' & $day & '/' %}}"
    )
    assert job["TransformOutput"]["S3OutputPath"] == f"{{% '{SCORING.output_uri}/' & $day %}}"
    assert "$exists($states.input.day)" in states["ChooseDay"]["Assign"]["day"]


def test_scored_records_carry_their_input() -> None:
    assert MACHINES["scoring"]["States"]["Score"]["Arguments"]["DataProcessing"] == {"JoinSource": "Input"}


def test_transform_on_local_disks_gets_no_volume_key() -> None:
    machine = scoring_workflow.definition(replace(SCORING, instance_type="ml.g4dn.xlarge"))

    assert "VolumeKmsKeyId" not in machine["States"]["Score"]["Arguments"]["TransformResources"]
    assert MACHINES["scoring"]["States"]["Score"]["Arguments"]["TransformResources"]["VolumeKmsKeyId"] == KEY


def test_training_starts_only_behind_an_accepted_retraining_case() -> None:
    states = MACHINES["review"]["States"]
    before = [name for name, state in states.items() if "StartTraining" in set(_following(state))]

    assert before == ["Act"]
    assert states["Act"]["Default"] == "Closed"
    assert "$case.kind = 'retraining'" in states["Act"]["Choices"][0]["Condition"]
    assert "$answer.verdict = 'accept'" in states["Act"]["Choices"][0]["Condition"]


def test_an_answer_by_the_proposer_puts_the_case_again() -> None:
    check = MACHINES["review"]["States"]["CheckAnswer"]

    assert "$answer.reviewer != $case.proposed_by" in check["Choices"][0]["Condition"]
    assert check["Default"] == "Ask"


def test_a_verdict_is_kept_as_evidence_before_anything_happens() -> None:
    states = MACHINES["review"]["States"]

    assert states["RecordVerdict"]["Next"] == "KeepEvidence"
    assert states["KeepEvidence"]["Next"] == "Act"


def test_a_case_nobody_decides_fails_loudly() -> None:
    states = MACHINES["review"]["States"]

    assert states["Ask"]["TimeoutSeconds"] == REVIEW.timeout_seconds
    assert states["Ask"]["Catch"] == [{"ErrorEquals": ["States.Timeout"], "Next": "Expire"}]
    assert states[states["Expire"]["Next"]]["Type"] == "Fail"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def test_a_window_is_judged_when_its_labels_are_due() -> None:
    """30 days and the window itself, of an hour or of a day, before the start."""
    for window, seconds in (("hour", 3_600), ("day", 86_400)):
        chosen = quality_workflow.definition(replace(QUALITY, window=window))["States"]["ChooseWindow"]["Assign"]

        assert f"- {(30 * 86_400 + seconds) * 1000}," in chosen["window"]
        assert "$exists($states.input.window)" in chosen["window"]


def test_nothing_is_started_where_there_is_nothing_to_judge() -> None:
    """SageMaker fails a job whose input is empty; what was not found is told instead."""
    states = MACHINES["quality"]["States"]
    told = {
        name: [row["MetricName"] for row in states[name]["Arguments"]["MetricData"]]
        for name in ("NothingToJudge", "NoLabels")
    }

    assert (states["AnyRecords"]["Default"], states["AnyLabels"]["Default"]) == ("NothingToJudge", "NoLabels")
    assert told == {"NothingToJudge": ["QualityRuns"], "NoLabels": ["QualityRuns", "LabelledRecords", "LabelledShare"]}
    assert all(states[name].get("End") for name in told)


def test_answers_and_labels_of_one_window_are_joined_under_the_live_model() -> None:
    job = MACHINES["quality"]["States"]["Judge"]["Arguments"]
    inputs = {row["InputName"]: row["S3Input"]["S3Uri"] for row in job["ProcessingInputs"]}

    assert inputs == {
        "records": f"{{% '{QUALITY.records_uri}/' & $window & '/' %}}",
        "events": "{% 's3://curated/curated/truth/events/' & $window & '/' %}",
        "labels": "{% 's3://curated/curated/truth/labels/' & $window & '/' %}",
        "model": "{% $model_uri %}",
    }
    assert job["NetworkConfig"]["EnableNetworkIsolation"] is True
    assert job["AppSpecification"]["ContainerEntrypoint"] == ["python", "-m", "fraud.quality"]


def test_figures_that_could_not_be_told_are_not_published() -> None:
    published = MACHINES["quality"]["States"]["PublishMetrics"]["Arguments"]["MetricData"]

    assert "$summary.quality.average_precision" in published
    assert published.endswith("[$type(Value) = 'number'] %}")


def test_the_newest_label_is_sought_in_every_day_that_may_have_got_one() -> None:
    found = MACHINES["quality"]["States"]["FindNewestLabel"]
    listing = found["ItemProcessor"]["States"]["ListLabels"]

    assert found["Items"] == "{% $recent_days %}"
    assert "[0..31]" in MACHINES["quality"]["States"]["ChooseWindow"]["Assign"]["recent_days"]
    assert problems("s3", "ListObjectsV2", listing["Arguments"]) == ""
