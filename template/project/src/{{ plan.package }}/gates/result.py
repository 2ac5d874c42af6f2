"""What a gate found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Result:
    """Whether a gate is passed, why in one sentence, and the figures behind it."""

    gate: str
    passed: bool
    why: str
    figures: dict[str, Any] = field(default_factory=dict)
