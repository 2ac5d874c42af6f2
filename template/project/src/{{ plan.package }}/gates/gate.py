"""All gates in a row. Each runs, so that a person sees everything that is wrong at once; then any failure stops."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..problem import GateFailedError
from ..settings import Settings
from ..training import baseline
from ..training import train as training
from ..training.model import Model
from ..training.train import Examples
from . import explanation, fairness, quality, robustness
from .result import Result


def run(model: Model, data: Examples, settings: Settings, *, champion: Model | None = None) -> list[Result]:
    """Judge `model` on the holdout period of `data` by every gate."""
    parts = training.split(data, settings)
    held = data.of(parts.holdout)
    simple = baseline.scores(data.of(parts.train), held)
    flagged = model.scores(held.inputs) >= model.threshold
    return [
        *quality.check(model, held, simple, settings, champion=champion),
        fairness.check(held, flagged, settings.gates),
        robustness.check(model, held, settings),
        explanation.check(model, held, settings),
    ]


def evaluation(results: list[Result]) -> dict[str, Any]:
    """The results as evaluation.json, of which the SageMaker pipeline compares one `quality` and `fairness.gap`."""
    figures = {result.gate: result.figures for result in results}
    return {
        "passed": all(result.passed for result in results),
        "quality": figures["quality"],
        "fairness": figures["fairness"],
        "gates": [asdict(result) for result in results],
    }


def enforce(results: list[Result]) -> None:
    """Stop where a gate failed.

    Raises:
        GateFailedError: names every gate that failed, and why.
    """
    failed = [result for result in results if not result.passed]
    if failed:
        raise GateFailedError(
            f"{len(failed)} of {len(results)} gates failed: nothing is registered",
            got="; ".join(f"{result.gate}: {result.why}" for result in failed),
            fix="correct data or features and train again; limits are changed in settings.toml, by review",
        )
