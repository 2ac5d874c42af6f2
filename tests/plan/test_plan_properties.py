"""What holds for the plan of any valid answers."""

from __future__ import annotations

import ipaddress
import json
import re
from pathlib import Path

from answer_strategy import answers as any_answers
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from json_schema import problems

from modelkeel import plan
from modelkeel.answers import Answers, rules
from modelkeel.answers.schema import questions
from modelkeel.errors import ModelkeelError
from modelkeel.plan import compliance
from modelkeel.plan.building import decide
from modelkeel.tables.instance import instances
from modelkeel.tables.limit import limit

ROOT = Path(__file__).resolve().parents[2]
slow_to_draw = settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)


REFUSALS = ("on offer", "more than one endpoint", "more addresses than a VPC has")


def built(answers: Answers) -> plan.Plan:
    """Return the plan; answers that no Region or network can serve are left to the tests of those refusals."""
    try:
        return plan.build(answers)
    except ModelkeelError as error:
        assume(not any(text in str(error) for text in REFUSALS))
        raise


@slow_to_draw
@given(any_answers())
def test_any_valid_answers_give_a_plan_that_satisfies_its_schema(answers: Answers) -> None:
    assert problems(plan.to_document(built(answers)), "plan") == []


@slow_to_draw
@given(any_answers())
def test_the_same_answers_give_the_same_bytes(answers: Answers) -> None:
    again = Answers.model_validate(json.loads(json.dumps(answers.model_dump(mode="json"))))

    assert plan.dumps(built(answers)) == plan.dumps(plan.build(again))


@slow_to_draw
@given(any_answers())
def test_a_plan_survives_json(answers: Answers) -> None:
    made = built(answers)

    assert plan.from_document(json.loads(plan.dumps(made))) == made


@slow_to_draw
@given(any_answers())
def test_no_decision_is_without_reason_source_and_answers(answers: Answers) -> None:
    for decision in built(answers).decisions:
        assert decision.reason.endswith((".", "!")), decision.key
        assert decision.source, decision.key
        assert decision.from_, decision.key
        assert set(decision.from_) <= set(questions()), decision.key


@slow_to_draw
@given(any_answers(serving_mode=("realtime",)), st.integers(1, 100_000))
def test_more_requests_never_give_a_lower_price(answers: Answers, more: int) -> None:
    """One larger machine may take the place of two: what they carry is compared in test_plan_monotony."""
    larger = answers.model_copy(update={"peak_rps": answers.peak_rps + more})
    first, second = built(answers), built(larger)

    for environment in answers.environments:
        few, many = (row.value("serving_min_instances")[environment] for row in (first, second))
        assert few * _usd_per_hour(first) <= many * _usd_per_hour(second)


def _usd_per_hour(made: plan.Plan) -> float:
    return instances()[made.value("serving_instance_type").removeprefix("ml.")].usd_per_hour or 0.0


@slow_to_draw
@given(any_answers(), st.integers(1, 100_000))
def test_more_training_data_never_gives_less_memory_nor_a_lower_price(answers: Answers, more: int) -> None:
    small = answers.model_copy(update={"training_data_gib": max(1, answers.training_data_gib)})
    large = small.model_copy(update={"training_data_gib": small.training_data_gib + more})
    first, second = (_training(built(row)) for row in (small, large))

    assert first[0] <= second[0]
    assert first[1] <= second[1]


def _training(made: plan.Plan) -> tuple[float, float]:
    row = instances()[made.value("training_instance_type").removeprefix("ml.")]
    count = made.value("training_instance_count")
    return count * row.memory_gib, count * (row.usd_per_hour or 0.0)


@slow_to_draw
@given(any_answers(), st.sampled_from(questions()["frameworks"].choices))
def test_adding_a_framework_never_weakens_a_switch_nor_shortens_a_retention(answers: Answers, more: str) -> None:
    wider = Answers.model_validate({**answers.model_dump(), "frameworks": tuple({*answers.frameworks, more})})
    assume(not rules.conflicts(wider, {}))
    before, after = compliance.resolve(answers), compliance.resolve(wider)

    assert before.switches <= after.switches
    assert before.retention_days <= after.retention_days
    assert before.hot_days <= after.hot_days
    assert before.log_group_days <= after.log_group_days
    assert before.capture_days >= after.capture_days
    assert before.approvals <= after.approvals
    assert set(after.regions) <= set(before.regions)
    order = ["off", "governance", "compliance"]
    assert order.index(before.lock_mode) <= order.index(after.lock_mode)


@slow_to_draw
@given(any_answers())
def test_every_instance_is_offered_in_the_region_and_legal_for_its_use(answers: Answers) -> None:
    made = built(answers)
    uses = {
        "training:instance_type": "training",
        "training:processing_instance_type": "processing",
        "monitoring:drift_instance_type": "processing",
        "serving:realtime_instance_type": "hosting",
        "serving:async_instance_type": "hosting",
        "serving:inference_components_instance_type": "hosting",
        "serving:batch_instance_type": "transform",
    }

    for stack in made.stacks:
        for key, use in uses.items():
            if key in stack.config:
                row = instances()[stack.config[key].removeprefix("ml.")]
                assert use in row.uses
                assert answers.region in row.regions
        for name in (value for value in stack.config.values() if isinstance(value, str) and value.startswith("ml.")):
            assert answers.region in instances()[name.removeprefix("ml.")].regions, name


@slow_to_draw
@given(any_answers())
def test_networks_do_not_overlap_and_hold_their_subnets(answers: Answers) -> None:
    made = built(answers)
    vpcs = []
    for stack in made.stacks:
        if stack.program != "foundation":
            continue
        vpc = ipaddress.ip_network(stack.config["foundation:vpc_cidr"])
        subnets = [
            ipaddress.ip_network(cidr)
            for key in ("private_subnet_cidrs", "public_subnet_cidrs")
            for cidr in stack.config[f"foundation:{key}"]
        ]
        assert 16 <= vpc.prefixlen <= 28
        assert all(subnet.subnet_of(vpc) and subnet.prefixlen <= 28 for subnet in subnets)
        assert not any(a.overlaps(b) for a in subnets for b in subnets if a is not b)
        assert len(stack.config["foundation:availability_zones"]) == len(
            stack.config["foundation:private_subnet_cidrs"]
        )
        gateways = {"none": 0, "nat_single": 1, "nat_per_az": len(stack.config["foundation:availability_zones"])}
        assert len(stack.config["foundation:public_subnet_cidrs"]) == gateways[stack.config["foundation:egress"]]
        vpcs.append(vpc)

    assert not any(a.overlaps(b) for a in vpcs for b in vpcs if a is not b)


@slow_to_draw
@given(any_answers(project_name="abcdefghijklmnopqrstuvwx"))
def test_names_fit_for_the_longest_project_name(answers: Answers) -> None:
    for stack in built(answers).stacks:
        prefix = f"{answers.project_name}-{stack.environment or 'shared'}"
        for bucket in (*stack.config.get("data:buckets", ()), "access-logs", "evidence"):
            assert len(f"{prefix}-{bucket}-{stack.account_id}") <= limit("names", "bucket")
        for role in stack.config.get("identity:service_roles", ()):
            assert len(f"{prefix}-{role}") <= limit("names", "role")
        group = stack.config.get("training:model_package_group")
        assert group is None or len(f"{prefix}-{group}") <= limit("names", "model")
        for row in stack.config.get("data:feature_groups", ()):
            assert len(f"{prefix}-{row['name']}") <= limit("names", "model")


@slow_to_draw
@given(any_answers())
def test_the_template_always_finds_the_same_words(answers: Answers) -> None:
    """A template names conditions; one that is missing for some answers would stop the rendering."""
    data = plan.template_data(answers, built(answers))

    assert set(data["plan"]["words"]) == set(plan.build(Answers.model_validate(TABULAR)).words)
    small = Answers.model_validate(TABULAR)
    expected = plan.template_data(small, plan.build(small))
    assert set(data["plan"]) == set(expected["plan"])
    assert set(data["plan"]["values"]) == set(expected["plan"]["values"])
    assert set(data["prose"]) == set(expected["prose"])
    assert json.loads(json.dumps(data)) == data


def test_no_decision_is_unknown_to_the_template_where_answers_leave_it_out() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in Path(plan.__file__).parent.glob("*.py"))
    small = Answers.model_validate(TABULAR)
    known = set(plan.template_data(small, plan.build(small))["plan"]["values"])

    assert set() == set(re.findall(r'\bkey="([a-z_]+)"', written)) - known


TABULAR = {
    "project_name": "churn",
    "owner_email": "team@example.com",
    "environments": ["prod"],
    "account_model": "single",
    "account_ids": {"prod": "1" * 12},
    "monthly_budget_usd": {"prod": 500},
}


@slow_to_draw
@given(any_answers())
def test_every_stack_has_its_place(answers: Answers) -> None:
    made = built(answers)
    accounts = set(answers.account_ids.values())

    for program in made.programs:
        names = [stack.stack for stack in made.stacks if stack.program == program]
        assert sorted(names) == sorted(accounts if program == "account" else answers.environments)
    assert "governance" in made.programs or not decide(answers).regime.regulated
