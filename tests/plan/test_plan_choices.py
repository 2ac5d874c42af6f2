"""A question that changes nothing is no question."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from modelkeel import answers, plan
from modelkeel.answers import Answers, rules
from modelkeel.answers.schema import Question, questions
from modelkeel.errors import ModelkeelError

ROOT = Path(__file__).resolve().parents[2]
CONTEXTS = ("fraud_realtime", "llm_finetune_serve", "predictive_maintenance", "shared_platform", "tabular_batch")
TWISTS: tuple[dict[str, Any], ...] = (
    {},
    {"ingestion": ("kinesis",), "events_per_sec": 100, "protected_attributes": ("age_band",), "ide": "studio"},
    {"ai_act_role": "both", "serving_mode": ("realtime",), "retrain_cadence": "manual", "frameworks": ()},
    {"regions": ("us-gov-west-1",), "data_residency": (), "frameworks": (), "data_sensitivity": ("internal",)},
    {"org_id": "o-abcdefghij", "management_account_id": "999999999999", "admin_role": "Admin"},
    {"regions": ("eu-west-1", "eu-central-1")},
    {
        "train_platform": "eks_karpenter",
        "teams": ("pricing", "safety"),
        "concurrent_jobs": 50,
        "purchase": "auto",
        "org_id": "o-abcdefghij",
        "rollout": "shadow_then_canary",
        "exposure": "internal_alb",
        "egress": "allowlist",
        "egress_domains": ("packages.example.com",),
        "alert_to": ("email", "slack", "pagerduty"),
        "serving_mode": ("realtime",),
        "slack_workspace_id": "T12345678",
        "slack_channel_id": "C12345678",
    },
    {"purchase": "training_plan", "train_platform": "sagemaker_jobs", "serving_mode": ("realtime",)},
    {
        "account_model": "per_env_plus_tooling",
        "tooling_account_id": "9" * 12,
        "ingestion": ("msk", "cdc"),
        "events_per_sec": 100,
        "purchase": "capacity_block",
        "train_platform": "eks_karpenter",
    },
)
VPCS = {"dev": "vpc-11111111", "staging": "vpc-22222222", "prod": "vpc-33333333"}
SUBNETS = {name: (f"subnet-{index}1111111", f"subnet-{index}2222222") for index, name in enumerate(VPCS)}
ARN = "arn:aws:{}:us-east-1:111111111111:{}"
NUMBERS = {
    "concurrent_jobs": (1, 50),
    "devices": (100, 10_000),
    "endpoint_quota": (0, 1),
    "min_reviewers": (0, 4),
    "served_models": (1, 3, 30),
    "shadow_days": (1, 7),
    "warm_pool_minutes": (0, 30),
    "events_per_sec": (1, 1_000_000),
    "peak_rps": (1, 20_000),
    "model_params_b": (0.5, 30.0),
}
TEXTS: dict[str, tuple[Any, ...]] = {
    "project_name": ("churn", "fraud"),
    "owner_email": ("a@example.com", "b@example.com"),
    "cost_center": ("a", "b"),
    "data_volume": ("<10GB", "<1TB", "<50TB", ">=50TB", "12TB"),
    "data_residency": ((), ("us-east-1", "us-east-2", "eu-west-1", "eu-central-1")),
    "training_tokens_b": (0.0, 5.0),
    "context_tokens": (1024, 65_536),
    "management_account_id": ("", "9" * 12),
    "org_id": ("", "o-abcdefghij", "o-zyxwvutsrq"),
    "policy_target_ids": ((), ("ou-ab12-abcdefgh",)),
    "tooling_account_id": ("", "8" * 12, "9" * 12),
    "log_account_id": ("", "8" * 12),
    "reserved_cidrs": ((), ("10.0.0.0/8",)),
    "egress_domains": (("packages.example.com",), ("packages.example.com", "*.example.org")),
    "timezone": ("UTC", "Europe/Berlin"),
    "slack_workspace_id": ("T12345678", "T87654321"),
    "slack_channel_id": ("C12345678", "C87654321"),
    "foundation_model": ("", "meta-textgeneration-llama-3-1-8b"),
    "team_gpus": ({}, {"pricing": 1}),
    "capacity_reservation_id": ("", "cr-0123456789abcdef0"),
    "training_plan_arn": ("", ARN.format("sagemaker", "training-plan/march")),
    "kafka_topic": ("events", "clicks"),
    "existing_kafka_arns": ({}, {"prod": ARN.format("kafka", "cluster/a/b-1")}),
    "certificate_arns": ({}, {"prod": ARN.format("acm", "certificate/a-1")}),
    "existing_key_arns": ({}, {"prod": ARN.format("kms", "key/a-1")}),
    "existing_data_buckets": ({}, {"prod": "acme-raw-data"}),
    "alert_to": (("email",), ("slack",), ("pagerduty",)),
    "teams": ((), ("pricing", "safety")),
    "account_ids": ({"prod": "1" * 12}, {"prod": "2" * 12}),
    "regions": (("us-east-1",), ("eu-west-1",), ("us-east-1", "us-east-2")),
    "network_cidr": ("10.20.0.0/16", "10.30.0.0/16"),
    "admin_role": ("", "Admin"),
    "protected_attributes": ((), ("age_band",)),
    "max_gap": (0.05, 0.5),
    "approver_role": ("ModelApprover", "RiskOwner"),
    "repository": ("", "a/b"),
    "monthly_budget_usd": ({"prod": 100}, {"prod": 200}),
    "log_retention_days": (0, 3653),
    "rpo_minutes": (10, 100, 2000),
    "rto_minutes": (10, 1000),
}
# Those that only files depend on, and those that need other answers beside them, have tests of their own.
ONLY_FILES = {"python_tool", "lint", "license", "agent_guidance", "pulumi_backend"}
NOT_PLANNED = {"environments", "existing_vpc_ids", "existing_subnet_ids", *ONLY_FILES}


def bases() -> list[Answers]:
    made = [answers.load(ROOT / "examples" / name / "answers.yml") for name in CONTEXTS]
    return [base.model_copy(update=twist) for base in made for twist in TWISTS]


def candidates(question: Question) -> list[Any]:
    if question.name in TEXTS:
        return list(TEXTS[question.name])
    if question.kind == "choice":
        return list(question.choices)
    if question.kind == "yes_no":
        return [True, False]
    if question.kind == "list":
        return [(choice,) for choice in question.choices]
    low = question.minimum or 0
    return list(NUMBERS.get(question.name, (low, low + 100)))


def told(given: Answers) -> str:
    """Return the plan and the texts, without what only repeats the answers."""
    data = plan.template_data(given, plan.build(given))
    data["plan"].pop("answers_digest")
    return json.dumps([data["plan"], data["prose"]], sort_keys=True)


def outcomes(question: Question) -> Iterator[dict[str, str]]:
    """Return, for each context, what each choice leads to: a plan, or the refusal of one."""
    for base in bases():
        found = {}
        for value in candidates(question):
            try:
                given = Answers.model_validate({**base.model_dump(), question.name: value})
            except ValidationError:
                continue
            try:
                found[repr(value)] = "refused" if rules.conflicts(given, {}) else told(given)
            except ModelkeelError as error:
                found[repr(value)] = str(error)
        yield found


@pytest.mark.parametrize("name", [name for name in questions() if name not in NOT_PLANNED])
def test_every_choice_of_a_question_changes_the_plan_somewhere(name: str) -> None:
    """Any two choices lead to different plans in some context; `auto` may stand for one of the others."""
    question = questions()[name]
    alike = set(itertools.combinations(sorted(repr(value) for value in candidates(question)), 2))
    for found in outcomes(question):
        alike -= {(one, other) for one, other in alike if {one, other} <= set(found) and found[one] != found[other]}
        if not alike:
            return

    automatic = {pair for pair in alike if repr("auto") in pair}
    assert alike == automatic
    assert len(automatic) < len(candidates(question)) - 1 or not automatic


@pytest.mark.parametrize("name", sorted(ONLY_FILES))
def test_a_choice_that_only_files_depend_on_changes_a_word(name: str) -> None:
    question = questions()[name]
    base = bases()[0]

    words = {
        repr(value): json.dumps(plan.build(base.model_copy(update={name: value})).words)
        for value in candidates(question)
    }

    assert len(set(words.values())) > 1


def test_an_existing_network_is_named_by_environment() -> None:
    base = answers.load(ROOT / "examples/fraud_realtime/answers.yml")
    given = answers.validate(
        {**answers.flat(base), "network": "existing", "existing_vpc_ids": VPCS, "existing_subnet_ids": SUBNETS}
    )

    brought = plan.build(given).value("brought_in")

    assert {name: row["vpc"] for name, row in brought.items()} == VPCS
    assert all(len(row["subnets"]) == 2 for row in brought.values())


def test_fewer_environments_are_fewer_stacks() -> None:
    base = answers.load(ROOT / "examples/fraud_realtime/answers.yml")
    data = ["environments=prod", "account_ids=prod=333333333333", "monthly_budget_usd=prod=18000"]
    smaller = answers.load(ROOT / "examples/fraud_realtime/answers.yml", data=data)

    def of_environments(made: Answers) -> int:
        return sum(1 for stack in plan.build(made).stacks if stack.program != "organization")

    assert of_environments(smaller) * 3 == of_environments(base)


@pytest.mark.parametrize("asked", ["sagemaker", "mlflow_only"])
def test_models_are_registered_where_an_approval_holds_something_back(asked: str) -> None:
    """An endpoint is made from an approved package; MLflow's aliases keep no service from anything."""
    values = answers.loading.gather(ROOT / "examples/fraud_realtime/answers.yml")
    planned = plan.build(answers.validate({**values, "registry": asked}))
    (decided,) = (row for row in planned.decisions if row.key == "registry")

    assert decided.value == "sagemaker"
    assert ("though MLflow alone was asked for" in decided.reason) == (asked == "mlflow_only")
    assert decided.from_ == ("registry", "tracking")
