"""From requests a second to instances."""

from __future__ import annotations

import math
from dataclasses import dataclass

from modelkeel.answers.model import Answers
from modelkeel.answers.training import LLM
from modelkeel.errors import usage_error
from modelkeel.plan import language_serving
from modelkeel.tables.instance import Instance, offered
from modelkeel.tables.throughput import throughputs

HEADROOM = 0.6
SAFETY_FACTOR = 0.5
MEMORY_SHARE = 0.5
ANSWER_SHARE = 2 / 3
LEAST_MODEL_GIB = 1.0
GPU_FAMILIES = ("g6", "g5", "g6e", "g7e", "p4d", "p4de", "p5", "p5en", "p6-b200", "p6-b300")


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """An instance type, the requests a second that it is assumed to answer, the models that it holds at once."""

    row: Instance
    requests_per_second: float
    formula: str
    source: str
    models: int = 1


def instances_needed(peak_rps: int, rps_per_instance: float) -> int:
    """Return instances that carry the peak at 60 % use: ceil(peak_rps / (rps_per_instance * 0.6))."""
    return max(1, math.ceil(peak_rps / (rps_per_instance * HEADROOM)))


def least_instances(needed: int, zones: int, availability: str) -> int:
    """Return the least fleet; from 99.9 % on it carries the peak with one zone lost: ceil(n * zones / (zones - 1))."""
    if availability == "dev":
        return needed
    if availability == "99.0":
        return max(2, needed)
    return max(2, math.ceil(needed * zones / (zones - 1)))


def scaling_target(rps_per_instance: float) -> int:
    """Return invocations a minute and instance at which the fleet grows: MAX_RPS * SAFETY_FACTOR * 60."""
    return max(1, math.floor(rps_per_instance * SAFETY_FACTOR * 60))


def carriers(answers: Answers, use: str) -> list[Carrier]:
    """Return the instances worth scaling out on for `use` (hosting, transform), smallest first.

    Small models: one family, at most 8 vCPUs or one GPU. Language models: every machine that holds one replica,
    the cheapest machine first.

    Raises:
        ModelkeelError: the Region offers nothing that serves the model.
    """
    found = _language(answers, use) if answers.model_family in LLM else _small(answers, use)
    if found:
        return found
    if answers.model_family in LLM and (patient := _language(answers, use, math.inf)):
        raise _too_fast(answers, patient)
    families = GPU_FAMILIES if answers.model_family in LLM else _families(answers)
    raise usage_error(
        f"no {use} instance that holds the model is on offer in {answers.region}",
        got=f"regions: {answers.region}, model_family: {answers.model_family}"
        + (f", model_params_b: {answers.model_params_b:g}" if answers.model_params_b else ""),
        allowed=_largest(answers, use) or "a Region with one of " + ", ".join(families),
        fix="a smaller model or context, several projects, or another Region",
    )


def answer_seconds(answers: Answers, use: str = "hosting") -> float:
    """Return the seconds that a language model has for a whole answer; none are set where nobody waits for all of it.

    A third of p99_ms is left to the network. Whoever reads a stream, a file or a queue waits for no whole answer.
    """
    waits = use == "hosting" and "realtime" in answers.serving_mode and "streaming" not in answers.serving_mode
    return answers.p99_ms / 1000 * ANSWER_SHARE if waits else math.inf


def _too_fast(answers: Answers, patient: list[Carrier]) -> Exception:
    rows = [carrier.row for carrier in patient]
    least = min(language_serving.least_seconds(row, answers.model_params_b, answers.context_tokens) for row in rows)
    return usage_error(
        f"no instance on offer in {answers.region} writes a whole answer within p99_ms",
        got=f"p99_ms={answers.p99_ms}, model_params_b={answers.model_params_b:g}",
        allowed=f"{math.ceil(least / ANSWER_SHARE * 1000):,} ms or more for {language_serving.OUTPUT_TOKENS} tokens",
        fix="a larger p99_ms; or a smaller model; or streaming in serving_mode, where callers read the first words"
        " at once",
    )


def _largest(answers: Answers, use: str) -> str:
    """Say how large a language model the Region serves; nothing where it has no GPU, or the size is not the matter."""
    if answers.model_family not in LLM:
        return ""
    sizes = (1, 3, 7, 13, 30, 70, 130, 180, 405, 700, 1000, 1500)
    fitting = [size for size in sizes if _language(answers.model_copy(update={"model_params_b": float(size)}), use)]
    context = f" with a context of {answers.context_tokens:,} tokens"
    return f"about {max(fitting)} billion parameters on one machine{context}" if fitting else ""


def _families(answers: Answers) -> tuple[str, ...]:
    rates = throughputs()[answers.model_family]
    return (*rates.cpu_families, *rates.gpu_families)


def _small(answers: Answers, use: str) -> list[Carrier]:
    rates, on_offer = throughputs()[answers.model_family], offered(use, answers.region)
    need = answers.model_params_b * 2.0 / MEMORY_SHARE
    for family in _families(answers):
        rows = [
            row
            for row in on_offer
            if row.family == family
            and row.vcpus <= 8
            and row.gpus <= 1
            and row.usd_per_hour is not None
            and (row.gpu_memory_gib or row.memory_gib) >= need
        ]
        if rows:
            cheapest = {_rate(answers, row): row for row in sorted(rows, key=lambda row: -(row.usd_per_hour or 0.0))}
            return [
                Carrier(
                    row=row,
                    requests_per_second=_rate(answers, row),
                    formula=f"{_rate(answers, row):g} requests/s an instance assumed"
                    f" ({rates.requests_per_second_per_gpu or rates.requests_per_second_per_vcpu} a"
                    f" {'GPU' if row.gpus else 'vCPU'})",
                    source="tables/throughput.toml: an assumption, to be replaced by a load test",
                    models=_models(row, answers.model_params_b),
                )
                for _, row in sorted(cheapest.items())
            ]
    return []


def _models(row: Instance, parameters_b: float) -> int:
    """Return small models that one instance holds: half of its memory, a GiB or 2 bytes a parameter for each."""
    memory = row.gpu_memory_gib or row.memory_gib
    return max(1, math.floor(MEMORY_SHARE * memory / max(LEAST_MODEL_GIB, 2.0 * parameters_b)))


def _rate(answers: Answers, row: Instance) -> float:
    rates = throughputs()[answers.model_family]
    return float(row.gpus * rates.requests_per_second_per_gpu or row.vcpus * rates.requests_per_second_per_vcpu)


def _language(answers: Answers, use: str, seconds: float | None = None) -> list[Carrier]:
    size, context = answers.model_params_b, answers.context_tokens
    seconds = answer_seconds(answers, use) if seconds is None else seconds
    fits = [
        replica
        for row in offered(use, answers.region)
        if row.family in GPU_FAMILIES and row.usd_per_hour is not None
        if (replica := language_serving.replica_of(row, size, context, seconds)) is not None
    ]
    return [
        Carrier(
            row=replica.row,
            requests_per_second=replica.requests_per_second,
            formula=language_serving.formula(replica, size, context),
            source=language_serving.SOURCE,
            models=replica.replicas,
        )
        for replica in fits
    ]
