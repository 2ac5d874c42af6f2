"""Answers that cannot hold together are refused with the answers in conflict and the ways out."""

from __future__ import annotations

import pytest

from modelkeel import answers
from modelkeel.answers import rules
from modelkeel.errors import ModelkeelError, Problem

BASE = (
    "project_name=churn",
    "owner_email=team@example.com",
    "environments=dev,prod",
    "account_ids=dev=111111111111,prod=222222222222",
    "monthly_budget_usd=dev=100,prod=500",
)

CONFLICTS = {
    "account_ids does not fit the environments": ["account_ids=prod=222222222222"],
    "monthly_budget_usd does not fit the environments": ["monthly_budget_usd=dev=1,prod=2,staging=3"],
    "environments lists something twice": ["environments=[dev,prod,prod]"],
    "account_model is single, but several accounts are given": ["account_model=single"],
    "account_model asks for separate accounts, but every environment has the same one": [
        "account_ids=dev=111111111111,prod=111111111111"
    ],
    "'eu-west-9' is no AWS Region that Modelkeel knows": ["regions=eu-west-9"],
    "the Regions lie in different AWS partitions": ["regions=us-east-1,us-gov-west-1"],
    "the primary Region is not among those that data may lie in": ["data_residency=eu-west-1"],
    "network_cidr is no network: 10.20.0.1/16 has host bits set": ["network_cidr=10.20.0.1/16"],
    "network_cidr cannot hold the environments' networks": ["network_cidr=8.8.0.0/16"],
    "management_account_id is given, but no organization": ["management_account_id=999999999999"],
    "network is existing, but the VPC of dev is not named": ["network=existing"],
    "network is existing, but fewer than two subnets of prod are named": [
        "network=existing",
        "existing_vpc_ids=dev=vpc-11111111,prod=vpc-22222222",
        "existing_subnet_ids={dev: [subnet-11111111, subnet-22222222], prod: [subnet-11111111]}",
    ],
    "existing_data_buckets names an environment that does not exist": ["existing_data_buckets=staging=acme-raw"],
    "the key of prod is in us-east-1 of account 999999999999": [
        "existing_key_arns=prod=arn:aws:kms:us-east-1:999999999999:key/a-1"
    ],
    "one key is given for all classes of data": [
        "existing_key_arns=prod=arn:aws:kms:us-east-1:222222222222:key/a-1",
        "frameworks=[pci_dss_4]",
    ],
    "account_model is per_env_plus_tooling, but the tooling account is not named": [
        "account_model=per_env_plus_tooling"
    ],
    "the tooling account is that of prod": ["account_model=per_env_plus_tooling", "tooling_account_id=222222222222"],
    "accounts for each team, and 2 teams in one project": ["account_model=per_team_per_env", "teams=pricing,safety"],
    "guardrails are to be attached, but no organization is named": ["policy_target_ids=ou-ab12-abcdefgh"],
    "urgent alarms are to call somebody, but nothing that calls is named": ["on_call=production"],
    "urgent alarms are those of what callers feel, and nothing answers callers": [
        "alert_to=email,pagerduty",
        "on_call=production",
    ],
    "egress is an allow-list, and no name is on it": ["egress=allowlist"],
    "nobody could deploy": ["ci=none"],
    "team_gpus names pricing, which is no team": ["team_gpus=pricing=4"],
    "'Europe/Berlinn' is no time zone": ["timezone=Europe/Berlinn"],
    "alarms go to slack, but workspace and channel are not named": ["alert_to=slack"],
    "network_cidr overlaps a range that is in use elsewhere": ["reserved_cidrs=10.0.0.0/8"],
    "reserved_cidrs holds what is no network: 10.0.0.1/8 has host bits set": ["reserved_cidrs=10.0.0.1/8"],
    "ai_act_class is minimal, and credit_scoring is high_annex_iii": [
        "ai_act_role=provider",
        "ai_act_uses=credit_scoring",
        "ai_act_class=minimal",
    ],
    "machines that wait for the next job cannot be spare ones": ["warm_pool_minutes=30", "purchase=spot"],
    "AWS Batch does not run jobs of several nodes on spare capacity": [
        "model_family=vision",
        "train_gpu=multi_node",
        "train_platform=aws_batch",
        "purchase=spot",
    ],
    "a serverless endpoint cannot answer 500 requests at once": ["serving_mode=serverless", "peak_rps=1000"],
    "SageMaker HyperPod is not offered in us-gov-west-1": ["regions=us-gov-west-1", "train_platform=hyperpod_eks"],
    "availability 99.95 needs a second Region": ["availability=99.95"],
    "a public address before an environment that is closed": [
        "serving_mode=realtime",
        "exposure=public_waf",
        "egress=none",
    ],
    "spot capacity for training on many GPUs without checkpoints": [
        "model_family=vision",
        "purchase=spot",
        "train_gpu=multi_node",
        "checkpoints=false",
    ],
    "data_volume is more than one lake is planned for": ["data_volume=99999999PB"],
    "kinesis delivers events, but events_per_sec is 0": ["ingestion=kinesis"],
    "llm_lora needs the size of the model": ["model_family=llm_lora"],
    "gbdt does not train on several GPUs here": ["train_gpu=multi_gpu"],
    "serving_mode is none and something else": ["serving_mode=none,batch"],
    "a serverless endpoint cannot answer within p99_ms": ["serving_mode=serverless", "p99_ms=49"],
    "a serverless endpoint cannot carry this": ["serving_mode=serverless", "payload_kb=5000"],
    "a real-time endpoint cannot take requests this large or this slow": ["serving_mode=realtime", "payload_kb=7000"],
    "the in-memory feature store keeps no offline copy, and retraining reads one": ["feature_store=online_inmemory"],
    "models are sent to devices without a signature": ["serving_mode=edge", "edge_signing=false"],
    "SageMaker Feature Store is not offered in us-gov-west-1": ["regions=us-gov-west-1", "feature_store=offline"],
    "requests with phi data would be captured as they are": [
        "data_sensitivity=phi",
        "regions=eu-west-1",
        "redaction=false",
    ],
    "a high-risk AI system that keeps no record of its decisions": [
        "ai_act_role=provider",
        "ai_act_class=high_annex_i",
        "capture=off",
    ],
    "gdpr and fedramp_high leave no Region in which data may lie": ["frameworks=gdpr,fedramp_high"],
    "gdpr does not let data lie in us-east-1": ["frameworks=gdpr"],
    "fedramp_high does not let data lie in us-east-1": ["frameworks=fedramp_high"],
    "card data behind a public address": ["data_sensitivity=cardholder", "exposure=public_waf"],
    "health data in a US Region without HIPAA": ["data_sensitivity=phi"],
    "hipaa does not allow a serverless endpoint": ["frameworks=hipaa", "serving_mode=serverless"],
    "the EU AI Act prohibits this use (Art. 5)": ["ai_act_role=provider", "ai_act_class=prohibited"],
    "a high-risk AI system without human review": [
        "ai_act_role=provider",
        "ai_act_class=high_annex_iii",
        "human_review=none",
    ],
    "decisions that weigh heavily on people, without a person who can review them": [
        "frameworks=gdpr",
        "regions=eu-west-1",
        "decision_impact=automated_significant",
        "human_review=none",
    ],
    "logs are kept shorter than hipaa asks": ["frameworks=hipaa", "log_retention_days=400"],
    "pci_dss_4 asks for audit files that nobody can alter, and object_lock is off": [
        "frameworks=pci_dss_4",
        "object_lock=off",
    ],
}


def problems(*data: str) -> list[Problem]:
    with pytest.raises(ModelkeelError) as caught:
        answers.load(data=[*BASE, *data])
    return list(caught.value.problems)


def test_the_base_of_these_tests_is_valid() -> None:
    assert answers.load(data=BASE).environments == ("dev", "prod")


@pytest.mark.parametrize("what", CONFLICTS)
def test_a_conflict_names_the_answers_and_the_ways_out(what: str) -> None:
    (problem,) = problems(*CONFLICTS[what])

    assert problem.what == what
    assert all(flag.partition("=")[0] in answers.flat(answers.load(data=BASE)) for flag in CONFLICTS[what])
    assert CONFLICTS[what][-1].partition("=")[0] in problem.got
    assert problem.fix
    assert problem.allowed


def test_every_rule_is_broken_by_a_case_above() -> None:
    """A rule that nothing breaks is no rule."""
    broken = set()
    for data in CONFLICTS.values():
        values = answers.load(data=BASE).model_dump()
        from modelkeel.answers import flags

        flags.apply(data, values, {})
        given = answers.Answers.model_validate(values)
        broken |= {rule.check.__name__ for rule in rules.RULES if rule.check(given)}

    assert broken == {rule.check.__name__ for rule in rules.RULES}


def test_conflicts_among_valid_answers_come_together_with_invalid_ones() -> None:
    found = [problem.what for problem in problems("peak_rps=many", "frameworks=gdpr", "ingestion=msk")]

    assert found == [
        "peak_rps must be a whole number",
        "msk delivers events, but events_per_sec is 0",
        "gdpr does not let data lie in us-east-1",
    ]


def test_a_conflict_with_an_invalid_answer_waits_for_it() -> None:
    """Whether Regions suit a framework cannot be told while the Regions are not known."""
    found = [problem.what for problem in problems("frameworks=gdpr", "regions=")]

    assert found == ["regions needs 1 entry at least"]
