"""The scoring step: a score, a decision and the reasons for it, for one row or for millions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..data import dataset
from ..training.model import Model
from . import reasons, wording

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scorer:
    """A model version ready to answer. From the threshold on it acts; up to `review_band` above, a person looks first.

    `most_reasons` is how many reason codes an answer carries.
    """

    model: Model
    version: str
    review_band: float
    most_reasons: int

    def decide(self, scores: Floats) -> list[str]:
        """The decision for each score."""
        threshold = self.model.threshold
        acts = np.where(scores < threshold + self.review_band, wording.REVIEW, wording.ACT)
        return [str(word) for word in np.where(scores < threshold, wording.PASS, acts)]

    def explain(self, rows: Floats) -> tuple[Floats, list[list[str]]]:
        """Scores and reason codes in one pass over the trees: a score is the sum of its contributions."""
        contributions = self.model.contributions(rows)
        scores = 1.0 / (1.0 + np.exp(-contributions.sum(axis=1)))
        return scores, reasons.codes(contributions, self.model.names, self.most_reasons)

    def table(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Score feature rows in bulk: one row each with score, decision, reason codes and model version.

        Only rows that are acted on get reasons: exact contributions cost a hundred times what a score costs.
        """
        inputs = rows[list(self.model.names)].to_numpy(dtype=np.float64)
        scores = self.model.scores(inputs)
        acted = np.flatnonzero(scores >= self.model.threshold)
        codes = [""] * len(rows)
        if acted.size:
            for row, found in zip(acted.tolist(), self.explain(inputs[acted])[1], strict=True):
                codes[row] = " ".join(found)
        return pd.DataFrame(
            {
                dataset.ID: rows.index,
                "score": scores,
                "decision": self.decide(scores),
                "reasons": codes,
                "model_version": self.version,
            }
        )
