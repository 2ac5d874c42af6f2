"""How often the monitors are right: false alarms on windows where nothing changed, and gates on fair and unfair worlds.

Takes minutes; a demo shows one run, this shows rates: `python -m <package> measure`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pandas as pd

from .. import features
from ..data import dataset
from ..gates import fairness
from ..monitoring import drift
from ..monitoring.metrics import Alarm
from ..settings import Settings
from ..training import train as training
from ..training.model import Model

_MOVES = (0.2, 0.3, 0.6)


@dataclass(frozen=True)
class DriftRates:
    """Of `windows` in which nothing changed: windows beyond a limit, and alarms. Per move: windows until the alarm."""

    windows: int
    beyond: int
    alarms: int
    found_after: dict[float, int | None]


def drift_rates(settings: Settings, *, worlds: int) -> DriftRates:
    """Watch the judged days of `worlds` other worlds with the baseline of one; then of worlds that moved."""
    first = settings.project.seed
    days = settings.training.history_days
    made = dataset.generate(first, days=days)
    data = training.examples(made.events, made.labels)
    model = training.train(data, settings)
    baseline = drift.baseline_of(model, data, settings)
    watch = settings.monitoring
    alarm = Alarm("drift", 0.0, watch.windows_needed, watch.windows_seen)
    windows = beyond = alarms = 0
    for seed in range(first + 1, first + 1 + worlds):
        print(f"... world {seed - first} of {worlds}", file=sys.stderr, flush=True)
        shares = _shares(model, baseline, settings, seed, dataset.Circumstances())
        windows += len(shares)
        beyond += sum(share != 0 for share in shares)
        ringing = [alarm.fires(shares[: end + 1]) for end in range(len(shares))]
        alarms += sum(now and not before for before, now in zip([False, *ringing], ringing, strict=False))
    found = {move: _found_after(model, baseline, settings, alarm, move) for move in _MOVES}
    return DriftRates(windows, beyond, alarms, found)


def _shares(
    model: Model, baseline: pd.DataFrame, settings: Settings, seed: int, what: dataset.Circumstances
) -> list[float | None]:
    """The share of drifted inputs on each day of the validation and holdout periods of another world."""
    days = settings.training.history_days
    events = dataset.generate(seed, days=days, circumstances=what).events
    inputs = features.build(events)
    rows = drift.frame_of(events, inputs, model.scores(inputs))
    number = (rows["time"] - dataset.START) // pd.Timedelta(days=1)
    judged = settings.training.validation_days + settings.training.holdout_days
    return [
        drift.compare(baseline, rows[number == day], str(day), settings.monitoring, seed=day).summary()["drifted_share"]
        for day in range(days - judged, days)
    ]


def _found_after(model: Model, baseline: pd.DataFrame, settings: Settings, alarm: Alarm, move: float) -> int | None:
    """How many windows after the inputs moved the alarm fires; None if it does not."""
    since = settings.training.validation_days
    days = settings.training.history_days
    moved_on = days - settings.training.holdout_days
    what = dataset.Circumstances(drift=move, drift_from_day=moved_on)
    shares = _shares(model, baseline, settings, settings.project.seed - 1, what)
    ends = range(since, len(shares))
    return next((end - since + 1 for end in ends if alarm.fires(shares[since : end + 1])), None)


def fairness_rates(settings: Settings, *, seeds: int, bias: float) -> tuple[int, int]:
    """How many of `seeds` fair worlds fail the fairness gate, and how many unfair ones."""
    days = settings.training.history_days
    until = days - settings.training.holdout_days
    failed = [0, 0]
    first = settings.project.seed + 1000
    for seed in range(first, first + seeds):
        print(f"... fair and unfair world {seed - first + 1} of {seeds}", file=sys.stderr, flush=True)
        for place, share in enumerate((0.0, bias)):
            what = dataset.Circumstances(planted_bias=share, bias_until_day=until)
            made = dataset.generate(seed, days=days, circumstances=what)
            data = training.examples(made.events, made.labels)
            model = training.train(data, settings)
            held = data.of(training.split(data, settings).holdout)
            flagged = model.scores(held.inputs) >= model.threshold
            failed[place] += not fairness.check(held, flagged, settings.gates).passed
    return failed[0], failed[1]
