"""Splits by time: a model is always judged on days that come after the days it learned from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..problem import DataRefusedError


@dataclass(frozen=True)
class Split:
    """Row ids of three consecutive periods."""

    train: pd.Index
    validation: pd.Index
    holdout: pd.Index


def by_time(times: pd.Series, *, validation_days: int, holdout_days: int, warm_up_days: int = 0) -> Split:
    """Split rows by their time: the last `holdout_days`, the `validation_days` before them, and what is older.

    `times` has the row ids as index. The first `warm_up_days` are left out: features that need a history are not yet
    what they will be.

    Raises:
        DataRefusedError: one of the three periods has no rows.
    """
    day = pd.Timedelta(days=1)
    end = times.max().floor("D") + day
    holdout_from = end - holdout_days * day
    validation_from = holdout_from - validation_days * day
    warm = times >= times.min().floor("D") + warm_up_days * day
    split = Split(
        train=times.index[warm & (times < validation_from)],
        validation=times.index[warm & (times >= validation_from) & (times < holdout_from)],
        holdout=times.index[warm & (times >= holdout_from)],
    )
    empty = [name for name, rows in vars(split).items() if rows.empty]
    if empty:
        raise DataRefusedError(
            "there is too little history to split by time",
            got=f"{(end - times.min().floor('D')).days} days; no rows left for {', '.join(empty)}",
            allowed=f"more than {warm_up_days + validation_days + holdout_days} days",
            fix="take a longer period, or shorten the periods under [training] in settings.toml",
        )
    return split
