"""Facts about the plans of real answers: sizes, refusals, reasons."""

from __future__ import annotations

import ipaddress
import math
from pathlib import Path
from typing import Any

import pytest

from modelkeel import answers, plan
from modelkeel.answers import Answers
from modelkeel.errors import ExitCode, ModelkeelError, Problem
from modelkeel.generate import GENERATED
from modelkeel.plan import capacity, difference, language_serving, network, platform
from modelkeel.plan.size import data_gib
from modelkeel.tables.accelerator import accelerators
from modelkeel.tables.instance import instances

ROOT = Path(__file__).resolve().parents[2]
RICH = "monthly_budget_usd=dev=1000000,prod=1000000"


def loaded(example: str, *data: str) -> Answers:
    return answers.load(ROOT / "examples" / example / "answers.yml", data=data)


def planned(example: str, *data: str) -> plan.Plan:
    return plan.build(loaded(example, *data))


def refusal(example: str, *data: str) -> Problem:
    with pytest.raises(ModelkeelError) as caught:
        planned(example, *data)
    assert caught.value.exit_code is ExitCode.USAGE
    return caught.value.problems[0]


def config(made: plan.Plan, program: str, environment: str = "prod") -> dict[str, Any]:
    (stack,) = [row for row in made.stacks if row.program == program and row.environment == environment]
    return {key.partition(":")[2]: value for key, value in stack.config.items() if key.startswith(program)}


@pytest.mark.parametrize(("rps", "each", "needed"), [(2000, 600, 6), (1, 600, 1), (360, 600, 1), (361, 600, 2)])
def test_instances_carry_the_peak_at_sixty_percent(rps: int, each: float, needed: int) -> None:
    assert capacity.instances_needed(rps, each) == needed


@pytest.mark.parametrize(
    ("needed", "zones", "availability", "least"),
    [(6, 3, "99.9", 9), (6, 2, "99.9", 12), (1, 3, "99.9", 2), (1, 3, "99.0", 2), (6, 3, "99.0", 6), (1, 3, "dev", 1)],
)
def test_the_least_fleet_survives_the_loss_of_a_zone(needed: int, zones: int, availability: str, least: int) -> None:
    assert capacity.least_instances(needed, zones, availability) == least


def test_fraud_is_served_as_the_formula_says() -> None:
    made = planned("fraud_realtime")
    serving = config(made, "serving")

    assert tuple(serving[f"realtime_{key}"] for key in ("instance_type", "min_capacity", "max_capacity")) == (
        "ml.c7i.2xlarge",
        9,
        14,
    )
    assert serving["realtime_target_invocations_per_instance_per_minute"] == 600 * 0.5 * 60
    assert serving["realtime_latency_p99_ms"] == 40
    assert "ceil(2000 / (600 * 0.6)) = 6" in next(
        row.formula for row in made.decisions if row.key == "serving_min_instances"
    )


def test_the_small_example_is_visibly_smaller() -> None:
    fraud, tabular = planned("fraud_realtime"), planned("tabular_batch")

    assert "governance" in fraud.programs
    assert "governance" not in tabular.programs
    assert len(tabular.stacks) * 3 < len(fraud.stacks)
    assert config(tabular, "foundation")["interface_endpoints"] == [
        "ecr.api",
        "ecr.dkr",
        "logs",
        "sagemaker.api",
        "sts",
    ]
    assert len(config(tabular, "data")["buckets"]) == 3
    assert tabular.value("least_usd_per_month")["prod"] * 20 < fraud.value("least_usd_per_month")["prod"]


def test_only_the_last_environment_trains_by_the_calendar() -> None:
    made = planned("fraud_realtime")

    assert config(made, "training")["schedule_expression"] == "cron(0 2 * * ? *)"
    assert "schedule_expression" not in config(made, "training", "dev")


def test_environments_in_one_account_share_its_account_stack() -> None:
    ids = "account_ids=dev=111111111111,staging=111111111111,prod=111111111111"
    made = planned("fraud_realtime", "account_model=single", ids)

    (stack,) = [row for row in made.stacks if row.program == "account"]
    assert (stack.stack, stack.environment) == ("111111111111", None)
    assert stack.config["account:environments"] == ["dev", "staging", "prod"]


def test_deployments_are_trusted_for_one_repository_and_environment() -> None:
    identity = config(planned("fraud_realtime"), "identity")

    assert identity["ci_deploy_subjects"] == ["repo:example-bank/card-fraud:environment:prod"]
    assert "repo:example-bank/card-fraud:pull_request" in identity["ci_preview_subjects"]
    assert not any("environment" in subject or "*" in subject for subject in identity["ci_preview_subjects"])


def test_absurd_requests_are_refused_with_the_largest_number_that_fits() -> None:
    problem = refusal("fraud_realtime", "peak_rps=1000000000")
    largest = int(problem.allowed.split("up to ")[1].split(" requests")[0].replace(",", ""))

    assert problem.what == "peak_rps is more than one endpoint carries"
    assert planned("fraud_realtime", f"peak_rps={largest}", "monthly_budget_usd.prod=1000000")
    assert (
        refusal("fraud_realtime", f"peak_rps={largest + 1000}", "monthly_budget_usd.prod=1000000").what == problem.what
    )


def test_a_quota_that_is_too_small_for_a_doubled_fleet_is_refused() -> None:
    assert refusal("fraud_realtime", "endpoint_quota=27").what == "the largest fleet is more than the account may run"
    assert planned("fraud_realtime", "endpoint_quota=28")
    assert planned("fraud_realtime", "endpoint_quota=21", "rollout=rolling")
    assert refusal("fraud_realtime", "endpoint_quota=27", "rollout=all_at_once")


def test_a_budget_below_the_floor_is_refused_with_its_parts() -> None:
    problem = refusal("fraud_realtime", "monthly_budget_usd.prod=1000")

    assert problem.what == "the budget of prod is less than it costs at least"
    assert "private endpoints 394" in problem.allowed


def test_every_budget_below_its_floor_is_named() -> None:
    with pytest.raises(ModelkeelError) as caught:
        planned("fraud_realtime", "monthly_budget_usd=dev=1,staging=1,prod=1")

    assert len(caught.value.problems) == 3


def test_a_network_that_is_too_small_says_how_wide_it_must_be() -> None:
    problem = refusal("fraud_realtime", "network_cidr=10.20.0.0/24")

    assert problem.what == "network_cidr is too small for the environments"
    assert problem.allowed == "/21 or wider"
    assert planned("fraud_realtime", "network_cidr=10.20.0.0/21")


def test_a_region_without_instances_is_refused() -> None:
    problem = refusal("tabular_batch", "regions=cn-northwest-1")

    assert problem.what.endswith("is on offer in cn-northwest-1")


def test_a_model_that_fits_nowhere_is_refused_with_the_largest_that_does() -> None:
    problem = refusal(
        "llm_finetune_serve",
        "model_family=llm_full_ft",
        "model_params_b=2000",
        "serving_mode=none",
        "regions=eu-west-1",
    )

    assert problem.what == "no machines on offer in eu-west-1 train llm_full_ft of this size in this time"
    assert "billion parameters" in problem.allowed


@pytest.mark.parametrize(("volume", "gib"), [("<10GB", 10), ("12TB", 12_288), ("2.5GB", 2.5), ("1PB", 2**20)])
def test_a_size_or_a_band_is_a_number_of_gib(volume: str, gib: float) -> None:
    assert data_gib(loaded("tabular_batch", f"data_volume={volume}")) == gib


@pytest.mark.parametrize(("addresses", "prefix"), [(5, 26), (64, 26), (65, 25), (128, 25), (129, 24), (4096, 20)])
def test_the_smallest_block_that_holds_the_addresses(addresses: int, prefix: int) -> None:
    assert network.smallest_prefix(addresses) == prefix


def test_addresses_leave_room_and_what_aws_keeps() -> None:
    assert network.addresses_needed(31, 18) == 69


def test_nat_gateways_stand_in_public_subnets_of_the_same_network() -> None:
    foundation = config(planned("fraud_realtime", "egress=nat"), "foundation")
    vpc = ipaddress.ip_network(foundation["vpc_cidr"])

    assert foundation["egress"] == "nat_per_az"
    assert len(foundation["public_subnet_cidrs"]) == 3
    assert all(ipaddress.ip_network(cidr).subnet_of(vpc) for cidr in foundation["public_subnet_cidrs"])
    assert config(planned("fraud_realtime", "egress=nat"), "foundation", "dev")["egress"] == "nat_single"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (("serving_mode=batch",), "batch"),
        (("serving_mode=none",), "none"),
        (("serving_mode=edge",), "edge"),
        (("serving_mode=realtime",), "realtime"),
        (("serving_mode=async",), "async"),
        (("serving_mode=async", "payload_kb=7000"), "async"),
        (("serving_mode=serverless",), "serverless"),
        (("serving_mode=streaming", "p99_ms=90000"), "async"),
        (("serving_mode=batch,realtime",), "realtime"),
    ],
)
def test_the_endpoint_is_the_first_that_matches(data: tuple[str, ...], kind: str) -> None:
    assert planned("tabular_batch", *data).value("endpoint_type") == kind


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ((), "sagemaker_jobs"),
        (("existing_engine=slurm",), "hyperpod_slurm"),
        (("existing_engine=ray",), "eks_karpenter"),
        (("train_platform=aws_batch",), "aws_batch"),
        (("retrain_cadence=daily", "max_train_hours=20", "concurrent_jobs=16"), "hyperpod_eks"),
        (("retrain_cadence=daily", "max_train_hours=20"), "sagemaker_jobs"),
    ],
)
def test_the_platform_follows_the_duty_rule(data: tuple[str, ...], where: str) -> None:
    """A cluster stays from 40 % duty and 16 GPUs on."""
    assert planned("llm_finetune_serve", *data).value("train_platform") == where


def test_duty_is_the_share_of_a_month() -> None:
    given = loaded("llm_finetune_serve", "retrain_cadence=daily", "max_train_hours=12")

    assert platform.duty(given) == pytest.approx(30.4 * 12 / 730)


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (("retrain_cadence=weekly",), "spot"),
        (("retrain_cadence=daily",), "on_demand"),
        (("retrain_cadence=weekly", "checkpoints=false"), "on_demand"),
        (("purchase=savings_plan",), "savings_plan"),
        (("model_family=llm_full_ft", "model_params_b=70", RICH), "training_plan"),
    ],
)
def test_capacity_is_bought_by_need(data: tuple[str, ...], form: str) -> None:
    assert planned("llm_finetune_serve", *data, "max_train_hours=10").value("purchase") == form


def test_a_language_model_is_served_from_weights_and_cache() -> None:
    """8B on an L40S: 14.9 GiB of weights, 128 KiB a token, so 43 requests of 4,096 tokens at once."""
    sequences = language_serving.concurrent_sequences(44.7, 1, 14.9, 128, 4096)
    speed = language_serving.tokens_per_second(accelerators()["L40S"], 1, 8, sequences, 0.5)

    assert sequences == 43
    assert speed == pytest.approx(43 * 860 / ((14.9 + 43 * 0.5) * 1.0737), rel=0.01)


def test_a_model_larger_than_a_device_is_split() -> None:
    replica = language_serving.replica_of(instances()["p5.48xlarge"], 70, 4096)

    assert replica is not None
    assert (replica.tensor_parallel, replica.replicas) == (8, 1)
    assert language_serving.replica_of(instances()["g6.xlarge"], 70, 4096) is None


def test_answers_that_must_come_soon_are_written_fewer_at_once() -> None:
    """8B on an L40S reads 14.9 GiB a step: 43 at once take 12.6 s, so within 6.7 s fewer are written."""
    row = instances()["g6e.xlarge"]

    patient, hurried = (language_serving.replica_of(row, 8, 4096, seconds) for seconds in (60.0, 6.7))

    assert patient is not None
    assert hurried is not None
    assert (43, 43) == (patient.room, patient.sequences)
    assert hurried.sequences == math.floor(
        ((6.7 / 256 - 0.004) * 1000 * accelerators()["L40S"].memory_tb_per_second - 14.9 * 1.0737) / (0.5 * 1.0737)
    )
    assert 256 * hurried.sequences / hurried.tokens_per_second <= 6.7


def test_an_answer_sooner_than_any_machine_writes_it_is_refused_with_what_is_possible() -> None:
    with pytest.raises(ModelkeelError, match="writes a whole answer within p99_ms") as caught:
        planned("llm_finetune_serve", "p99_ms=100")

    (problem,) = caught.value.problems
    assert "ms or more" in problem.allowed
    assert planned("llm_finetune_serve", "p99_ms=100", "serving_mode=realtime,streaming")


def test_copies_on_shared_instances_keep_no_requests_and_are_replaced_in_batches() -> None:
    made = planned("llm_finetune_serve")

    assert (0, "rolling", None) == tuple(made.value(key) for key in ("capture_percent", "rollout", "drift_job"))
    assert {"dev": 0, "prod": 3} == made.value("serving_min_instances")
    recorded = planned("llm_finetune_serve", "capture=sample")
    assert recorded.value("capture_percent") > 0
    assert recorded.value("drift_job")


def test_dev_that_rests_at_night_costs_less_at_least() -> None:
    always, resting = (
        planned("fraud_realtime", f"dev_hours={when}").value("least_usd_per_month") for when in ("always", "workdays")
    )

    assert resting["dev"] < always["dev"]
    assert resting["prod"] == always["prod"]


def test_without_copies_recovery_names_versions() -> None:
    assert planned("tabular_batch").value("disaster_recovery")["backup"] == "versions"
    assert planned("fraud_realtime").value("disaster_recovery")["backup"] == "daily"


def test_more_models_than_an_endpoint_holds_are_refused_by_their_own_name() -> None:
    with pytest.raises(ModelkeelError, match="served_models is more than one endpoint holds"):
        planned("llm_finetune_serve", "served_models=9000")


def test_what_asks_for_the_longest_retention_is_named() -> None:
    reason = next(row.reason for row in planned("fraud_realtime").decisions if row.key == "log_retention_days")

    assert "PCI DSS 4.0.1" in reason
    assert "Baseline" not in reason


def test_govcloud_has_no_feature_store_and_no_tracking_app() -> None:
    made = planned("tabular_batch", "frameworks=fedramp_high", "regions=us-gov-west-1", "serving_mode=realtime")

    assert made.value("feature_store") == "none"
    assert config(made, "training")["tracking"] == "none"
    assert all(stack.config["platform:partition"] == "aws-us-gov" for stack in made.stacks)
    assert all(stack.config["platform:use_fips"] for stack in made.stacks)


def test_gdpr_keeps_personal_data_out_of_locked_buckets() -> None:
    made = planned("fraud_realtime")

    assert config(made, "data")["object_lock_buckets"] == ["models"]
    assert "Art. 17" in next(row.reason for row in made.decisions if row.key == "object_lock_mode")


def test_online_features_never_stay_for_ever() -> None:
    groups = config(planned("recommendations"), "data")["feature_groups"]

    assert groups
    assert all(group["online"] and group["ttl_days"] > 0 for group in groups)


def test_an_unknown_schema_version_is_refused() -> None:
    document = {**plan.to_document(planned("blank")), "schema_version": "9"}

    with pytest.raises(ModelkeelError, match="schema version"):
        plan.from_document(document)


def test_a_damaged_document_is_refused() -> None:
    document = plan.to_document(planned("blank"))
    del document["stacks"]

    with pytest.raises(ModelkeelError, match="no plan"):
        plan.from_document(document)


def test_the_text_shows_every_decision_with_its_reason() -> None:
    made = planned("fraud_realtime")
    text = plan.to_text(made)

    assert all(f"\n{row.key}: " in text and row.reason in text for row in made.decisions)


def test_an_unknown_decision_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        planned("blank").value("nothing")


def test_two_plans_differ_in_what_the_answer_changes() -> None:
    old, new = loaded("fraud_realtime"), loaded("fraud_realtime", "serving_mode=batch")
    same = difference.compare(old, plan.build(old), old, plan.build(old))
    found = difference.compare(old, plan.build(old), new, plan.build(new))
    decisions = {row.key: row for row in found.decisions}

    assert (same.answers, same.decisions, same.settings) == ((), (), ())
    assert [row.key for row in found.answers] == ["serving_mode"]
    assert decisions["endpoint_type"].new.value == "batch"
    assert decisions["serving_min_instances"].new is None
    assert decisions["scoring_instances"].old is None
    assert "training_instance_type" not in decisions
    assert any(row.key == "serving/prod: serving:modes" for row in found.settings)


def test_the_page_of_the_examples_is_what_they_become() -> None:
    """`make generate` renews it."""
    text = GENERATED["docs/explanation/examples.md"]()

    assert (ROOT / "docs/explanation/examples.md").read_text(encoding="utf-8") == text
    assert all(f"## `{path.parent.name}`" in text for path in ROOT.glob("examples/*/answers.yml"))


def test_below_production_the_lake_holds_what_a_run_reads() -> None:
    made = planned("fraud_realtime")

    assert config(made, "data")["dataset_gib"] == 12_288
    assert config(made, "data", "dev")["dataset_gib"] == 60


def test_captures_are_kept_as_long_as_the_strictest_framework_allows() -> None:
    assert planned("blank").value("capture_retention_days") == 180
    assert planned("fraud_realtime").value("capture_retention_days") == 90
