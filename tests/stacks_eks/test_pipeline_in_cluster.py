"""The pipeline trains in the cluster: its jobs fit their custom resources, its requests are taken inside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_repository import of_type, one
from stacks_eks.eks_project import KUBERNETES, recorded
from stacks_eks.manifest_schema import problems
from stacks_eks.test_cluster_plan import config, planned

from modelkeel.errors import ModelkeelError
from modelkeel.graph import Graph
from stacks.documents.kubernetes_job import KubernetesJobFacts, job, runtime
from stacks.documents.queue_quota import EFA, GPU, HUGE_PAGES, capacity

JOB: dict[str, Any] = {
    "namespace": "pipeline",
    "engine": "torch",
    "package": "vision",
    "image_tag": "0.1.0",
    "instance_type": "p5.48xlarge",
    "nodes": 2,
    "vcpus": 192,
    "memory_gib": 2048,
    "gpus": 8,
    "efa": True,
    "max_runtime_seconds": 7200,
}
FACTS: dict[str, Any] = {
    "image_uri": "registry/image:0.1.0",
    "package": "vision",
    "queue": "training",
    "service_account": "pipeline",
    "efa_interfaces": 32,
    "environment": {"AWS_REGION": "eu-west-1"},
    **{key: JOB[key] for key in ("nodes", "vcpus", "memory_gib", "gpus", "max_runtime_seconds")},
}
MANIFEST, DEPLOYMENT, RUNTIME = "core/v1:ConfigMap", "apps/v1:Deployment", "v1alpha1:TrainingRuntime"
QUEUE, NAMESPACE, POLICY = "v1beta2:ClusterQueue", "core/v1:Namespace", "networking.k8s.io/v1:NetworkPolicy"


def facts(engine: str, **changes: Any) -> KubernetesJobFacts:
    return KubernetesJobFacts(engine=engine, **{**FACTS, **changes})


def trained(engine: str = "torch", **changes: Any) -> Graph:
    given = {f"job:{key}": value for key, value in {**JOB, "engine": engine}.items()}
    return recorded(kubernetes={"trains_pipeline": True, **given, **changes})


def manifest(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(one(graph, MANIFEST, "training-requests").inputs["data"]["job.json"])
    return found


@pytest.mark.parametrize(("engine", "kind"), [("torch", "TrainJob"), ("ray", "RayJob")])
def test_a_job_has_only_fields_that_its_kind_knows(engine: str, kind: str) -> None:
    made = manifest(trained(engine))

    assert kind == made["kind"]
    assert [] == problems(kind, made)
    made["spec"]["suspended"] = True
    assert [f"{kind}.spec.suspended is no field of it"] == problems(kind, made)


def test_what_jobs_are_made_of_fits_too() -> None:
    made = one(trained(), RUNTIME).inputs

    assert [] == problems("TrainingRuntime", {key: made[key] for key in ("apiVersion", "kind", "metadata", "spec")})


def test_a_job_waits_in_the_pipelines_queue_until_it_is_admitted() -> None:
    for engine in ("torch", "ray"):
        made = manifest(trained(engine))
        assert "training" == made["metadata"]["labels"]["kueue.x-k8s.io/queue-name"]
        assert made["spec"]["suspend"] is True


def pods(engine: str, **changes: Any) -> list[dict[str, Any]]:
    given = facts(engine, **changes)
    if engine == "torch":
        return [runtime(given)["template"]["spec"]["replicatedJobs"][0]["template"]["spec"]["template"]["spec"]]
    spec = job(given)["spec"]["rayClusterSpec"]
    return [spec["headGroupSpec"]["template"]["spec"], spec["workerGroupSpecs"][0]["template"]["spec"]]


@pytest.mark.parametrize("engine", ["torch", "ray"])
def test_pods_are_nobodys_way_out(engine: str) -> None:
    for pod in pods(engine):
        (container,) = pod["containers"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@pytest.mark.parametrize("engine", ["torch", "ray"])
@pytest.mark.parametrize(("vcpus", "memory_gib", "gpus", "efa"), [(192, 2048, 8, 32), (8, 32, 0, 0), (4, 16, 1, 0)])
@pytest.mark.parametrize("nodes", [1, 3])
def test_a_job_fits_the_quota_of_its_own_machines(
    engine: str, vcpus: int, memory_gib: int, gpus: int, efa: int, nodes: int
) -> None:
    """A job that asks for more than all machines together give would wait for ever."""
    size = {"vcpus": vcpus, "memory_gib": memory_gib, "gpus": gpus}
    whole = capacity([{**size, "most_nodes": nodes, "efa_interfaces": efa}])
    made = pods(engine, **size, nodes=nodes, efa_interfaces=efa)
    counts = [nodes] if engine == "torch" else [1, nodes]

    def asked(resource: str) -> int:
        amounts = [pod["containers"][0]["resources"]["requests"].get(resource, "0") for pod in made]
        return sum(
            count * int(amount.removesuffix("Gi").removesuffix("Mi"))
            for count, amount in zip(counts, amounts, strict=True)
        )

    assert asked("cpu") <= whole.cpus
    assert asked("memory") <= whole.memory_gib
    assert (asked(GPU), asked(EFA), asked(HUGE_PAGES)) == (whole.gpus, whole.efa, whole.huge_pages_mib)


def test_a_machine_that_is_taken_back_starts_all_again() -> None:
    spec = runtime(facts("torch"))["template"]["spec"]
    (node,) = spec["replicatedJobs"]

    (lost,) = node["template"]["spec"]["podFailurePolicy"]["rules"]
    assert ("FailJob", "DisruptionTarget") == (lost["action"], lost["onPodConditions"][0]["type"])
    (again,) = spec["failurePolicy"]["rules"]
    assert "RestartJobSetAndIgnoreMaxRestarts" == again["action"]
    assert 0 == runtime(facts("torch", nodes=1))["template"]["spec"]["failurePolicy"]["maxRestarts"]


def test_requests_are_taken_by_one_pod_inside_that_may_do_little() -> None:
    graph = trained()
    deployment = one(graph, DEPLOYMENT).inputs
    role = one(graph, "rbac.authorization.k8s.io/v1:Role").inputs

    assert 1 == deployment["spec"]["replicas"]
    assert "Recreate" == deployment["spec"]["strategy"]["type"]
    assert "true" == deployment["metadata"]["annotations"]["pulumi.com/skipAwait"]
    assert "pipeline" == role["metadata"]["namespace"]
    assert {"trainjobs", "pods"} == {kind for rule in role["rules"] for kind in rule["resources"]}
    assert not list(of_type(graph, "rbac.authorization.k8s.io/v1:ClusterRole"))
    enforced = one(graph, NAMESPACE, "training-requests").inputs["metadata"]["labels"]
    assert "restricted" == enforced["pod-security.kubernetes.io/enforce"]


def test_several_teams_leave_the_pipeline_what_is_nobodys() -> None:
    def own(**changes: Any) -> dict[str, str]:
        (group,) = one(trained(**changes), QUEUE, "pipeline").inputs["spec"]["resourceGroups"]
        return {row["name"]: row["nominalQuota"] for row in group["flavors"][0]["resources"]}

    assert "0" == own()[GPU]
    assert "8" == own(borrowing=False)[GPU]
    assert "training" == one(trained(), QUEUE, "pipeline").inputs["spec"]["cohortName"]


def test_the_only_team_is_the_pipelines_too() -> None:
    graph = trained(teams=[{"name": "pipeline", "gpus": 32}])

    assert ["pipeline"] == [each.name for each in of_type(graph, QUEUE)]


def test_ray_is_reached_by_its_operator_only() -> None:
    (rule,) = one(trained("ray"), POLICY, "training-requests-ray").inputs["spec"]["ingress"]

    assert {"kubernetes.io/metadata.name": "ray-system"} == rule["from"][0]["namespaceSelector"]["matchLabels"]
    assert [8265] == [port["port"] for port in rule["ports"]]
    assert not list(of_type(trained("ray"), RUNTIME))


def test_an_engine_that_there_is_not_is_refused() -> None:
    with pytest.raises(ModelkeelError) as caught:
        trained("horovod")

    assert "job:engine is 'horovod', allowed: torch, ray" in str(caught.value.problems[0])


def test_without_it_nothing_of_the_pipeline_is_in_the_cluster() -> None:
    assert not list(of_type(recorded(), DEPLOYMENT))
    assert "trains_pipeline" not in KUBERNETES


def test_the_plan_queues_what_the_teams_engine_runs() -> None:
    large = ("model_params_b=70", "model_family=llm_full_ft", "monthly_budget_usd=dev=10000000,prod=10000000")
    made = planned("llm_finetune_serve", *large, "train_platform=eks_karpenter", "existing_engine=ray")
    stack = next(row for row in made.stacks if (row.program, row.environment) == ("kubernetes", "prod"))

    assert "ray" == stack.config["job:engine"]
    assert stack.config["job:nodes"] * stack.config["job:gpus"] > 0
    assert "eks_karpenter" == config(made, "training")["train_platform"]
    assert config(made, "identity")["requests_training"] is True


def test_code_is_tried_on_a_small_machine_before_production() -> None:
    large = ("model_params_b=70", "model_family=llm_full_ft", "monthly_budget_usd=dev=10000000,prod=10000000")
    made = planned("llm_finetune_serve", *large, "train_platform=eks_karpenter", "purchase=on_demand")
    dev = config(made, "kubernetes", "dev")

    (gpu,) = [row for row in dev["pools"] if row["gpus"]]
    assert gpu["instance_type"].startswith("g")
    assert (1, False) == (gpu["most_nodes"], gpu["efa"])
    assert gpu["instance_type"] in config(made, "identity", "dev")["cluster_instance_types"]


def test_machines_that_stay_train_in_production_only() -> None:
    large = ("model_params_b=70", "model_family=llm_full_ft", "monthly_budget_usd=dev=10000000,prod=10000000")
    made = planned("llm_finetune_serve", *large, "train_platform=eks_karpenter", "node_scaling=managed_groups")

    assert "sagemaker_jobs" == config(made, "training", "dev")["train_platform"]
    assert "trains_pipeline" not in config(made, "kubernetes", "dev")


def test_teams_that_lend_nothing_leave_the_pipeline_no_machine() -> None:
    asked = ("train_platform=eks_karpenter", "teams=[maps, eta]", "team_borrowing=false")
    with pytest.raises(ModelkeelError) as caught:
        planned("tabular_batch", *asked)

    assert "the pipeline's own training finds none" in caught.value.problems[0].what


def test_schemas_are_dated() -> None:
    for path in sorted((Path(__file__).parent / "schemas").glob("*.json")):
        known = json.loads(path.read_text(encoding="utf-8"))
        assert known["source"], path.name
        assert known["checked"], path.name
