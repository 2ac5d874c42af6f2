"""Dev serves on machines that it may use; what follows keeps the ones that carry the peak."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelkeel import answers, plan
from modelkeel.plan import Plan
from policies.accelerator import is_listed

ROOT = Path(__file__).resolve().parents[2]
BUDGETS = {"dev": 1_000_000, "prod": 1_000_000}
LARGE = ("model_family=llm_full_ft", "model_params_b=70", "train_gpu=multi_node", "context_tokens=4096")


def planned(*data: str, environments: tuple[str, ...] = ("dev", "prod")) -> Plan:
    budgets = ", ".join(f"{name}: {BUDGETS[name]}" for name in environments)
    accounts = ", ".join(f"{name}: '{str(number) * 12}'" for number, name in enumerate(environments, 1))
    given = (
        f"environments={','.join(environments)}",
        f"monthly_budget_usd={{{budgets}}}",
        f"account_ids={{{accounts}}}",
    )
    return plan.build(answers.load(ROOT / "examples" / "llm_finetune_serve" / "answers.yml", data=(*data, *given)))


def serving_types(made: Plan, environment: str) -> set[str]:
    config = next(row.config for row in made.stacks if (row.program, row.environment) == ("serving", environment))
    return {str(value) for key, value in config.items() if key.endswith("_instance_type")}


def allowed_types(made: Plan, environment: str) -> set[str]:
    config = next(row.config for row in made.stacks if (row.program, row.environment) == ("identity", environment))
    found = config["identity:endpoint_instance_types"]
    assert isinstance(found, list)
    return set(found)


@pytest.mark.parametrize("mode", ["realtime", "async", "realtime,batch"])
def test_dev_has_a_machine_that_it_may_use_and_that_its_roles_allow(mode: str) -> None:
    made = planned(*LARGE, f"serving_mode={mode}", "peak_rps=40")

    for environment in ("dev", "prod"):
        assert serving_types(made, environment) == allowed_types(made, environment)
        assert all(is_listed(name, environment) for name in serving_types(made, environment))
    assert not all(is_listed(name, "dev") for name in serving_types(made, "prod"))


def test_a_decision_says_which_machine_and_why() -> None:
    made = planned(*LARGE, "peak_rps=40")

    (found,) = (row for row in made.decisions if row.key == "rehearsal_serving_instance_types")
    assert set(found.value) == serving_types(made, "dev")


def test_a_model_that_only_a_rack_holds_keeps_it_and_the_control_asks() -> None:
    made = planned(*LARGE, "model_params_b=405", "peak_rps=1")

    assert serving_types(made, "dev") == serving_types(made, "prod")
    assert not any(is_listed(name, "dev") for name in serving_types(made, "dev"))


def test_one_environment_has_no_dev_of_its_own() -> None:
    made = planned(*LARGE, "peak_rps=40", environments=("prod",))

    assert "rehearsal_serving_instance_types" not in [row.key for row in made.decisions]
