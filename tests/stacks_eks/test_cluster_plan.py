"""Which cluster follows from the answers, and what it costs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from stacks_eks.eks_project import KEPT, recorded

from modelkeel import answers, plan
from modelkeel.cost import price
from modelkeel.tables.instance import instances

ROOT = Path(__file__).resolve().parents[2]
LARGE = ("model_params_b=70", "model_family=llm_full_ft", "monthly_budget_usd=dev=10000000,prod=10000000")


def planned(example: str, *data: str) -> plan.Plan:
    return plan.build(answers.load(ROOT / "examples" / example / "answers.yml", data=data))


def config(made: plan.Plan, program: str = "cluster", environment: str = "prod") -> dict[str, Any]:
    (stack,) = [row for row in made.stacks if row.program == program and row.environment == environment]
    return {key.partition(":")[2]: value for key, value in stack.config.items() if key.startswith(program)}


def decided(made: plan.Plan, key: str) -> Any:
    return next(row.value for row in made.decisions if row.key == key)


def test_sagemaker_jobs_need_no_cluster() -> None:
    made = planned("fraud_realtime")

    assert "cluster" not in made.programs
    assert "cluster_instance_types" not in config(made, "identity")


@pytest.mark.parametrize("platform", ["eks_karpenter", "hyperpod_eks"])
def test_a_platform_on_kubernetes_brings_its_cluster(platform: str) -> None:
    made = planned("shared_platform", f"train_platform={platform}")

    assert "cluster" in made.programs
    assert (platform == "eks_karpenter") is config(made)["karpenter"]
    endpoints = set(config(made, "foundation")["interface_endpoints"])
    assert {"ec2", "eks", "eks-auth", "ecr.api", "ecr.dkr", "sts"} <= endpoints


def test_only_production_is_guarded_and_has_a_machine_in_each_zone() -> None:
    made = planned("shared_platform", "train_platform=eks_karpenter")

    assert (True, 3) == (config(made)["deletion_protection"], config(made)["system_nodes"])
    dev = config(made, environment="dev")
    assert (False, 2) == (dev["deletion_protection"], dev["system_nodes"])


def test_each_team_has_an_identity_of_its_own() -> None:
    made = planned("tabular_batch", "train_platform=eks_karpenter", "teams=[ride_eta, maps]")

    rows = config(made)["pod_identities"]
    assert ["ride-eta", "maps"] == [row["namespace"] for row in rows if row["role"] == "training"]
    assert {"pipeline": "pipeline", "training-requests": "requests"} == {
        row["namespace"]: row["role"] for row in rows if row["role"] != "training"
    }


def test_a_shared_platform_reads_its_teams_from_their_files() -> None:
    made = planned("shared_platform", "train_platform=eks_karpenter")

    assert "training" not in {row["role"] for row in config(made)["pod_identities"]}
    assert "teams" not in config(made, "kubernetes")
    for program in ("cluster", "identity", "kubernetes", "monitoring"):
        assert "../../teams" == config(made, program)["teams_folder"], program


def test_machines_stay_or_come_when_asked_for() -> None:
    bought = planned(
        "llm_finetune_serve",
        *LARGE,
        "train_platform=eks_karpenter",
        "purchase=on_demand",
        "node_scaling=managed_groups",
    )
    asked = planned("llm_finetune_serve", *LARGE, "train_platform=eks_karpenter", "purchase=on_demand")

    assert "managed_node_group" == decided(bought, "cluster_gpu_capacity")["form"]
    (row,) = config(bought)["gpu_node_groups"]
    assert row["desired_size"] == row["max_size"] == decided(bought, "training_instance_count")
    assert row["efa"] is (row["max_size"] > 1)
    assert "karpenter" == decided(asked, "cluster_gpu_capacity")["form"]
    assert "gpu_node_groups" not in config(asked)


def test_machines_that_stay_are_bought_for_production_only() -> None:
    made = planned("llm_finetune_serve", *LARGE, "train_platform=eks_karpenter", "node_scaling=managed_groups")

    assert "gpu_node_groups" not in config(made, environment="dev")
    inside = config(made, "kubernetes", "dev")
    assert ["general"] == [row["name"] for row in inside["pools"]]
    assert [0] == [team["gpus"] for team in inside["teams"]]
    assert config(made, "kubernetes")["kept"]


def test_a_capacity_block_waits_for_its_reservation() -> None:
    made = planned("llm_finetune_serve", *LARGE, "train_platform=eks_karpenter", "purchase=capacity_block")

    (row,) = config(made)["gpu_node_groups"]
    known = planned(
        "llm_finetune_serve",
        *LARGE,
        "train_platform=eks_karpenter",
        "purchase=capacity_block",
        "capacity_reservation_id=cr-0123456789abcdef0",
    )
    assert "cr-0123456789abcdef0" == config(known)["gpu_node_groups"][0]["reservation_id"]
    assert ("capacity_block", "", 0) == (row["purchase"], row["reservation_id"], row["desired_size"])


def test_karpenter_starts_machines_in_what_was_bought() -> None:
    bought = ("purchase=reservation", "node_scaling=karpenter", "capacity_reservation_id=cr-0123456789abcdef0")
    made = planned("llm_finetune_serve", *LARGE, "train_platform=eks_karpenter", *bought)

    def reserved(environment: str) -> list[str]:
        pools = config(made, "kubernetes", environment)["pools"]
        return [row["reservation_id"] for row in pools if "reservation_id" in row]

    assert (["cr-0123456789abcdef0"], []) == (reserved("prod"), reserved("dev"))


def test_only_machines_of_the_plan_can_be_started() -> None:
    made = planned("llm_finetune_serve", *LARGE, "train_platform=eks_karpenter", "purchase=on_demand")

    types = config(made, "identity")["cluster_instance_types"]
    pools = {row["instance_type"] for row in config(made, "kubernetes")["pools"]}
    assert {config(made)["system_instance_type"], *pools} == set(types)
    assert decided(made, "training_instance_type").removeprefix("ml.") in pools
    assert set(types) <= set(instances())


def test_a_closed_network_pulls_from_a_registry_of_its_own() -> None:
    closed = planned("shared_platform", "train_platform=eks_karpenter", "egress=none")
    open_ = planned("shared_platform", "train_platform=eks_karpenter", "egress=nat")

    registry = "333333333333.dkr.ecr.us-east-1.amazonaws.com/ml-platform-prod-mirror"
    assert (True, registry) == (config(closed)["mirror_images"], config(closed, "kubernetes")["image_registry"])
    assert config(open_)["mirror_images"] is False
    assert "image_registry" not in config(open_, "kubernetes")


def test_pods_have_addresses() -> None:
    """Sixteen blocks of 256: a subnet of machines with GPUs is /20 at least."""
    made = planned("llm_finetune_serve", *LARGE, "train_platform=eks_karpenter")

    assert all(int(cidr.rpartition("/")[2]) <= 20 for cidr in config(made, "foundation")["private_subnet_cidrs"])


def test_the_control_plane_and_the_machines_are_paid_all_month() -> None:
    bill = price(recorded())
    lines = {(line.urn.rsplit("::", 1)[-1], line.dimension): line for line in bill.lines}

    assert 73 == lines["cluster", "control plane"].base
    gpu = lines["gpu", "machines: p5.48xlarge"]
    assert (0, 1460) == (gpu.low, gpu.quantity)
    assert gpu.high > gpu.base
    assert not bill.unpriced or {row.type for row in bill.unpriced} <= {"aws:eks/nodeGroup:NodeGroup"}


def test_a_capacity_block_has_its_own_price_and_spot_a_share() -> None:
    block = {**KEPT, "desired_size": 0, "purchase": "capacity_block", "reservation_id": "cr-0123456789abcdef0"}
    spot = {**KEPT, "purchase": "spot"}

    reasons = {row.reason for row in price(recorded(cluster={"gpu_node_groups": [block]})).unpriced}
    assert any("paid when it is bought" in reason for reason in reasons)
    lines = price(recorded(cluster={"gpu_node_groups": [spot]})).lines
    assert any("spot saves" in line.assumption for line in lines if line.dimension == "machines: p5.48xlarge")
