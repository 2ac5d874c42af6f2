"""What decisions cost, in euro: the only place where money is counted."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .settings import Costs

Floats = npt.NDArray[np.float64]


def cost(flagged: npt.NDArray[np.bool_], positive: npt.NDArray[np.bool_], value: Floats, costs: Costs) -> float:
    """What it costs to act on `flagged` when `positive` is the truth and `value` is at stake in each row.

    A missed positive loses the share `costs.loss_share` of its value; each flag costs `costs.per_action`; a flag on a
    negative costs `costs.per_false_alarm` more (a customer turned away); an action saves `costs.saved_share` of what
    a positive would have lost.
    """
    loss = positive * value * costs.loss_share
    kept = np.where(flagged, loss * (1.0 - costs.saved_share), loss)
    acted = flagged * (costs.per_action + ~positive * costs.per_false_alarm)
    return float((kept + acted).sum())


def best_threshold(scores: Floats, positive: npt.NDArray[np.bool_], value: Floats, costs: Costs) -> float:
    """The score from which acting is cheapest on these rows.

    All distinct thresholds are tried at once: with rows sorted by score, the cost at each cut is a running sum. Among
    equals the highest threshold wins, since it troubles fewer people. Act on scores that are at least the threshold.
    """
    order = np.argsort(-scores, kind="stable")
    loss = (positive * value * costs.loss_share)[order]
    change = costs.per_action + ~positive[order] * costs.per_false_alarm - loss * costs.saved_share
    total = np.concatenate([[0.0], np.cumsum(change)])
    ordered = scores[order]
    # A cut between two equal scores cannot be made.
    possible = np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])
    total[~possible] = np.inf
    cut = int(np.argmin(total))
    if cut == 0:
        return float(np.nextafter(ordered[0], np.inf))
    return float(ordered[cut - 1])


def worth_acting(scores: Floats, value: Floats, costs: Costs) -> npt.NDArray[np.bool_]:
    """The rule that looks at each amount: act where the expected saving is more than the expected cost of acting."""
    saving = scores * value * costs.loss_share * costs.saved_share
    return np.asarray(saving > costs.per_action + (1.0 - scores) * costs.per_false_alarm)
