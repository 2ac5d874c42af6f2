from __future__ import annotations

import json
import os
import stat
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stacks_clusters.cluster_project import of_type, one, recorded
from stacks_models.aws_shapes import problems

from modelkeel import cost
from stacks.documents.hyperpod import SCRIPTS, HyperPodFacts, addresses_problem, desired_state, environment

FACTS = HyperPodFacts(
    name="speech-model-prod-slurm",
    controller_instance_type="ml.m5.2xlarge",
    login_instance_type="ml.m5.xlarge",
    worker_instance_type="ml.p5.48xlarge",
    workers=4,
    accelerated=True,
    role_arn="arn:aws:iam::222222222222:role/mlops/prod/speech-model-prod-hyperpod",
    scripts_uri="s3://speech-model-prod-models-222222222222/clusters/slurm",
    subnet_id="subnet-0a1b2c3d",
    security_group_id="sg-0a1b2c3d",
    kms_key_arn="arn:aws:kms:us-east-1:222222222222:key/data",
    file_system_dns="fs-0123456789abcdef0.fsx.us-east-1.amazonaws.com",
    file_system_mount_name="abcdefgh",
    training_plan_arn="arn:aws:sagemaker:us-east-1:222222222222:training-plan/prod",
    tags={"project": "speech-model"},
)
GRAPH = "slurm-training_plan"


def _groups(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {group["InstanceGroupName"]: group for group in state["InstanceGroups"]}


@pytest.mark.parametrize("plan", [FACTS.training_plan_arn, None])
def test_a_cluster_is_a_request_that_sagemaker_takes(plan: str | None) -> None:
    """The properties of the CloudFormation resource are the members of the request."""
    assert "" == problems("sagemaker", "CreateCluster", desired_state(replace(FACTS, training_plan_arn=plan)))


def test_the_cluster_of_the_graph_is_one_too_and_is_kept() -> None:
    cluster = one(recorded(GRAPH), "cloudcontrol/resource:Resource")
    state = json.loads(cluster.inputs["desiredState"])

    assert ("AWS::SageMaker::Cluster", True) == (cluster.inputs["typeName"], cluster.protect)
    assert "" == problems("sagemaker", "CreateCluster", state)


def test_workers_are_tested_before_they_join_and_faulty_machines_replaced() -> None:
    state = desired_state(FACTS)
    groups = _groups(state)

    assert "Automatic" == state["NodeRecovery"]
    assert ["InstanceStress", "InstanceConnectivity"] == groups["workers"]["OnStartDeepHealthChecks"]
    assert "OnStartDeepHealthChecks" not in _groups(desired_state(replace(FACTS, accelerated=False)))["workers"]
    assert {"Controller", "Login", "Compute"} == {group["SlurmConfig"]["NodeType"] for group in groups.values()}


def test_every_machine_mounts_the_shared_files_and_encrypts_its_disk() -> None:
    for group in desired_state(FACTS)["InstanceGroups"]:
        disk, mount = group["InstanceStorageConfigs"]
        assert FACTS.kms_key_arn == disk["EbsVolumeConfig"]["VolumeKmsKeyId"]
        assert FACTS.file_system_dns == mount["FsxLustreConfig"]["DnsName"]


def test_only_workers_are_those_of_the_training_plan() -> None:
    groups = _groups(desired_state(FACTS))

    assert ["workers"] == [name for name, group in groups.items() if "TrainingPlanArn" in group]


def test_the_controller_runs_a_script_that_was_uploaded() -> None:
    graph = recorded(GRAPH)
    state = json.loads(one(graph, "cloudcontrol/resource:Resource").inputs["desiredState"])
    life = _groups(state)["controller"]["LifeCycleConfig"]
    uploaded = {f"s3://{each.inputs['bucket']}/{each.inputs['key']}" for each in of_type(graph, "BucketObjectv2")}

    assert f"{life['SourceS3Uri']}/{life['OnInitComplete']}" in uploaded
    assert f"{life['SourceS3Uri']}/cluster.env" in uploaded
    assert all("arn:aws:kms" in each.inputs["kmsKeyId"] for each in of_type(graph, "BucketObjectv2"))


def test_a_slurm_cluster_stands_in_the_last_environment_only() -> None:
    assert not of_type(recorded(GRAPH, "dev"), "cloudcontrol/resource:Resource")


def test_a_cluster_that_is_too_large_for_its_subnet() -> None:
    assert "" == addresses_problem("10.0.0.0/24", 24, 251)
    assert "has 251" in addresses_problem("10.0.0.0/24", 24, 252)


def test_machines_of_a_plan_are_paid_with_it() -> None:
    gaps = {row.dimension for row in cost.price(recorded(GRAPH)).unpriced}

    assert set() == gaps


def test_settings_of_the_scripts_stay_single_values() -> None:
    assert "A=1\nB=x/y\n" == environment({"B": "x/y", "A": "1"})
    with pytest.raises(ValueError, match="no spaces"):
        environment({"A": "x; rm -rf /"})


def test_a_request_becomes_a_job_and_two_that_answer(tmp_path: Path) -> None:
    """The script runs against an `aws` and an `sbatch` that write down how they were called."""
    arguments = {"run": "r1", "input_uri": "s3://in", "model_uri": "s3://out/model.tar.gz", "checkpoint_uri": "s3://c"}
    body = json.dumps({"status": "Executing", "token": "tok", "arguments": arguments})
    message = json.dumps({"body": body, "handle": "h1"})
    log = tmp_path / "log"
    programs = {
        "aws": f"""echo "aws $*" >> {log}
case "$*" in *delete-message*) kill $PPID ;; *) cat {tmp_path}/message ;; esac""",
        "sbatch": f"""echo "sbatch $* RUN=$RUN TOKEN=$CALLBACK_TOKEN MODEL=$MODEL_URI" >> {log}; echo 7""",
    }
    (tmp_path / "message").write_text(message)
    for name, text in programs.items():
        path = tmp_path / name
        path.write_text(f"#!/bin/bash\n{text}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    given = {"REQUESTS_URL": "https://queue", "NODES": "4", "PARTITION": "train", "MAX_RUNTIME_SECONDS": "7200"}

    subprocess.run(
        ["bash", str(SCRIPTS / "take_requests.sh")],
        env={**os.environ, **given, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        timeout=60,
        check=False,
        capture_output=True,
    )

    calls = log.read_text().splitlines()
    jobs = [call for call in calls if call.startswith("sbatch")]
    assert "--nodes=4" in jobs[0]
    assert "--time=120" in jobs[0]
    assert jobs[0].endswith("RUN=r1 TOKEN=tok MODEL=s3://out/model.tar.gz")
    assert ["afterok:7", "afternotok:7"] == [job.split("--dependency=")[1].split()[0] for job in jobs[1:]]
    assert ["success", "failure"] == [job.split("answer.sh ")[1].split()[0] for job in jobs[1:]]
    assert "--receipt-handle h1" in calls[-1]
