"""More of anything never gives less of what it needs, nor a lower price."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from modelkeel import answers as loading
from modelkeel import plan
from modelkeel.answers import Answers, rules
from modelkeel.answers.training import LLM
from modelkeel.errors import ModelkeelError
from modelkeel.tables.instance import Instance, instances

often = settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)
ROOT = Path(__file__).resolve().parents[2]
BASE = {
    **loading.flat(loading.load(ROOT / "examples/llm_finetune_serve/answers.yml")),
    "frameworks": (),
    "data_residency": (),
    "network_cidr": "10.0.0.0/8",
    "monthly_budget_usd": {"dev": 10**8, "prod": 10**8},
}


@st.composite
def sized(draw: st.DrawFn, **fixed: Any) -> Answers:
    """Return answers that differ in everything that a size is made of; `fixed` ones are as given."""
    values = {
        "regions": (draw(st.sampled_from(["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-northeast-1"])),),
        "model_family": draw(st.sampled_from(LLM)),
        "model_params_b": draw(st.floats(0.5, 60.0)),
        "training_tokens_b": draw(st.sampled_from([0.0, 0.05, 1.0, 5.0])),
        "context_tokens": draw(st.sampled_from([512, 4096, 16_384])),
        "training_data_gib": draw(st.integers(1, 3_000)),
        "max_train_hours": draw(st.integers(1, 100)),
        "retrain_cadence": draw(st.sampled_from(["manual", "weekly", "daily"])),
        "concurrent_jobs": draw(st.integers(1, 8)),
        "peak_rps": draw(st.integers(1, 20)),
        "served_models": draw(st.integers(1, 3)),
        "availability": draw(st.sampled_from(["dev", "99.0", "99.9"])),
        "events_per_sec": draw(st.integers(1, 300_000)),
        "serving_platform": "sagemaker",
    }
    made = Answers.model_validate({**BASE, **values, **fixed})
    assume(not rules.conflicts(made, {}))
    return made


NEURAL = ("deep_tabular", "two_tower", "vision", "byo")
ALL = (*LLM, *NEURAL, "gbdt", "sklearn")


def pair(answers: Answers, **changed: Any) -> tuple[plan.Plan, plan.Plan]:
    """Return both plans; what nothing on offer holds is refused, which is no lower price."""
    larger = Answers.model_validate({**answers.model_dump(), **changed})
    assume(not rules.conflicts(larger, {}))
    try:
        return plan.build(answers), plan.build(larger)
    except ModelkeelError as error:
        assume(
            any(word in str(error) for word in ("on offer", "more than one endpoint", "more addresses", "too small"))
        )
        assume(False)
        raise


def row(made: plan.Plan, key: str) -> Instance:
    return instances()[made.value(key).removeprefix("ml.")]


def training(made: plan.Plan) -> dict[str, float]:
    """Return what training has: GPU memory or memory in all, GPUs' work, USD an hour."""
    found, count = row(made, "training_instance_type"), made.value("training_instance_count")
    return {
        "memory_gib": count * (found.gpus * found.gpu_memory_gib or found.memory_gib),
        "usd_per_hour": count * (found.usd_per_hour or 0.0),
    }


def serving(made: plan.Plan) -> dict[str, float]:
    """Return what production serves with at least."""
    found, count = row(made, "serving_instance_type"), made.value("serving_min_instances")["prod"]
    each = made.value("autoscaling_target_per_minute")
    return {"capacity": count * each, "usd_per_hour": count * (found.usd_per_hour or 0.0)}


@often
@given(sized(serving_mode=("none",)), st.floats(1.01, 4.0))
def test_more_parameters_never_train_with_less_nor_for_less(answers: Answers, times: float) -> None:
    """A price is an hour's of all machines; a model that nothing holds is refused."""
    first, second = pair(answers, model_params_b=answers.model_params_b * times)

    assert training(first)["usd_per_hour"] <= training(second)["usd_per_hour"]
    assert state(first) <= state(second)


def state(made: plan.Plan) -> float:
    """Return the GiB of state that the chosen machines hold at least."""
    (decision,) = [each for each in made.decisions if each.key == "training_instance_type"]
    return float(decision.formula.removeprefix("state ").split(" GiB")[0])


@often
@given(sized(serving_mode=("none",)), st.floats(0.01, 20.0))
def test_more_tokens_never_train_for_less(answers: Answers, more: float) -> None:
    first, second = pair(answers, training_tokens_b=answers.training_tokens_b + more)

    assert training(first)["usd_per_hour"] <= training(second)["usd_per_hour"]


@often
@given(sized(serving_mode=("none",)), st.integers(1, 60_000))
def test_a_longer_context_never_trains_for_less(answers: Answers, more: int) -> None:
    first, second = pair(answers, context_tokens=answers.context_tokens + more)

    assert training(first)["usd_per_hour"] <= training(second)["usd_per_hour"]


@often
@given(sized(serving_mode=("realtime",), training_tokens_b=0.0), st.floats(1.01, 4.0))
def test_more_parameters_never_serve_for_less(answers: Answers, times: float) -> None:
    first, second = pair(answers, model_params_b=answers.model_params_b * times)

    assert serving(first)["usd_per_hour"] <= serving(second)["usd_per_hour"]


@often
@given(sized(serving_mode=("realtime",), training_tokens_b=0.0), st.integers(1, 30_000))
def test_a_longer_context_never_serves_for_less(answers: Answers, more: int) -> None:
    first, second = pair(answers, context_tokens=answers.context_tokens + more)

    assert serving(first)["usd_per_hour"] <= serving(second)["usd_per_hour"]


@often
@given(sized(serving_mode=("realtime",), training_tokens_b=0.0), st.sampled_from(ALL), st.integers(1, 500))
def test_more_requests_never_give_less_capacity_nor_a_lower_price(answers: Answers, family: str, more: int) -> None:
    base = Answers.model_validate({**answers.model_dump(), "model_family": family})
    first, second = pair(base, peak_rps=answers.peak_rps + more)

    assert serving(first)["usd_per_hour"] <= serving(second)["usd_per_hour"]
    assert serving(first)["capacity"] <= serving(second)["capacity"]


@often
@given(sized(serving_mode=("realtime",)), st.integers(1, 50))
def test_more_jobs_at_once_never_ask_for_fewer_addresses(answers: Answers, more: int) -> None:
    first, second = pair(answers, concurrent_jobs=answers.concurrent_jobs + more)

    assert prefix(first) >= prefix(second)


def prefix(made: plan.Plan) -> int:
    return min(int(block.rpartition("/")[2]) for block in made.value("networks").values())


@often
@given(sized(serving_mode=("batch",)), st.sampled_from(ALL), st.integers(1, 100_000))
def test_more_data_is_never_read_with_less_nor_for_less(answers: Answers, family: str, more: int) -> None:
    base = Answers.model_validate({**answers.model_dump(), "model_family": family, "model_params_b": 0.1})
    first, second = pair(base, training_data_gib=min(100_000, base.training_data_gib + more))

    assert first.value("scoring_instances") <= second.value("scoring_instances")
    assert first.value("training_volume_gib") * first.value("training_instance_count") <= (
        second.value("training_volume_gib") * second.value("training_instance_count")
    )
    assert training(first)["usd_per_hour"] <= training(second)["usd_per_hour"]


@often
@given(sized(ingestion=("kinesis",)), st.integers(1, 10_000_000))
def test_more_events_never_give_a_smaller_stream(answers: Answers, more: int) -> None:
    first, second = pair(answers, events_per_sec=min(10_000_000, answers.events_per_sec + more))

    assert shards(first) <= shards(second)


def shards(made: plan.Plan) -> int:
    return max(each.config["data:stream_shards"] for each in made.stacks if each.program == "data")


@pytest.mark.parametrize("family", LLM)
def test_parameters_are_dearer_step_by_step_over_the_whole_range(family: str) -> None:
    """In us-east-1, from half a billion to what fits: no step is cheaper than the one before."""
    path = ROOT / "examples/llm_finetune_serve/answers.yml"
    base = loading.load(path, data=["serving_mode=none", f"model_family={family}", "training_tokens_b=0"])
    before = 0.0
    for size in (0.5, 1, 2, 3, 5, 7, 8, 10, 13, 20, 30, 34, 40, 70, 100, 130, 180):
        try:
            made = plan.build(base.model_copy(update={"model_params_b": float(size)}))
        except ModelkeelError:
            break
        now = training(made)["usd_per_hour"]
        assert before <= now, size
        before = now
    assert before > 0
