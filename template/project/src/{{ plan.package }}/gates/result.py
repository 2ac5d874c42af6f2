"""What a gate found, and the stop where one failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..problem import GateFailedError


@dataclass(frozen=True)
class Result:
    """Whether a gate is passed, why in one sentence, and the figures behind it."""

    gate: str
    passed: bool
    why: str
    figures: dict[str, Any] = field(default_factory=dict)


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
