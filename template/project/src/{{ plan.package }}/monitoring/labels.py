"""Labels as they arrive: late, twice, broken, or of something that nobody was asked about. None is lost in silence."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ..problem import DataRefusedError

_log = logging.getLogger(__name__)
REASON = "left_out_because"


@dataclass(frozen=True)
class Labels:
    """`rows` may be joined; `left_out` are all others, each with its reason, for whoever owns the source."""

    rows: pd.DataFrame
    left_out: pd.DataFrame

    def count(self, reason: str) -> int:
        """How many were left out for `reason`."""
        return int((self.left_out[REASON] == reason).sum())


REFUSED, DUPLICATE, UNKNOWN = "a value is missing", "a newer label of the same id", "nobody was asked about it"


def clean(
    labels: pd.DataFrame, *, key: str, reported: str, required: Sequence[str], about: str, asked: pd.Series
) -> Labels:
    """Keep the newest whole label of each `key` whose column `about` is among what was `asked` about.

    A label with a report is newer than one without; of several reports the last one holds.

    Raises:
        DataRefusedError: a column is missing: the source changed, and every label would be read wrongly.
    """
    missing = sorted({key, reported, about, *required} - set(labels.columns))
    if missing:
        raise DataRefusedError(
            "the labels are not those of the contract",
            got=f"no column {', '.join(missing)}",
            allowed=", ".join(sorted({key, reported, about, *required})),
            fix="agree the change with the owner of the labels; they are read again when the window is judged again",
        )
    whole = labels[[key, about, *required]].notna().all(axis=1)
    ordered = labels[whole].sort_values(reported, na_position="first", kind="stable")
    older = ordered[key].duplicated(keep="last")
    single = ordered[~older]
    known = single[about].isin(asked)
    left_out = pd.concat(
        [
            labels[~whole].assign(**{REASON: REFUSED}),
            ordered[older].assign(**{REASON: DUPLICATE}),
            single[~known].assign(**{REASON: UNKNOWN}),
        ],
        ignore_index=True,
    )
    for reason, count in left_out[REASON].value_counts().items():
        _log.warning("%d of %d labels left out: %s", count, len(labels), reason)
    return Labels(single[known].reset_index(drop=True), left_out)
