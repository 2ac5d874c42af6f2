"""The simplest model that a boosted one must beat to be worth its trouble: logistic regression on the same features."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .train import Examples


def scores(learned: Examples, judged: Examples) -> npt.NDArray[np.float64]:
    """Scores of `judged` by a logistic regression fitted on `learned`."""
    baseline = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=500))
    baseline.fit(learned.inputs, learned.truth)
    return np.asarray(baseline.predict_proba(judged.inputs)[:, 1], dtype=np.float64)
