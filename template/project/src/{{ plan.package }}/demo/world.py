"""The world of the demo: a history to learn from, then days that nobody has seen, whose inputs move on a known day."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .. import features
from ..data import dataset
from ..settings import Settings

DRIFT_AFTER_DAYS = 8
WATCHED_DAYS = 16


@dataclass(frozen=True)
class World:
    """`history` is known before the release, `live` comes after it; `inputs` are the features of both."""

    history: pd.DataFrame
    live: pd.DataFrame
    labels: pd.DataFrame
    oracle: pd.Series
    inputs: pd.DataFrame
    release: pd.Timestamp

    def labels_of(self, events: pd.DataFrame) -> pd.DataFrame:
        """Label records of `events`, as they are in the end."""
        return self.labels[self.labels[dataset.ID].isin(events[dataset.ID])].reset_index(drop=True)

    def day(self, number: int) -> pd.DataFrame:
        """Events of a day after the release, the first being 0."""
        times = self.live[dataset.TIME]
        start = self.release + pd.Timedelta(days=number)
        return self.live[(times >= start) & (times < start + pd.Timedelta(days=1))].reset_index(drop=True)


def make(settings: Settings, *, seed: int, moved: float) -> World:
    """A history of the usual length, and as many days after it as labels need to arrive, and two holdouts."""
    past = settings.training.history_days
    future = dataset.LABEL_WAIT_DAYS + 2 * settings.training.holdout_days
    what = dataset.Circumstances(drift=moved, drift_from_day=past + DRIFT_AFTER_DAYS)
    made = dataset.generate(seed, days=past + future, circumstances=what)
    release = dataset.START + pd.Timedelta(days=past)
    before = made.events[dataset.ARRIVED] < release
    return World(
        history=made.events[before].reset_index(drop=True),
        live=made.events[~before].reset_index(drop=True),
        labels=made.labels,
        oracle=made.oracle,
        inputs=features.build(made.events),
        release=release,
    )
