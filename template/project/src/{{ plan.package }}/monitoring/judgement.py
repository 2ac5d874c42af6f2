"""What a window of answers turned out to be worth, as summary.json and as the figures that become metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import attribution
from .labels import DUPLICATE, REFUSED, UNKNOWN, Labels

FEWEST = 10
"""Cases that turned out positive below which a figure of quality is chance; it is left out then, never told as 0."""


@dataclass(frozen=True)
class Judgement:
    """`answers` counts all of the window, `by_model` those that the model gave, `judged` those whose truth is known.

    `figures` maps a metric of quality to its value, None where too little is known. `groups` are the ratios of the
    fairness gate with their gap; None where the truth does not tell the groups.
    """

    answers: int
    by_model: int
    judged: int
    labels: Labels
    late: int
    figures: Mapping[str, float | None]
    groups: Sequence[Mapping[str, Any]] | None
    codes: Sequence[Sequence[str]] = ()
    versions: Sequence[str] = ()
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def gap(self) -> float | None:
        """The largest gap between groups; None where no group is large enough to judge."""
        return max((float(row["gap"]) for row in self.groups), default=None) if self.groups else None

    def summary(self, window: str, reference: dict[str, float]) -> dict[str, Any]:
        """The judgement as summary.json; the state machine publishes its figures, and leaves out what is null."""
        return {
            "window": window,
            "records": self.answers,
            "decided_by_model": self.by_model,
            "labelled": self.judged,
            "labelled_share": self.judged / self.by_model if self.by_model else 0.0,
            "unknown_labels": self.labels.count(UNKNOWN),
            "duplicate_labels": self.labels.count(DUPLICATE),
            "refused_labels": self.labels.count(REFUSED),
            "late_labels": self.late,
            "quality": dict(self.figures),
            "bias_gap": self.gap,
            "groups": self.groups,
            "attribution_agreement": attribution.agreement(reference, self.codes),
            "attributions": attribution.shares(self.codes),
            "model_versions": list(self.versions),
            "notes": list(self.notes),
        }
