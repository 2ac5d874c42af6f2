"""vLLM in the cluster: only what was approved is served, by servers that nobody else reaches and that scale by use."""

from __future__ import annotations

import json
from typing import Any

import pytest
import repositories
from small_repository import of_type, one
from stacks_eks.eks_project import recorded
from stacks_serving.servers import PACKAGE, POOL, SERVER, served

from modelkeel import answers, cost, findings, quotas
from modelkeel.errors import ModelkeelError
from stacks.charts import charts, copied_images, server_image

DEPLOYMENT, SERVICE, POLICY = "apps/v1:Deployment", "core/v1:Service", "networking.k8s.io/v1:NetworkPolicy"
SCALER, RELEASE = "ScaledObject", "Release"
NAME = "language-server"


def deployment(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = one(served(**changes), DEPLOYMENT, NAME).inputs["spec"]
    return found


def pod(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = deployment(**changes)["template"]["spec"]
    return found


def server(**changes: Any) -> dict[str, Any]:
    (found,) = pod(**changes)["containers"]
    return dict(found)


def scaled(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = one(served(**changes), SCALER).inputs["spec"]
    return found


def permissions() -> list[dict[str, Any]]:
    (policy,) = [each for each in of_type(served(), "iam/policy:Policy") if each.name == NAME]
    found: list[dict[str, Any]] = json.loads(policy.inputs["policy"])["Statement"]
    return found


def test_without_an_approved_package_nothing_is_served() -> None:
    waiting = served(approved=False)

    assert [] == [each for each in of_type(waiting, DEPLOYMENT) if each.name == NAME]
    assert [] == [*of_type(waiting, SCALER)]
    assert [] == [each for each in of_type(waiting, "PodIdentityAssociation") if each.name == NAME]
    assert one(waiting, SERVICE, NAME).inputs["spec"]["selector"] == {"app": "vllm"}


@pytest.mark.slow
def test_before_a_model_is_approved_silence_is_no_alarm_and_nothing_is_wrong() -> None:
    made = answers.load(repositories.ROOT / "examples/llm_finetune_serve/answers.yml", data=["serving_platform=eks"])
    graphs = {approved: repositories.recorded(made, "prod", approved=approved) for approved in (False, True)}

    silence = {
        approved: one(graph, "metricAlarm:MetricAlarm", "language-server-silence").inputs["treatMissingData"]
        for approved, graph in graphs.items()
    }
    wrong = [
        row.message
        for graph in graphs.values()
        for row in findings.check(graph, repositories.ROOT / "policies").findings
        if row.result != "pass"
    ]
    assert silence == {False: "notBreaching", True: "breaching"}
    assert wrong == []


def test_the_pod_asks_the_registry_for_the_package_before_it_serves() -> None:
    first, second = pod()["initContainers"]

    assert ["fetch", "measure"] == [first["name"], second["name"]]
    assert {"name": "MODEL_PACKAGE_ARN", "value": PACKAGE} in first["env"]
    assert "Always" == second["restartPolicy"]


def test_a_server_is_what_the_plan_sized() -> None:
    made = server()

    assert {"tensor-parallel-size=2", "max-model-len=4096", "max-num-seqs=43", "shutdown-timeout=120"} <= {
        argument.removeprefix("--") for argument in made["command"]
    }
    assert made["resources"]["limits"] == {"memory": "162Gi", "nvidia.com/gpu": "2"}
    assert "19" == made["resources"]["requests"]["cpu"]


def test_a_start_has_as_long_as_loading_takes() -> None:
    probe = server()["startupProbe"]

    assert SERVER["load_seconds"] <= probe["failureThreshold"] * probe["periodSeconds"] < SERVER["load_seconds"] + 10
    assert 900 + SERVER["fetch_seconds"] + SERVER["load_seconds"] == deployment()["progressDeadlineSeconds"]


def test_a_server_that_ends_answers_what_it_began() -> None:
    stop = server()["lifecycle"]["preStop"]["sleep"]["seconds"]

    assert stop + 120 < pod()["terminationGracePeriodSeconds"]


def test_an_update_takes_no_server_before_another_is_ready() -> None:
    assert {"maxSurge": 1, "maxUnavailable": 0} == deployment()["strategy"]["rollingUpdate"]
    assert "replicas" not in deployment()


def test_the_pod_runs_under_the_strictest_rules() -> None:
    found = pod()

    assert (True, {"type": "RuntimeDefault"}) == (
        found["securityContext"]["runAsNonRoot"],
        found["securityContext"]["seccompProfile"],
    )
    for container in (*found["initContainers"], *found["containers"]):
        own = container["securityContext"]
        assert (False, True, ["ALL"]) == (
            own["allowPrivilegeEscalation"],
            own["readOnlyRootFilesystem"],
            own["capabilities"]["drop"],
        )
    (space,) = [each for each in of_type(served(), "core/v1:Namespace") if each.name == NAME]
    assert "restricted" == space.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]


@pytest.mark.parametrize(("must", "otherwise"), [(True, "DoNotSchedule"), (False, "ScheduleAnyway")])
def test_servers_spread_over_zones_where_availability_asks(must: bool, otherwise: str) -> None:
    zone, machine = pod(spread_over_zones=must)["topologySpreadConstraints"]

    assert ("topology.kubernetes.io/zone", otherwise) == (zone["topologyKey"], zone["whenUnsatisfiable"])
    assert "ScheduleAnyway" == machine["whenUnsatisfiable"]


def test_servers_stand_on_machines_of_their_own() -> None:
    (pool,) = [each for each in of_type(served(), ":NodePool") if each.custom and each.name == "serving"]

    labels = pool.inputs["spec"]["template"]["metadata"]["labels"]
    assert pod()["nodeSelector"] == {"purpose": labels["purpose"]} == {"purpose": "serving"}
    assert [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}] == pool.inputs["spec"]["template"][
        "spec"
    ]["taints"]


def test_the_machines_of_servers_are_nobodys_quota() -> None:
    quotas = [each.inputs["spec"] for each in of_type(served(), "ClusterQueue")]
    without = [each.inputs["spec"] for each in of_type(recorded(), "ClusterQueue")]

    assert without == quotas


def test_requests_that_are_answered_and_that_wait_scale_the_servers() -> None:
    made = scaled()
    metrics = {row["metadata"]["valueLocation"] for row in made["triggers"]}

    assert {"vllm:num_requests_running", "vllm:num_requests_waiting"} == metrics
    assert {"21"} == {row["metadata"]["targetValue"] for row in made["triggers"]}
    assert (4, 6, 4) == (made["minReplicaCount"], made["maxReplicaCount"], made["fallback"]["replicas"])


def test_an_environment_that_rests_has_no_server_at_night() -> None:
    made = scaled(awake_from="0 8 * * MON-FRI", awake_until="0 18 * * MON-FRI", hours_timezone="Europe/Berlin")
    (hours,) = [row["metadata"] for row in made["triggers"] if row["type"] == "cron"]

    assert (0, "4") == (made["minReplicaCount"], hours["desiredReplicas"])
    assert ("0 8 * * MON-FRI", "0 18 * * MON-FRI", "Europe/Berlin") == (hours["start"], hours["end"], hours["timezone"])
    assert "fallback" not in made


def test_only_the_project_and_the_scaler_reach_a_server() -> None:
    rules = {each.name: each.inputs["spec"] for each in of_type(served(), POLICY) if each.name.startswith(NAME)}

    assert {f"{NAME}-{label}" for label in ("closed", "callers", "names", "services")} == set(rules)
    (entry,) = rules[f"{NAME}-callers"]["ingress"]
    assert [{"project": "vision"}, {"kubernetes.io/metadata.name": "keda"}] == [
        row["namespaceSelector"]["matchLabels"] for row in entry["from"]
    ]
    assert [{"port": 8000, "protocol": "TCP"}] == entry["ports"]


def test_a_server_reads_models_and_knows_one_package() -> None:
    rows = {row["Sid"]: row for row in permissions()}

    assert PACKAGE == rows["KnowPackage"]["Resource"]
    assert all(arn.endswith("/models/*") for arn in rows["ReadModel"]["Resource"])
    assert {"KnowPackage", "ReadModel", "FindFiles", "UseKeys", "Metrics"} == set(rows)
    assert [] == [row for row in rows.values() if any(verb in str(row["Action"]) for verb in ("Put", "Delete"))][1:]


def test_the_image_comes_from_the_mirror_where_the_network_is_closed() -> None:
    mirror = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/vision-prod-mirror"

    assert server_image("") == server()["image"]
    assert f"{mirror}/vllm/vllm-openai:v0.33.0" == server(image_registry=mirror)["image"]
    copies = {each.name for each in of_type(served(), "ecr/repository:Repository")}
    assert "mirror-vllm-vllm-openai" in copies
    assert set(copied_images()) < set(copied_images(serving=True))


def test_the_machines_count_towards_the_accounts_quotas_and_the_bill() -> None:
    (need,) = [each for each in quotas.needed(served()) if each.use == "ec2_g"]
    (line,) = [each for each in cost.price(served()).lines if each.dimension == "machines that serve: g6e.12xlarge"]

    assert POOL["most_nodes"] * POOL["vcpus"] == need.needed
    assert line.assumption.startswith("2 to 3 machines")


def test_what_scales_servers_is_installed_where_something_serves() -> None:
    assert {*charts(), "keda"} == {each.name for each in of_type(served(), RELEASE)}


def test_a_load_balancer_reaches_the_servers_by_address_and_shows_no_more_than_their_interface() -> None:
    graph = served(balanced=True)
    target, rule = one(graph, "lb/targetGroup:TargetGroup").inputs, one(graph, "lb/listenerRule:ListenerRule").inputs
    binding = one(graph, "TargetGroupBinding").inputs["spec"]

    assert ("ip", 8000, "/health") == (target["targetType"], target["port"], target["healthCheck"]["path"])
    assert ["/v1/*"] == rule["conditions"][0]["pathPattern"]["values"]
    assert {"name": "vllm", "port": 8000} == binding["serviceRef"]
    assert ":targetgroup/" in binding["targetGroupARN"]
    assert [] == [*of_type(graph, "lambda/function:Function")]


def test_the_way_from_the_load_balancer_to_the_servers_is_one_port() -> None:
    graph = served(balanced=True)
    (out,) = [each.inputs for each in of_type(graph, "SecurityGroupEgressRule") if each.name == "balancer-servers"]
    (into,) = [each.inputs for each in of_type(graph, "SecurityGroupIngressRule") if each.name == "balancer-servers"]
    rules = {each.name: each.inputs["spec"] for each in of_type(graph, POLICY)}
    (entry,) = rules[f"{NAME}-callers"]["ingress"]

    assert {(8000, 8000)} == {(row["fromPort"], row["toPort"]) for row in (out, into)}
    assert out["securityGroupId"] == into["referencedSecurityGroupId"]
    assert {"ipBlock": {"cidr": "10.20.0.0/18"}} in entry["from"]


def test_what_registers_servers_makes_nothing() -> None:
    graph = served(balanced=True)
    (policy,) = [each for each in of_type(graph, "iam/policy:Policy") if each.name == "balancer-targets"]
    (release,) = [each for each in of_type(graph, RELEASE) if each.name == "aws-load-balancer-controller"]
    rows = {row["Sid"]: row for row in json.loads(policy.inputs["policy"])["Statement"]}

    assert {"RegisterTargets", "Look"} == set(rows)
    assert all(":Describe" in action for action in rows["Look"]["Action"])
    assert release.inputs["values"]["controllerConfig"]["featureGates"]["EnableServiceController"] is False


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"min_servers": 7}, "min_servers is 7"),
        ({"tensor_parallel": 3}, "tensor_parallel is 3"),
        ({"concurrent_requests_per_server": 44}, "concurrent_requests_per_server is 44"),
        ({"awake_from": "0 8 * * *"}, "go together"),
    ],
)
def test_sizes_that_nothing_takes_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelkeelError, match=said):
        served(**changes)
