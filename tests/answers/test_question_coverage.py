"""The questions of the design, each with the names that ask it here, and what must be refused, each with its case."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from modelkeel import answers, cost, plan
from modelkeel.answers.schema import questions
from modelkeel.errors import ModelkeelError, Problem
from modelkeel.graph import Graph
from modelkeel.tables import reader

ROOT = Path(__file__).resolve().parents[2]
CONTROLS = frozenset(tomllib.loads((ROOT / "policies/controls.toml").read_text(encoding="utf-8")))

ASKED = {
    1: "project_name",
    2: "owner_email cost_center",
    3: "archetype",
    4: "maturity_goal maturity_practices",
    5: "repo_layout",
    6: "data_volume training_data_gib",
    7: "ingestion kafka_topic existing_kafka_arns cdc_engine devices",
    8: "events_per_sec",
    9: "feature_store",
    10: "data_sensitivity",
    11: "data_residency",
    12: "model_family foundation_model",
    13: "model_params_b training_tokens_b context_tokens",
    14: "train_gpu checkpoints",
    15: "train_platform existing_engine kubernetes_version node_scaling",
    16: "purchase capacity_reservation_id training_plan_arn warm_pool_minutes",
    17: "retrain_cadence",
    18: "max_train_hours concurrent_jobs",
    19: "serving_mode served_models serving_platform edge_architecture edge_signing",
    20: "peak_rps p99_ms payload_kb",
    21: "availability",
    22: "rollout shadow_days endpoint_quota",
    23: "scale_to_zero dev_hours timezone",
    24: "exposure certificate_arns",
    25: "teams team_gpus team_borrowing",
    26: "environments",
    27: "account_model account_ids tooling_account_id log_account_id",
    28: "regions",
    29: "org_id management management_account_id policy_target_ids admin_role",
    30: "network network_cidr reserved_cidrs egress egress_domains existing_vpc_ids existing_subnet_ids"
    " existing_key_arns existing_data_buckets",
    31: "ide ide_auth idle_minutes",
    32: "frameworks",
    33: "ai_act_role ai_act_uses ai_act_class",
    34: "decision_impact human_review capture redaction",
    35: "protected_attributes fairness_metric max_gap",
    36: "explainability",
    37: "approvers min_reviewers approver_role",
    38: "log_retention_days object_lock",
    39: "ci repository",
    40: "pulumi_backend",
    41: "monthly_budget_usd over_budget",
    42: "tracking registry",
    43: "alert_to on_call slack_workspace_id slack_channel_id",
    44: "rpo_minutes rto_minutes",
    45: "aws_existing_customer",
    46: "python_tool lint license agent_guidance",
}

BASE = (
    "project_name=churn",
    "owner_email=team@example.com",
    "environments=dev,prod",
    "account_ids=dev=111111111111,prod=222222222222",
    "monthly_budget_usd=dev=1000000,prod=1000000",
)
LANGUAGE = ("model_family=llm_full_ft", "training_tokens_b=0.1", "max_train_hours=24")
# What must not be planned, and the answers that the refusal has to name.
REFUSED = {
    "health data outside HIPAA": (("data_sensitivity=phi",), ("data_sensitivity=[phi]", "frameworks=[]")),
    "card data in public": (
        ("data_sensitivity=cardholder", "exposure=public_waf"),
        ("data_sensitivity=[cardholder]", "exposure=public_waf"),
    ),
    "cold starts within 50 ms": (
        ("serving_mode=serverless", "p99_ms=49"),
        ("serving_mode=[serverless]", "p99_ms=49"),
    ),
    "many nodes on spot without checkpoints": (
        ("model_family=vision", "train_gpu=multi_node", "purchase=spot", "checkpoints=false"),
        ("purchase=spot", "checkpoints=false", "train_gpu=multi_node"),
    ),
    "FedRAMP High in the commercial partition": (
        ("frameworks=fedramp_high",),
        ("frameworks=[fedramp_high]", "regions=[us-east-1]"),
    ),
    "high risk without people": (
        ("ai_act_role=provider", "ai_act_class=high_annex_iii", "human_review=none"),
        ("ai_act_class=high_annex_iii", "human_review=none"),
    ),
    "health data captured as it is": (
        ("data_sensitivity=phi", "frameworks=hipaa", "serving_mode=realtime", "capture=all", "redaction=false"),
        ("data_sensitivity=[phi]", "capture=all", "redaction=false"),
    ),
    "two fleets beyond the quota": (
        ("serving_mode=realtime", "rollout=canary", "peak_rps=5000", "endpoint_quota=1"),
        ("endpoint_quota=1", "rollout=canary"),
    ),
    "autoscaling beyond the quota": (
        ("serving_mode=realtime", "rollout=rolling", "peak_rps=5000", "endpoint_quota=1"),
        ("endpoint_quota=1", "peak_rps"),
    ),
    "a budget below the floor": (
        ("serving_mode=realtime", "monthly_budget_usd=dev=1000,prod=1"),
        ("monthly_budget_usd.prod=1", "serving_mode"),
    ),
    "devices that run what nobody signed": (
        ("serving_mode=edge", "edge_signing=false"),
        ("serving_mode=[edge]", "edge_signing=false"),
    ),
    "training from a store without history": (
        ("feature_store=online_inmemory",),
        ("feature_store=online_inmemory", "retrain_cadence=weekly"),
    ),
    "an instance that the Region does not offer": (
        (*LANGUAGE, "regions=us-west-1", "model_params_b=70"),
        ("regions: us-west-1", "model_params_b: 70"),
    ),
    "serverless in a regulated profile": (
        ("frameworks=hipaa", "serving_mode=serverless"),
        ("frameworks=[hipaa]", "serving_mode=[serverless]"),
    ),
    "no Region that all frameworks admit": (("frameworks=gdpr,fedramp_high",), ("frameworks=[gdpr, fedramp_high]",)),
    "logs kept shorter than a framework asks": (
        ("frameworks=hipaa", "log_retention_days=400"),
        ("frameworks=[hipaa]", "log_retention_days=400"),
    ),
    "a model that fits no machine": (
        (*LANGUAGE, "model_params_b=1000"),
        ("model_family: llm_full_ft", "model_params_b: 1000"),
    ),
    "a service that the partition lacks": (
        ("regions=us-gov-west-1", "feature_store=offline"),
        ("feature_store=offline", "regions=[us-gov-west-1]"),
    ),
}
# What a plan cannot break alone, because a program or a person would: the controls that stand guard instead.
GUARDED = {
    "EFA speaks within its own group": "efa-group-symmetric accelerator-listed",
    "capacity that was bought is protected": "capacity-protected",
    "regulated endpoints are isolated": "model-isolated model-in-vpc endpoint-own-key job-in-vpc eks-endpoint-private",
    "nothing rests on closed services": "service-open-to-new-customers notebook-platform-supported",
    "volumes and outputs have own keys": "job-own-keys workflow-job-own-keys organization-sagemaker-guarded",
    "roles are passed narrowly, and bounded": "iam-pass-role-scoped iam-role-bounded",
    "who registers does not approve": "model-approval-split model-approver-differs",
    "instance types are legal": "job-instance-types-listed",
}


def refusals(*data: str) -> list[Problem]:
    with pytest.raises(ModelkeelError) as caught:
        plan.build(answers.load(data=[*BASE, *data]))
    return list(caught.value.problems)


def test_every_question_of_the_design_is_asked_under_these_names() -> None:
    assert sorted(ASKED) == list(range(1, 47))
    assert sorted(" ".join(ASKED.values()).split()) == sorted(questions())


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_hold_together_is_refused_with_the_answers_in_conflict(case: str) -> None:
    data, named = REFUSED[case]

    (problem,) = refusals(*data)

    said = f"{problem.what} {problem.got} {problem.allowed} {problem.fix}"
    assert [name for name in named if name not in said] == []
    assert problem.fix


@pytest.mark.parametrize("case", GUARDED)
def test_what_no_answer_can_break_is_held_by_controls(case: str) -> None:
    assert set(GUARDED[case].split()) <= CONTROLS


def test_needed_quotas_are_named() -> None:
    given = answers.load(data=[*BASE, "serving_mode=realtime"])

    needed = plan.template_data(given, plan.build(given))["prose"]["quotas"]

    assert any("for endpoint usage" in row["name"] and row["needed"] > 1 for row in needed)


def test_an_estimate_carries_the_date_of_its_prices() -> None:
    bill = cost.price(Graph(project="churn", environment="prod", fidelity="simulate", stacks=(), tool_version="0"))

    assert bill.priced_on == reader.provenance("prices.json").checked
