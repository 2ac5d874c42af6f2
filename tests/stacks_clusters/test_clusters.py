from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from stacks_clusters.cluster_project import CASES, of_type, one, pipeline, recorded, stack
from stacks_models.aws_shapes import problems, settled

from modelkeel import cost
from stacks import efa

ON_BATCH = [name for name in CASES if name.startswith("batch")]
ON_JOBS = [name for name in CASES if name.startswith("jobs")]
SEVERAL = [name for name in ON_BATCH if name != "batch-spot"]

batch = pytest.mark.parametrize("case", ON_BATCH)


@pytest.mark.parametrize("case", ON_JOBS)
def test_a_training_job_is_a_request_that_sagemaker_takes(case: str) -> None:
    arguments = pipeline(recorded(case))["Train"]["Arguments"]

    assert "" == problems("sagemaker", "CreateTrainingJob", {"TrainingJobName": "it", **settled(arguments)})


def test_spot_jobs_resume_and_wait_and_keep_no_machines() -> None:
    arguments = pipeline(recorded("jobs-spot"))["Train"]["Arguments"]

    stopping = arguments["StoppingCondition"]
    assert arguments["EnableManagedSpotTraining"]
    assert arguments["CheckpointConfig"]["S3Uri"]
    assert stopping["MaxWaitTimeInSeconds"] >= stopping["MaxRuntimeInSeconds"]
    assert "KeepAlivePeriodInSeconds" not in arguments["ResourceConfig"]


def test_machines_that_were_answered_to_wait_do_and_are_priced() -> None:
    graph = recorded("jobs-on_demand")

    assert 1800 == pipeline(graph)["Train"]["Arguments"]["ResourceConfig"]["KeepAlivePeriodInSeconds"]
    assert [line for line in cost.price(graph).lines if "warm pool" in line.dimension]


def test_several_machines_read_from_the_shared_file_system_in_its_zone() -> None:
    graph = recorded("jobs-on_demand")
    system = one(graph, "fsx/lustreFileSystem:LustreFileSystem")
    arguments = pipeline(graph)["Train"]["Arguments"]

    source = arguments["InputDataConfig"][0]["DataSource"]["FileSystemDataSource"]
    assert (system.id, "ro") == (source["FileSystemId"], source["FileSystemAccessMode"])
    assert [system.inputs["subnetIds"]] == arguments["VpcConfig"]["Subnets"]


def test_environments_before_the_last_stream_from_s3_instead() -> None:
    graph = recorded("jobs-on_demand", "dev")

    assert not of_type(graph, "LustreFileSystem")
    assert "FastFile" == pipeline(graph)["Train"]["Arguments"]["AlgorithmSpecification"]["TrainingInputMode"]


def test_dev_tries_on_a_machine_that_it_may_have() -> None:
    dev = pipeline(recorded("jobs-training_plan", "dev"))["Train"]["Arguments"]["ResourceConfig"]
    prod = pipeline(recorded("jobs-training_plan"))["Train"]["Arguments"]["ResourceConfig"]

    assert (1, "ml.g") == (dev["InstanceCount"], dev["InstanceType"][:4])
    assert prod["InstanceType"].startswith("ml.p")
    assert prod["InstanceCount"] > 1


@pytest.mark.parametrize("case", ["jobs-on_demand", "batch-on_demand"])
def test_the_file_system_is_kept_encrypted_and_reached_by_lustre_alone(case: str) -> None:
    graph = recorded(case)
    system = one(graph, "LustreFileSystem")

    assert system.protect
    assert ("PERSISTENT_2", "LZ4") == (system.inputs["deploymentType"], system.inputs["dataCompressionType"])
    assert "arn:aws:kms" in system.inputs["kmsKeyId"]
    rules = [rule.inputs for rule in of_type(graph, "GroupIngressRule") if rule.inputs.get("description") == "Lustre"]
    assert {(988, 988), (1018, 1023)} == {(rule["fromPort"], rule["toPort"]) for rule in rules}
    assert all("cidrIpv4" not in rule for rule in rules)


def test_what_runs_leave_in_the_file_system_reaches_s3_and_nothing_is_deleted_there() -> None:
    links = {each.name: each.inputs for each in of_type(recorded("batch-on_demand"), "DataRepositoryAssociation")}

    exported = {name: (row["s3"].get("autoExportPolicy") or {}).get("events") for name, row in links.items()}
    assert {"shared-files-features": None, "shared-files-runs": ["NEW", "CHANGED"]} == exported
    paths = [row["dataRepositoryPath"] for row in links.values()]
    assert len(paths) == len(set(paths))


@batch
def test_the_queue_costs_nothing_while_nobody_trains_and_has_a_bound(case: str) -> None:
    compute = one(recorded(case), "ComputeEnvironment").inputs["computeResources"]

    assert 0 == compute["minVcpus"] < compute["maxVcpus"]
    assert compute["ec2Configurations"] == [{"imageType": "ECS_AL2023_NVIDIA"}]


@pytest.mark.parametrize("case", SEVERAL)
def test_machines_that_train_together_stand_in_one_subnet_wired_for_efa(case: str) -> None:
    graph = recorded(case)
    compute = one(graph, "ComputeEnvironment").inputs["computeResources"]
    template = one(graph, "LaunchTemplate").inputs
    (kind,) = compute["instanceTypes"]

    assert 1 == len(compute["subnets"])
    assert "EC2" == compute["type"]
    found = [
        (row.get("networkCardIndex"), row["deviceIndex"], row["interfaceType"]) for row in template["networkInterfaces"]
    ]
    assert [(card.network_card_index, card.device_index, card.interface_type) for card in efa.layout(kind)] == found


@pytest.mark.parametrize("case", SEVERAL)
def test_a_placement_group_unless_a_block_places_its_machines(case: str) -> None:
    placed = one(recorded(case), "ComputeEnvironment").inputs["computeResources"].get("placementGroup")

    assert (case == "batch-capacity_block") == (placed is None)


@batch
def test_credentials_of_the_machine_stay_on_it(case: str) -> None:
    options = one(recorded(case), "LaunchTemplate").inputs["metadataOptions"]

    assert ("required", 1) == (options["httpTokens"], options["httpPutResponseHopLimit"])


@batch
def test_a_job_is_a_request_that_batch_takes(case: str) -> None:
    job = one(recorded(case), "JobDefinition").inputs
    several = job["type"] == "multinode"
    key = "nodeProperties" if several else "containerProperties"
    properties = json.loads(job[key])

    assert several == (case in SEVERAL)
    request = {"jobDefinitionName": job["name"], "type": job["type"], key: properties}
    assert "" == problems("batch", "RegisterJobDefinition", request)
    containers = [row["container"] for row in properties["nodeRangeProperties"]] if several else [properties]
    assert [False] == [row["privileged"] for row in containers]
    assert bool(containers[0]["linuxParameters"]["devices"]) == several


def test_single_machines_may_be_spot() -> None:
    compute = one(recorded("batch-spot"), "ComputeEnvironment").inputs["computeResources"]

    assert ("SPOT", "SPOT_PRICE_CAPACITY_OPTIMIZED") == (compute["type"], compute["allocationStrategy"])


@batch
def test_a_machine_starts_with_a_script_in_mime(case: str) -> None:
    text = base64.b64decode(one(recorded(case), "LaunchTemplate").inputs["userData"]).decode()

    assert text.startswith("Content-Type: multipart/mixed;")
    assert "#!/bin/bash\nexport SCRATCH_FOLDER" in text


@batch
def test_the_pipeline_asks_by_queue_and_goes_on_with_the_model_that_it_is_told(case: str) -> None:
    graph = recorded(case)
    steps = pipeline(graph)
    queue = next(each for each in of_type(graph, "sqs/queue:Queue") if each.name == "training-requests")

    assert ("Callback", queue.outputs["url"]) == (steps["Train"]["Type"], steps["Train"]["SqsQueueUrl"])
    model = next(
        row["S3Input"]["S3Uri"]
        for row in steps["Evaluate"]["Arguments"]["ProcessingInputs"]
        if row["InputName"] == "model"
    )
    assert {"Get": "Steps.Train.OutputParameters['model_uri']"} == model
    assert queue.outputs["arn"] == one(graph, "pipes/pipe:Pipe").inputs["source"]


@batch
def test_the_state_machine_answers_every_request(case: str) -> None:
    graph = recorded(case)
    machine = next(each for each in of_type(graph, "StateMachine") if each.name == "train")
    states = json.loads(machine.inputs["definition"])["States"]

    assert "TellFailure" == states["Train"]["Catch"][0]["Next"]
    assert ("States.ALL",) == tuple(states["Train"]["Catch"][0]["ErrorEquals"])
    told = {states[name]["Resource"].rsplit(":", 1)[-1] for name in ("TellSuccess", "TellFailure")}
    assert {"sendPipelineExecutionStepSuccess", "sendPipelineExecutionStepFailure"} == told
    overrides = "NodeOverrides" if case in SEVERAL else "ContainerOverrides"
    assert overrides in states["Train"]["Arguments"]


@pytest.mark.parametrize("case", ["batch-capacity_block", "batch-reservation"])
def test_what_is_bought_is_protected_and_stays_when_it_is_left_out(case: str) -> None:
    bought = [each for each in of_type(recorded(case), "Reservation") if each.type.startswith("aws:ec2/capacity")]

    assert [(True, True)] == [(each.protect, each.retain_on_delete) for each in bought]
    assert "capacity" in {each.program for each in recorded(case).stacks}


def test_nothing_is_bought_for_environments_before_the_last() -> None:
    assert "capacity" not in {each.program for each in recorded("batch-capacity_block", "dev").stacks}


def test_a_block_is_aimed_at_by_its_id_and_a_reservation_by_its_group() -> None:
    block, group = recorded("batch-capacity_block"), recorded("batch-reservation")

    market = one(block, "LaunchTemplate").inputs
    target = market["capacityReservationSpecification"]["capacityReservationTarget"]
    assert "capacity-block" == market["instanceMarketOptions"]["marketType"]
    assert one(block, "CapacityBlockReservation").id == target["capacityReservationId"]
    target = one(group, "LaunchTemplate").inputs["capacityReservationSpecification"]["capacityReservationTarget"]
    assert one(group, "resourcegroups/group:Group").outputs["arn"] == target["capacityReservationResourceGroupArn"]
    assert "targeted" == one(group, "CapacityReservation").inputs["instanceMatchCriteria"]


@pytest.mark.parametrize("case", CASES)
def test_everything_has_a_price_or_is_free(case: str) -> None:
    """A capacity block costs what its offering says; nothing else is left open."""
    unpriced = {row.type for row in cost.price(recorded(case)).unpriced}

    assert {"aws:ec2/capacityBlockReservation:CapacityBlockReservation"} >= unpriced


def test_reserved_machines_are_paid_once() -> None:
    lines = cost.price(recorded("batch-reservation")).lines

    assert 1 == len([line for line in lines if line.dimension.startswith("reserved machines")])
    assert not [line for line in lines if line.dimension.startswith("training jobs")]


@pytest.mark.parametrize("case", ["jobs-on_demand", "batch-on_demand", "batch-capacity_block"])
def test_ci_may_deploy_what_there_is_and_buy_nothing(case: str) -> None:
    identity = stack(recorded(case), "identity")
    policies: list[dict[str, Any]] = [
        json.loads(each.inputs["policy"])
        for each in identity.resources
        if each.type.endswith("iam/policy:Policy") and "ci-" in each.name
    ]
    statements = [row for policy in policies for row in policy["Statement"]]
    allowed = {action for row in statements if row["Effect"] == "Allow" for action in row["Action"]}
    (denied,) = {tuple(row["Action"]) for row in statements if row["Sid"] == "NoPurchases"}

    assert {"ec2:CreateCapacityReservation", "ec2:PurchaseCapacityBlock"} <= {*denied}
    assert ("batch:CreateComputeEnvironment" in allowed) == case.startswith("batch")
    assert "fsx:CreateFileSystem" in allowed
