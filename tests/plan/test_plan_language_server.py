"""What follows from an answer that wants a language model served in the Kubernetes cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modelkeel import answers, plan

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "llm_finetune_serve" / "answers.yml"


def planned(*data: str) -> plan.Plan:
    return plan.build(answers.load(EXAMPLE, data=("serving_platform=eks", *data)))


def config(made: plan.Plan, program: str, environment: str = "prod") -> dict[str, Any]:
    (stack,) = [row for row in made.stacks if row.program == program and row.environment == environment]
    return {key.partition(":")[2]: value for key, value in stack.config.items() if key.startswith(f"{program}:")}


def decided(made: plan.Plan, key: str) -> Any:
    return next(row for row in made.decisions if row.key == key)


def unbuilt(*data: str) -> list[str]:
    given = answers.load(EXAMPLE, data=("serving_platform=eks", *data))
    return list(plan.template_data(given, plan.build(given))["prose"]["not_built"])


def test_the_cluster_serves_and_sagemaker_does_not() -> None:
    made = planned()

    assert ["eks"] == config(made, "serving")["modes"]
    assert {"cluster", "kubernetes", "serving"} <= set(made.programs)
    assert [] == config(made, "identity")["endpoint_instance_types"]
    assert "sagemaker.runtime" not in config(made, "foundation")["interface_endpoints"]


def test_the_machines_that_serve_are_a_pool_and_may_be_started() -> None:
    made = planned()
    (pool,) = [row for row in config(made, "kubernetes")["pools"] if row.get("serves")]
    serving = config(made, "serving")

    assert pool["instance_type"] in config(made, "identity")["cluster_instance_types"]
    per_machine = pool["gpus"] // serving["eks_tensor_parallel"]
    assert serving["eks_max_servers"] == per_machine * (pool["most_nodes"] - 1)
    assert serving["eks_min_servers"] == per_machine * pool["least_nodes"]


@pytest.mark.parametrize("size", ["8", "32", "70"])
def test_servers_of_a_machine_fit_into_it(size: str) -> None:
    made = planned(f"model_params_b={size}", "monthly_budget_usd=dev=1000000,prod=1000000", "p99_ms=50000")
    serving = config(made, "serving")
    (pool,) = [row for row in config(made, "kubernetes")["pools"] if row.get("serves")]
    each = pool["gpus"] // serving["eks_tensor_parallel"]

    assert each * serving["eks_cpus"] < pool["vcpus"]
    assert each * serving["eks_memory_gib"] < pool["memory_gib"]
    assert serving["eks_disk_gib"] > 1.86 * float(size)


def test_dev_rests_at_night_by_the_clock_of_its_people() -> None:
    made = planned("dev_hours=workdays", "timezone=Europe/Berlin")
    dev = config(made, "serving", "dev")

    assert ("0 8 * * MON-FRI", "0 18 * * MON-FRI") == (dev["eks_awake_from"], dev["eks_awake_until"])
    assert "Europe/Berlin" == dev["eks_hours_timezone"]
    assert "eks_awake_from" not in config(made, "serving")
    (pool,) = [row for row in config(made, "kubernetes", "dev")["pools"] if row.get("serves")]
    assert pool["busy_hours_per_month"] < 730
    assert config(made, "monitoring", "dev")["server_rests"] is True


def test_what_kubernetes_cannot_do_is_said() -> None:
    made = planned()

    assert "rolling" == decided(made, "rollout").value
    assert "no alarm turns" in decided(made, "rollout").reason
    assert 0 == decided(made, "capture_percent").value


CERTIFICATE = "arn:aws:acm:us-east-1:222222222222:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_a_load_balancer_stands_before_the_servers_where_it_has_a_certificate() -> None:
    asked = ("exposure=internal_alb", f"certificate_arns=prod={CERTIFICATE}", "payload_kb=2000")
    made = planned(*asked)

    assert CERTIFICATE == config(made, "serving")["balancer_certificate_arn"]
    assert config(made, "cluster")["balancer_targets"] is config(made, "kubernetes")["balancer_targets"] is True
    assert "elasticloadbalancing" in config(made, "foundation")["interface_endpoints"]
    assert "balanced" not in config(made, "serving", "dev")
    assert any("names none for dev" in row for row in unbuilt(*asked))


def test_what_the_servers_do_not_do_is_said_and_nothing_else() -> None:
    said = [row for row in unbuilt("dev_hours=workdays") if "eks" in row or "cluster" in row]

    assert ["captures no requests", "over_budget", "exposure"] == [
        word for row in said for word in ("captures no requests", "over_budget", "exposure") if word in row
    ]
