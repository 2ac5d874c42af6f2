"""Which platform, which endpoint, which class, how much of what: the rules by their cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelkeel import answers, plan
from modelkeel.answers import Answers
from modelkeel.answers.ai_act import risk_class
from modelkeel.errors import ModelkeelError
from modelkeel.plan import edge, reservation, team_quota
from modelkeel.tables.kubernetes_version import longest_supported
from modelkeel.tables.maturity_practice import maturity_practices

ROOT = Path(__file__).resolve().parents[2]
RICH = "monthly_budget_usd=dev=10000000,prod=10000000"


def loaded(example: str, *data: str) -> Answers:
    return answers.load(ROOT / "examples" / example / "answers.yml", data=data)


def decided(example: str, key: str, *data: str) -> object:
    return plan.build(loaded(example, *data)).value(key)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (("existing_engine=hpc_batch",), "aws_batch"),
        (("existing_engine=kubeflow",), "eks_karpenter"),
        (("foundation_model=meta-textgeneration-llama-3-1-8b",), "serverless_customization"),
        (("foundation_model=meta-textgeneration-llama-3-1-8b", "model_family=llm_full_ft"), "sagemaker_jobs"),
        (("foundation_model=meta-textgeneration-llama-3-1-8b", "existing_engine=slurm"), "hyperpod_slurm"),
        (("teams=a,b,c", "concurrent_jobs=8"), "eks_karpenter"),
        (("teams=a,b", "concurrent_jobs=8"), "sagemaker_jobs"),
    ],
)
def test_training_runs_where_the_first_rule_says(data: tuple[str, ...], where: str) -> None:
    assert decided("llm_finetune_serve", "train_platform", *data) == where


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (("train_platform=eks_karpenter",), "capacity_block"),
        (("train_platform=aws_batch",), "capacity_block"),
        (("train_platform=hyperpod_eks",), "training_plan"),
        (("train_platform=eks_karpenter", "retrain_cadence=daily", "max_train_hours=20"), "reservation"),
        (("train_platform=sagemaker_jobs", "retrain_cadence=daily", "max_train_hours=20"), "savings_plan"),
    ],
)
def test_scarce_machines_are_bought_as_their_platform_takes_them(data: tuple[str, ...], form: str) -> None:
    large = ("model_family=llm_full_ft", "model_params_b=70", "serving_mode=none", RICH)

    assert decided("llm_finetune_serve", "purchase", *large, *data) == form


def test_machines_that_wait_for_the_next_job_are_not_spare_ones() -> None:
    assert decided("llm_finetune_serve", "purchase") == "spot"
    assert decided("llm_finetune_serve", "purchase", "warm_pool_minutes=30") == "on_demand"
    assert decided("llm_finetune_serve", "warm_pool_minutes", "warm_pool_minutes=30") == 30


@pytest.mark.parametrize(
    ("example", "data", "kind"),
    [
        ("tabular_batch", ("served_models=30",), "multi_model"),
        ("tabular_batch", ("served_models=3",), "inference_components"),
        ("tabular_batch", ("served_models=1",), "realtime"),
        ("tabular_batch", ("served_models=30", "p99_ms=40"), "inference_components"),
        ("tabular_batch", ("served_models=30", "frameworks=hipaa", "regions=us-east-1"), "inference_components"),
        ("tabular_batch", ("served_models=3", "regions=us-gov-west-1"), "realtime"),
        ("llm_finetune_serve", ("served_models=20",), "inference_components"),
        ("llm_finetune_serve", ("existing_engine=ray",), "eks"),
        ("llm_finetune_serve", ("existing_engine=ray", "serving_platform=sagemaker"), "realtime"),
        ("llm_finetune_serve", ("serving_platform=eks", "payload_kb=7000", "serving_mode=async"), "async"),
    ],
)
def test_an_endpoint_that_stands_is_the_first_that_matches(example: str, data: tuple[str, ...], kind: str) -> None:
    rich = "monthly_budget_usd=prod=10000000" if example == "tabular_batch" else RICH

    assert decided(example, "endpoint_type", "serving_mode=realtime", *data, rich) == kind


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ("", "minimal"),
        ("fraud_detection", "minimal"),
        ("talks_to_people", "limited_art50"),
        ("credit_scoring", "high_annex_iii"),
        ("talks_to_people,employment", "high_annex_iii"),
        ("product_safety", "high_annex_i"),
        ("general_purpose_model,generates_content", "gpai"),
        ("employment,narrow_task", "minimal"),
        ("product_safety,narrow_task", "high_annex_i"),
    ],
)
def test_the_class_is_the_strictest_of_the_uses(uses: str, expected: str) -> None:
    given_answers = loaded("llm_finetune_serve", f"ai_act_uses={uses}", "ai_act_class=auto")

    assert risk_class(given_answers) == expected


def test_a_stricter_class_than_the_uses_is_a_choice() -> None:
    assert risk_class(loaded("llm_finetune_serve", "ai_act_class=high_annex_iii")) == "high_annex_iii"


def test_the_class_is_told_with_its_date_and_how_sure_that_is() -> None:
    made = plan.build(loaded("llm_finetune_serve", "ai_act_uses=credit_scoring", RICH))
    (decision,) = [row for row in made.decisions if row.key == "ai_act"]

    assert decision.value["applies_from"] == "2027-12-02"
    assert "reported by secondary sources" in decision.reason
    assert "credit_scoring -> high_annex_iii (Annex III, 5(b))" in decision.formula
    assert made.words["needs_fria"]
    assert made.words["is_high_risk"]


@pytest.mark.parametrize(
    ("hours", "days"), [(1, 1), (24, 1), (25, 2), (14 * 24, 14), (15 * 24, 21), (22 * 24, 28), (400 * 24, 182)]
)
def test_a_capacity_block_has_the_days_that_aws_sells(hours: int, days: int) -> None:
    assert reservation.block_days(hours) == days


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a1", "b1", "c1", "d1"]), unique=True, min_size=1), st.data())
def test_the_shares_of_teams_never_exceed_the_gpus(teams: list[str], data: st.DataObject) -> None:
    named = data.draw(st.dictionaries(st.sampled_from(teams), st.integers(1, 16)))
    gpus = data.draw(st.integers(1, 64))
    shared = loaded("llm_finetune_serve").model_copy(update={"teams": tuple(teams), "team_gpus": named})
    if sum(named.values()) > gpus:
        with pytest.raises(ModelkeelError, match="promised more GPUs"):
            team_quota.shares(shared, gpus)
        return
    own = team_quota.shares(shared, gpus)

    assert list(own) == teams
    assert sum(own.values()) <= gpus
    assert named.items() <= own.items()


@pytest.mark.parametrize(
    ("devices", "rings"), [(1, (1, 1, 1)), (100, (1, 10, 100)), (200_000, (2000, 20_000, 200_000))]
)
def test_devices_get_a_model_in_rings(devices: int, rings: tuple[int, ...]) -> None:
    assert edge.rings(devices) == rings
    assert decided("predictive_maintenance", "edge_rollout")["rings"] == [2000, 20_000, 200_000]  # type: ignore[index]


def test_a_cluster_takes_the_version_that_is_supported_longest() -> None:
    assert decided("llm_finetune_serve", "kubernetes_version", "existing_engine=ray") == longest_supported().name
    assert (
        decided("llm_finetune_serve", "kubernetes_version", "existing_engine=ray", "kubernetes_version=1.34") == "1.34"
    )


def test_workdays_are_less_than_a_third_of_the_month() -> None:
    assert decided("llm_finetune_serve", "dev_hours", "dev_hours=workdays") == {
        "when": "workdays",
        "hours_a_month": 217,
    }


def gaps(*data: str) -> list[str]:
    return list(decided("tabular_batch", "maturity", *data)["gaps"])  # type: ignore[index]


def test_the_maturity_score_counts_what_is_in_place_and_names_the_rest_of_the_goal() -> None:
    made = decided("tabular_batch", "maturity", "maturity_practices=code_reviewed,inclusion_tested")

    assert (made["score"], made["of"]) == (2, 10)  # type: ignore[index]
    assert "code_reviewed" not in gaps("maturity_practices=code_reviewed")
    assert gaps("maturity_practices=" + ",".join(maturity_practices())) == []


def test_a_higher_goal_asks_for_more_practices() -> None:
    prototype, production, regulated = (
        gaps(f"maturity_goal={goal}") for goal in ("prototype", "production", "regulated")
    )

    assert prototype == production[: len(prototype)]
    assert production == regulated[: len(production)]
    assert 0 < len(prototype) < len(production) < len(regulated) == 10


def test_accounts_of_a_team_are_told_as_its_own() -> None:
    made = plan.build(loaded("fraud_realtime", "account_model=per_team_per_env", "teams=pricing"))

    (reason,) = [row.reason for row in made.decisions if row.key == "accounts"]

    assert reason.endswith("Other teams than pricing have projects of their own.")


@pytest.mark.parametrize(("platform", "told"), [("serverless_customization", True), ("eks_karpenter", False)])
def test_capacity_that_no_stack_uses_is_told(platform: str, told: bool) -> None:
    bought = ("purchase=capacity_block", "capacity_reservation_id=cr-0123456789abcdef0", f"train_platform={platform}")
    large = ("model_family=llm_full_ft", "model_params_b=70", "serving_mode=none", RICH)
    given_answers = loaded("llm_finetune_serve", *large, *bought)

    said = plan.template_data(given_answers, plan.build(given_answers))["prose"]["not_built"]

    assert any(text.startswith("capacity_reservation_id: ") for text in said) == told
