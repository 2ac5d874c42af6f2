"""Settings of each way of serving, and the environment that serves in several of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stacks_models.model_project import BATCH, recorded

from modelkeel.graph import Graph

SIZES: dict[str, dict[str, Any]] = {
    "realtime": {},
    "multi_model": {
        "multi_model_instance_type": "ml.c7i.2xlarge",
        "multi_model_instance_count": 2,
        "multi_model_image_tag": "1.0.0",
    },
    "async": {
        "async_instance_type": "ml.g5.xlarge",
        "async_instance_count": 2,
        "async_min_capacity": 0,
        "async_max_capacity": 3,
    },
    "serverless": {"serverless_memory_mb": 3072, "serverless_max_concurrency": 20},
    "inference_components": {
        "inference_components_instance_type": "ml.g6e.2xlarge",
        "inference_components_memory_mb": 40_000,
    },
    "batch": {key: value for key, value in BATCH.items() if key != "modes"},
}
MODES = tuple(SIZES)


def served(*modes: str, approved: bool = True, fidelity: str = "simulate", **serving: Any) -> Graph:
    """Return the graph of an environment that serves in `modes`; `serving` are further keys of the program."""
    sizes = {key: value for mode in modes for key, value in SIZES[mode].items()}
    isolated = {"network_isolation": False} if "serverless" in modes else {}
    waiting = {} if approved else {"model_package_arn": None}
    return recorded(
        fidelity,
        platform={"compliance": []} if "serverless" in modes else {},
        serving={"modes": list(modes), **sizes, **isolated, **waiting, **serving},
        monitoring={"serving_modes": list(modes), **_drift(modes)},
    )


def _drift(modes: Sequence[str]) -> dict[str, Any]:
    captured = [mode for mode in modes if mode in {"realtime", "multi_model", "async", "batch"}]
    return {f"{mode}_drift_schedule_expression": "cron(30 7 * * ? *)" for mode in captured[1:]}
