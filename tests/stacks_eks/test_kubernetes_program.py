"""Facts about the graph of the kubernetes program."""

from __future__ import annotations

import json
from typing import Any

import pytest
from small_repository import of_type, one
from stacks_eks.eks_project import GENERAL, KUBERNETES, POOL, recorded, stack

from modelkeel.cost import price
from modelkeel.errors import ModelkeelError
from modelkeel.quotas.compute import demands
from stacks.charts import charts, copied_images, mirrored, with_images
from stacks.documents.kubeconfig import kubeconfig
from stacks.documents.queue_quota import EFA, GPU, Capacity, capacity, quotas, unpromised

QUEUE, POOL_TYPE, CLASS = "v1beta2:ClusterQueue", "karpenter.sh/v1:NodePool", "karpenter.k8s.aws/v1:EC2NodeClass"
RELEASE, NAMESPACE, POLICY = "helm.sh/v3:Release", "core/v1:Namespace", "networking.k8s.io/v1:NetworkPolicy"
WHOLE = Capacity(cpus=100, memory_gib=1000, gpus=32, efa=0, huge_pages_mib=0)


def refusal(**changes: Any) -> str:
    with pytest.raises(ModelkeelError) as caught:
        recorded(kubernetes=changes)
    return "\n".join(f"{problem.what} {problem.got}" for problem in caught.value.problems)


def spec(suffix: str, name: str, **changes: Any) -> dict[str, Any]:
    return dict(one(recorded(kubernetes=changes), suffix, name).inputs["spec"])


def test_everything_goes_through_the_provider_of_this_cluster() -> None:
    """A default provider would take the cluster of whoever runs the program."""
    graph = recorded()
    found = [each for each in stack(graph, "kubernetes").resources if each.type.startswith("kubernetes:")]

    assert len(found) > 20
    assert {one(graph, "pulumi:providers:kubernetes").urn} == {each.provider for each in found}


def test_the_cluster_is_reached_with_a_token_of_whoever_runs_the_program() -> None:
    config = json.loads(kubeconfig("vision-prod-cluster", "https://x", "Q0E=", "eu-west-1"))

    user = config["users"][0]["user"]
    assert ["exec"] == list(user)
    assert ["eks", "get-token", "--cluster-name", "vision-prod-cluster"] == user["exec"]["args"][:4]
    assert "https://x" == config["clusters"][0]["cluster"]["server"]


def test_every_chart_is_installed_in_its_pinned_version() -> None:
    releases = {each.name: each.inputs for each in of_type(recorded(), RELEASE)}

    assert set(charts()) == set(releases)
    for name, row in charts().items():
        assert row["version"] == releases[name]["version"], name
        assert row["namespace"] == releases[name]["namespace"], name
        assert releases[name]["atomic"] is True
        assert ("repository" in row) is (not row["chart"].startswith("oci://"))


def test_a_network_without_a_way_out_pulls_copies_of_the_images() -> None:
    registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/vision-prod-mirror"
    graph = recorded(kubernetes={"image_registry": registry})

    values = one(graph, RELEASE, "karpenter").inputs["values"]
    assert f"{registry}/karpenter/controller" == values["controller"]["image"]["repository"]
    assert "1" == values["controller"]["resources"]["limits"]["cpu"]
    assert f"{registry}/nvidia/k8s/dcgm-exporter" == mirrored(registry, "nvcr.io/nvidia/k8s/dcgm-exporter")


def test_every_image_of_a_chart_has_a_copy() -> None:
    """A value that names an image, and an image that nobody copies, would leave a closed cluster without it."""
    for name, row in charts().items():
        named = set(row.get("images", {}).values())
        assert named <= set(copied_images()), name
        assert named or row["registries"], name
    registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/vision-prod-mirror"
    trainer = with_images("kubeflow-trainer", {}, registry)
    assert registry == trainer["image"]["registry"] == trainer["jobset"]["image"]["registry"]


def test_a_closed_network_has_a_repository_for_each_image() -> None:
    graph = recorded(cluster={"mirror_images": True})

    made = {each.inputs["name"]: each.inputs for each in of_type(graph, "ecr/repository:Repository")}
    assert {mirrored("vision-prod-mirror", image) for image in copied_images()} == set(made)
    assert {"IMMUTABLE"} == {row["imageTagMutability"] for row in made.values()}
    assert not list(of_type(recorded(), "ecr/repository:Repository"))


def test_a_team_owns_its_gpus_and_borrows_what_lies_idle() -> None:
    queue = spec(QUEUE, "planning")

    (group,) = queue["resourceGroups"]
    own = {row["name"]: row["nominalQuota"] for row in group["flavors"][0]["resources"]}
    assert ("16", "64") == (own[GPU], own[EFA])
    assert ("training", "Any") == (queue["cohortName"], queue["preemption"]["reclaimWithinCohort"])
    assert {"matchLabels": {"kubernetes.io/metadata.name": "planning"}} == queue["namespaceSelector"]
    assert set(own) == set(group["coveredResources"])


def test_what_is_nobodys_own_is_there_to_borrow() -> None:
    (group,) = spec("v1beta2:Cohort", "training")["resourceGroups"]

    assert {GPU: "8"}.items() <= {row["name"]: row["nominalQuota"] for row in group["flavors"][0]["resources"]}.items()


def test_without_borrowing_a_team_keeps_to_itself() -> None:
    graph = recorded(kubernetes={"borrowing": False})

    assert "cohortName" not in one(graph, QUEUE, "planning").inputs["spec"]
    assert not list(of_type(graph, "v1beta2:Cohort"))
    hard = one(graph, "core/v1:ResourceQuota", "planning").inputs["spec"]["hard"]
    assert "16" == hard["requests.nvidia.com/gpu"]


def test_each_team_has_a_queue_that_its_jobs_name() -> None:
    graph = recorded()

    local = {each.inputs["metadata"]["namespace"]: each for each in of_type(graph, "v1beta2:LocalQueue")}
    assert {"planning", "routing"} == set(local)
    assert "training/training" != local["planning"].id == "planning/training"
    assert {"planning": "training", "routing": "training"} == stack(graph, "kubernetes").exports["queues"]


def test_a_teams_pods_are_closed_in_but_for_each_other_names_and_services() -> None:
    graph = recorded()
    rules = {
        each.name.removeprefix("planning-"): each.inputs["spec"]
        for each in of_type(graph, POLICY)
        if "planning" in each.name
    }

    assert {"closed", "team", "names", "services"} == set(rules)
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} == rules["closed"]
    assert [{"from": [{"podSelector": {}}]}] == rules["team"]["ingress"]
    ports = {port["port"] for rule in rules["services"]["egress"] for port in rule["ports"]}
    assert {443, 80} == ports


def test_only_the_devices_namespace_may_run_privileged_pods() -> None:
    enforced = {
        each.name: each.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        for each in of_type(recorded(), NAMESPACE)
    }

    assert ["gpu-system"] == [name for name, level in enforced.items() if level == "privileged"]
    assert {"baseline"} == {level for name, level in enforced.items() if name != "gpu-system"}


def test_machines_on_demand_are_as_closed_as_those_that_stay() -> None:
    machines = spec(CLASS, "gpu-class")

    assert {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1} == (
        machines["metadataOptions"]
    )
    (disk,) = machines["blockDeviceMappings"]
    assert disk["ebs"]["encrypted"] is True
    assert disk["ebs"]["kmsKeyID"].startswith("arn:aws:kms:")
    assert "instanceProfile" in machines
    assert "role" not in machines


def test_machines_that_talk_over_efa_stand_together() -> None:
    machines = spec(CLASS, "gpu-class")

    assert [{"id": "subnet-0a"}] == machines["subnetSelectorTerms"]
    assert 2 == len(machines["securityGroupSelectorTerms"])
    assert {"name": "vision-prod-karpenter"} == machines["placementGroupSelector"]
    assert 3 == len(spec(CLASS, "general-class")["subnetSelectorTerms"])


def test_a_pool_stops_at_its_limit_and_leaves_running_jobs_alone() -> None:
    pool = spec(POOL_TYPE, "gpu")

    assert {"cpu": "768", GPU: "32"} == pool["limits"]
    assert "WhenEmpty" == pool["disruption"]["consolidationPolicy"]
    assert ["on-demand"] == pool["template"]["spec"]["requirements"][1]["values"]
    spot = spec(POOL_TYPE, "gpu", pools=[{**POOL, "spot": True}])
    assert ["spot"] == spot["template"]["spec"]["requirements"][1]["values"]


def test_machines_that_were_bought_come_from_their_reservation_only() -> None:
    pools = [GENERAL, {**POOL, "reservation_id": "cr-0123456789abcdef0"}]
    machines, pool = spec(CLASS, "gpu-class", pools=pools), spec(POOL_TYPE, "gpu", pools=pools)

    assert [{"id": "cr-0123456789abcdef0"}] == machines["capacityReservationSelectorTerms"]
    assert 3 == len(machines["subnetSelectorTerms"])
    assert "placementGroupSelector" not in machines
    assert ["reserved"] == pool["template"]["spec"]["requirements"][1]["values"]
    graph = recorded(kubernetes={"pools": pools})
    assert one(graph, RELEASE, "karpenter").inputs["values"]["settings"]["featureGates"] == {"reservedCapacity": True}
    assert not [line for line in price(graph).lines if line.dimension == "machines on demand: p5.48xlarge"]
    assert "capacityReservationSelectorTerms" not in spec(CLASS, "general-class", pools=pools)


def test_quotas_and_costs_know_the_machines_on_demand() -> None:
    graph = recorded()

    (asked,) = demands(one(graph, POOL_TYPE, "gpu"))
    assert ("ec2_p", 768) == (asked.use, asked.count)
    bill = price(graph)
    lines = {line.dimension: line for line in bill.lines}
    assert 0 < lines["machines on demand: p5.48xlarge"].quantity <= 400
    assert not [row for row in bill.unpriced if row.type.startswith("kubernetes:")]


def test_without_gpus_no_agent_of_theirs_is_installed() -> None:
    graph = recorded(kubernetes={"pools": [GENERAL], "teams": [{"name": "planning", "gpus": 0}]})

    assert {"karpenter", "kueue", "kuberay-operator", "kubeflow-trainer"} == {
        each.name for each in of_type(graph, RELEASE)
    }


def test_before_the_cluster_is_there_the_program_can_be_previewed() -> None:
    assert list(of_type(recorded("preview"), QUEUE))


def test_shares_follow_the_gpus_and_add_up() -> None:
    teams = [{"name": "a", "gpus": 8}, {"name": "b", "gpus": 16}]

    found = quotas(teams, WHOLE)
    assert ("25", "50") == (found["a"]["cpu"], found["b"]["cpu"])
    assert {"cpu": "25", "memory": "250Gi", GPU: "8"} == unpromised(teams, WHOLE)


def test_teams_without_gpus_share_in_equal_parts() -> None:
    whole = capacity([{**GENERAL, "most_nodes": 10}])

    found = quotas([{"name": "a", "gpus": 0}, {"name": "b", "gpus": 0}], whole)
    assert found["a"] == found["b"] == {"cpu": "36", "memory": "144Gi"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"teams": [{"name": "planning", "gpus": 33}]}, "promises 33 GPUs (planning 33), the machines have 32"),
        ({"pools": [{**POOL, "instance_type": "g5.xlarge"}]}, "'g5.xlarge' has no EFA"),
        ({"pools": [{**POOL, "size": 1}]}, "unknown: size"),
        ({"pools": [{"name": "gpu", "most_nodes": 4}], "teams": []}, "missing: instance_type, vcpus"),
        ({"teams": None}, "kubernetes:teams is missing"),
        ({"pools": [{**POOL, "spot": True, "reservation_id": "cr-0"}]}, "pool gpu is reserved and Spot"),
    ],
)
def test_what_would_never_be_scheduled_is_refused(changes: dict[str, Any], said: str) -> None:
    assert said in refusal(**changes)


def test_settings_of_this_test_are_whole() -> None:
    assert {"pools", "teams", "borrowing", "kube_ray", "trainer", "service_account"} == set(KUBERNETES)
